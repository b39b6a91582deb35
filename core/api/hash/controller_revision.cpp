#include "core/api/hash/controller_revision.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "core/api/hash/template_hash.h"

namespace orrery::api {
namespace {

using Json = nlohmann::json;

std::uint32_t fnv1_32(std::string_view text, std::uint32_t sum = 2166136261u) {
  for (const char c : text) sum = sum * 16777619u ^ static_cast<unsigned char>(c);
  return sum;
}

/// Go's encoding/json: HTML-safe, two-letter escapes where it has them.
void append_text(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    switch (c) {
      case '"':
        out += "\\\"";
        continue;
      case '\\':
        out += "\\\\";
        continue;
      case '\b':
        out += "\\b";
        continue;
      case '\f':
        out += "\\f";
        continue;
      case '\n':
        out += "\\n";
        continue;
      case '\r':
        out += "\\r";
        continue;
      case '\t':
        out += "\\t";
        continue;
      default:
        break;
    }
    const std::string_view separator = text.substr(i, 3);
    if (separator == "\xe2\x80\xa8" || separator == "\xe2\x80\xa9") {
      out += separator[2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == '<' || c == '>' || c == '&') {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  out += '"';
}

/// Upstream reads numbers as float64 on the way, so what is beyond 2^53 loses its last digits.
void append_number(std::string& out, const Json& value) {
  constexpr std::int64_t kExactMax = std::int64_t{1} << 53;
  if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    if (number <= kExactMax && number >= -kExactMax) {
      out += std::to_string(number);
      return;
    }
  }
  // Shortest digits d.ddde+XX, then written without an exponent, as Go does below 1e21.
  char buffer[40];
  const char* const end = std::to_chars(buffer, buffer + sizeof buffer, value.get<double>(),
                                        std::chars_format::scientific)
                              .ptr;
  std::string_view shortest(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t e = shortest.find('e');
  int exponent = 0;
  const char* first = shortest.data() + e + 1;
  std::from_chars(*first == '+' ? first + 1 : first, end, exponent);
  if (exponent < 0 || exponent > 20) {
    out += shortest;
    return;
  }
  std::string digits(shortest.substr(0, e));
  if (digits[0] == '-') {
    out += '-';
    digits.erase(0, 1);
  }
  if (digits.size() > 1) digits.erase(1, 1);
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() < whole) digits.resize(whole, '0');
  out += digits.substr(0, whole);
  if (digits.size() > whole) out += "." + digits.substr(whole);
}

void append_json(std::string& out, const Json& value) {
  bool first = true;
  switch (value.type()) {
    case Json::value_t::object:
      out += '{';
      for (const auto& [key, item] : value.items()) {
        if (!first) out += ',';
        first = false;
        append_text(out, key);
        out += ':';
        append_json(out, item);
      }
      out += '}';
      return;
    case Json::value_t::array:
      out += '[';
      for (const Json& item : value) {
        if (!first) out += ',';
        first = false;
        append_json(out, item);
      }
      out += ']';
      return;
    case Json::value_t::string:
      return append_text(out, value.get_ref<const std::string&>());
    case Json::value_t::boolean:
      out += value.get<bool>() ? "true" : "false";
      return;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
      return append_number(out, value);
    default:
      out += "null";
      return;
  }
}

}  // namespace

std::string controller_revision_data(const Json& workload) {
  Json pod_template = Json::object();
  if (workload.is_object() && workload.contains("spec") && workload["spec"].is_object() &&
      workload["spec"].contains("template") && workload["spec"]["template"].is_object()) {
    pod_template = workload["spec"]["template"];
  }
  pod_template["$patch"] = "replace";
  std::string out = R"({"spec":{"template":)";
  append_json(out, pod_template);
  return out += "}}";
}

std::string controller_revision_hash(std::string_view data,
                                     std::optional<std::int32_t> collision_count) {
  std::uint32_t sum = fnv1_32(data);
  if (collision_count) sum = fnv1_32(std::to_string(*collision_count), sum);
  return safe_encode_string(std::to_string(sum));
}

std::string controller_revision_name(std::string_view prefix, std::string_view hash) {
  return fmt::format("{}-{}", prefix.substr(0, 223), hash);
}

}  // namespace orrery::api
