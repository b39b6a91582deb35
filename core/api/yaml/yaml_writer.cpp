// JSON to YAML in the layout of go-yaml v2: the choice between plain, quoted and block text follows
// its emitter's rules.
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "core/api/yaml/text_style.h"
#include "core/api/yaml/yaml.h"

namespace orrery::api {
namespace {

using nlohmann::json;

constexpr std::size_t kSimpleKeyMax = 128;  // longer keys get a line of their own, after "? "

// Go's FormatFloat(f, 'g', -1, 64): an exponent below 1e-4 and from 1e6 on.
std::string real_text(double real) {
  char buffer[64];
  auto r = std::to_chars(buffer, buffer + sizeof buffer, real, std::chars_format::scientific);
  const std::string_view text(buffer, static_cast<std::size_t>(r.ptr - buffer));
  int exponent = 0;
  const std::size_t at = text.find('e') + 2;  // after the sign
  std::from_chars(text.data() + at, text.data() + text.size(), exponent);
  if (text[at - 1] == '-') exponent = -exponent;
  if (exponent < -4 || exponent >= 6) return std::string(text);
  r = std::to_chars(buffer, buffer + sizeof buffer, real, std::chars_format::fixed);
  return {buffer, r.ptr};
}

class YamlWriter {
 public:
  /// The value at the place reached so far; `indent` is that of the container around it.
  void value(const json& value, int indent, bool in_list);
  std::string take() { return std::move(out_); }

 private:
  void map(const json& value, int indent);
  void list(const json& value, int indent);
  void line(int indent) { out_.append(static_cast<std::size_t>(indent), ' '); }

  std::string out_;
};

void YamlWriter::map(const json& value, int indent) {
  std::vector<std::pair<std::string_view, const json*>> members;
  for (auto it = value.begin(); it != value.end(); ++it) members.emplace_back(it.key(), &*it);
  std::stable_sort(members.begin(), members.end(),
                   [](const auto& a, const auto& b) { return natural_less(a.first, b.first); });
  bool first = true;
  for (const auto& [name, member] : members) {
    if (!first) line(indent);
    first = false;
    if (name.size() > kSimpleKeyMax) {
      out_.append("? ").append(yaml_key(name)).append("\n");
      line(indent);
      out_ += ": ";
      this->value(*member, indent, true);
      continue;
    }
    out_ += yaml_key(name);
    out_ += ':';
    const bool nested = member->is_structured() && !member->empty();
    if (!nested) {
      out_ += ' ';
      this->value(*member, indent, false);
    } else if (member->is_array()) {
      out_ += '\n';
      line(indent);
      list(*member, indent);
    } else {
      out_ += '\n';
      line(indent + 2);
      map(*member, indent + 2);
    }
  }
}

void YamlWriter::list(const json& value, int indent) {
  bool first = true;
  for (const json& item : value) {
    if (!first) line(indent);
    first = false;
    out_ += "- ";
    this->value(item, indent, true);
  }
}

// Ends the line.
void YamlWriter::value(const json& value, int indent, bool in_list) {
  if (value.is_structured() && !value.empty()) {
    const int inner = in_list ? indent + 2 : indent;
    return value.is_array() ? list(value, inner) : map(value, inner);
  }
  if (value.is_string()) {
    out_ += yaml_text(value.get_ref<const std::string&>(), indent + 2);
  } else if (value.is_number_float()) {
    out_ += real_text(value.get<double>());
  } else {
    out_ += value.dump();  // null, numbers, booleans, {} and []
  }
  out_ += '\n';
}

}  // namespace

std::string json_to_yaml(const json& value) {
  YamlWriter writer;
  writer.value(value, 0, false);
  return writer.take();
}

}  // namespace orrery::api
