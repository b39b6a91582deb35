#include "core/api/hash/template_layout.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "core/api/hash/template_types.h"

namespace orrery::api {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

/// Name -> name, FSType -> fsType, UID -> uid.
std::string json_name(std::string_view go_name) {
  std::size_t upper = 0;
  while (upper < go_name.size() && is_upper(go_name[upper])) ++upper;
  if (upper > 1 && upper < go_name.size()) --upper;
  std::string out(go_name);
  for (std::size_t i = 0; i < upper; ++i) out[i] = static_cast<char>(out[i] - 'A' + 'a');
  return out;
}

/// The type as Go's reflection prints it.
std::string go_type(std::string_view name) {
  if (name == "strings") return "map[string]string";
  const bool builtin = name == "string" || name == "bool" || name == "int32" || name == "int64";
  const bool qualified = name.find('.') != std::string_view::npos;
  return (builtin || qualified ? "" : "v1.") + std::string(name);
}

void set_kind(std::string_view type, TemplateField& field) {
  using Kind = TemplateField::Kind;
  struct Special {
    std::string_view type;
    Kind kind;
  };
  constexpr Special kSpecial[] = {{"bool", Kind::kBool},
                                  {"int32", Kind::kInt},
                                  {"int64", Kind::kInt},
                                  {"strings", Kind::kTextMap},
                                  {"ResourceList", Kind::kResourceList},
                                  {"Time", Kind::kTime},
                                  {"resource.Quantity", Kind::kQuantity},
                                  {"intstr.IntOrString", Kind::kIntOrString}};
  for (const Special& s : kSpecial) {
    if (s.type == type) {
      field.kind = s.kind;
      return;
    }
  }
  const auto types = template_types();
  const auto row = std::find_if(types.begin(), types.end(),
                                [&](const TemplateType& t) { return t.name == type; });
  if (row == types.end()) return;
  field.kind = Kind::kStruct;
  field.structure = static_cast<std::size_t>(row - types.begin());
}

/// `text` is "Field=jsonName Type".
TemplateField compile_field(std::string_view text, bool first) {
  const std::size_t space = text.find(' ');
  std::string_view name = text.substr(0, space);
  std::string_view type = text.substr(space + 1);
  TemplateField out;
  const std::size_t equals = name.find('=');
  if (equals == std::string_view::npos) {
    out.json_key = json_name(name);
  } else {
    const std::string_view json = name.substr(equals + 1);
    if (json != ".") out.json_key = std::string(json);
    name = name.substr(0, equals);
  }
  std::string marks;
  if (type.starts_with('*')) {
    out.shape = TemplateField::Shape::kPointer;
    marks = "*";
  } else if (type.starts_with("[]")) {
    out.shape = TemplateField::Shape::kSlice;
    marks = "[]";
  }
  type.remove_prefix(marks.size());
  set_kind(type, out);
  out.prefix =
      std::string(first ? "" : " ") + std::string(name) + ":(" + marks + go_type(type) + ")";
  return out;
}

TemplateLayout compile() {
  TemplateLayout out;
  for (const TemplateType& type : template_types()) {
    std::vector<TemplateField>& fields = out.structures.emplace_back();
    std::string_view rest = type.fields;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(", "), rest.size());
      fields.push_back(compile_field(rest.substr(0, end), fields.empty()));
      rest.remove_prefix(std::min(end + 2, rest.size()));
    }
  }
  return out;
}

}  // namespace

const TemplateLayout& template_layout() {
  static const TemplateLayout layout = compile();
  return layout;
}

}  // namespace orrery::api
