#include "core/api/schema/go_print.h"

#include <charconv>
#include <nlohmann/json.hpp>

namespace orrery::api {
namespace {

using nlohmann::json;

void print(const json& value, std::string& out) {
  const char* separator = "";
  switch (value.type()) {
    case json::value_t::object:
      out += "map[";
      for (const auto& [key, member] : value.items()) {
        out.append(separator).append(key).push_back(':');
        print(member, out);
        separator = " ";
      }
      out += ']';
      break;
    case json::value_t::array:
      out += '[';
      for (const json& element : value) {
        out += separator;
        print(element, out);
        separator = " ";
      }
      out += ']';
      break;
    case json::value_t::string:
      out += value.get_ref<const std::string&>();
      break;
    case json::value_t::null:
      out += "<nil>";
      break;
    case json::value_t::number_float:
      out += go_float(value.get<double>());
      break;
    default:
      out += value.dump();
  }
}

}  // namespace

std::string go_print(const json& value) {
  std::string out;
  print(value, out);
  return out;
}

std::string go_type_of(const json& value) {
  if (value.is_object()) return "map[string]interface {}";
  if (value.is_array()) return "[]interface {}";
  return value.is_null() ? "<nil>" : go_kind_of(value);
}

std::string go_kind_of(const json& value) {
  switch (value.type()) {
    case json::value_t::object:
      return "map";
    case json::value_t::array:
      return "slice";
    case json::value_t::string:
      return "string";
    case json::value_t::boolean:
      return "bool";
    case json::value_t::number_float:
      return "float64";
    case json::value_t::null:
      return "invalid";
    default:
      return "int64";
  }
}

std::string go_json_type_of(const json& value) {
  switch (value.type()) {
    case json::value_t::object:
      return "object";
    case json::value_t::array:
      return "array";
    case json::value_t::string:
      return "string";
    case json::value_t::boolean:
      return "bool";
    case json::value_t::null:
      return "null";
    default:
      return "number";
  }
}

std::string go_float(double number) {
  const double size = number < 0 ? -number : number;
  const bool plain = size == 0 || (size >= 1e-4 && size < 1e21);
  char buffer[64];
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, number, format);
  return std::string(buffer, result.ptr);
}

}  // namespace orrery::api
