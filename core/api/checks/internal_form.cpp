#include "core/api/checks/internal_form.h"

#include <algorithm>
#include <cstddef>

#include "core/api/checks/internal_types.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

using Ordered = nlohmann::ordered_json;

std::string_view row_of(std::string_view type) {
  const auto find = [type](const auto& rows) -> std::string_view {
    for (const std::string_view row : rows) {
      if (row.starts_with(type) && row.size() > type.size() && row[type.size()] == ' ') {
        return row.substr(type.size() + 1);
      }
    }
    return {};
  };
  const std::string_view row = find(kInternalTypes);
  return row.empty() ? find(kMoreInternalTypes) : row;
}

struct Field {
  std::string go_name, json_name;
  std::string_view kind;
};

Field parse_field(std::string_view word) {
  const std::size_t colon = word.find(':');
  Field field;
  field.go_name = word.substr(0, colon);
  field.kind = word.substr(colon + 1);
  const std::size_t at = field.kind.find('@');
  if (at == std::string_view::npos) {
    field.json_name = field.go_name;
    char& first = field.json_name.front();
    first = first >= 'A' && first <= 'Z' ? static_cast<char>(first - 'A' + 'a') : first;
  } else {
    field.json_name = field.kind.substr(at + 1);
    field.kind = field.kind.substr(0, at);
  }
  return field;
}

Ordered struct_form(std::string_view type, const Json& value);

Ordered field_form(std::string_view kind, const Json* value) {
  switch (kind.front()) {
    case 's':
      if (kind.size() == 1) return value ? Ordered(as_text(*value)) : Ordered("");
      break;
    case 'i':
      if (kind.size() == 1) return value ? Ordered(*value) : Ordered(0);
      break;
    case 'b':
      if (kind.size() == 1) return value ? Ordered(*value) : Ordered(false);
      break;
    case '?':
      return value ? Ordered(*value) : Ordered();
    case 'L':
      if (kind.size() == 1) return Ordered::parse(selector_text(value));
      break;
    case '*':
      return value ? struct_form(kind.substr(1), *value) : Ordered();
    case '[': {
      if (!value || !value->is_array()) return {};
      Ordered list = Ordered::array();
      for (const Json& item : *value) list.push_back(struct_form(kind.substr(1), item));
      return list;
    }
    default:
      break;
  }
  return struct_form(kind, value ? *value : empty_object());
}

Ordered struct_form(std::string_view type, const Json& value) {
  Ordered out = Ordered::object();
  std::string_view row = row_of(type);
  while (!row.empty()) {
    const std::size_t space = row.find(' ');
    const Field field = parse_field(row.substr(0, space));
    out[field.go_name] = field_form(field.kind, member(value, field.json_name.c_str()));
    row.remove_prefix(space == std::string_view::npos ? row.size() : space + 1);
  }
  return out;
}

// encoding/json escapes what could end an HTML script.
std::string html_safe(std::string text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "\\u003c";
    } else if (c == '>') {
      out += "\\u003e";
    } else if (c == '&') {
      out += "\\u0026";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace

std::string internal_text(std::string_view type, const Json* value) {
  return value ? html_safe(struct_form(type, *value).dump()) : "null";
}

std::string internal_lines(std::string_view type, const Json* value) {
  return value ? html_safe(struct_form(type, *value).dump(1)) : "null";
}

Json internal_pod_spec(const Json& spec) {
  Json out = spec;
  if (!out.is_object()) return out;
  Json& context = make_object(out, "securityContext");
  for (const char* key :
       {"hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"}) {
    if (const Json* value = member(out, key)) context[key] = *value;
  }
  return out;
}

}  // namespace orrery::api
