#include "sim/benchmarks/object_template.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/cluster/manifest_check.h"
#include "sim/scenario/document_reader.h"
#include "sim/scenario/input_files.h"

namespace orrery::sim {
namespace {

using nlohmann::json;

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

// The field of this type that the name means: itself, or the one that differs in case only.
std::string field_meant(const api::ApiTable& table, std::size_t type, const std::string& name) {
  if (table.find_field(type, name)) return name;
  for (const api::FieldRow& field : table.fields(table.type(type))) {
    if (same_letters(field.name, name)) return std::string(field.name);
  }
  return name;
}

// encoding/json matches field names without regard to case; so do the files that rely on it.
void fix_case(const api::ApiTable& table, api::TypeUse use, json& value) {
  if (use.shape == api::Shape::kStruct && value.is_object()) {
    json fixed = json::object();
    for (auto& [name, child] : value.items()) {
      const std::string meant = field_meant(table, use.index, name);
      if (const api::FieldRow* field = table.find_field(use.index, meant)) {
        fix_case(table, field->use, child);
      }
      fixed[meant] = std::move(child);
    }
    value = std::move(fixed);
  } else if ((use.shape == api::Shape::kList && value.is_array()) ||
             (use.shape == api::Shape::kMap && value.is_object())) {
    const api::TypeUse element = table.element(use);
    for (json& child : value) fix_case(table, element, child);
  }
}

TemplateValue value_of(const Tree& tree) {
  switch (tree.kind) {
    case Tree::Kind::kBool:
      return TemplateValue::of_bool(tree.boolean);
    case Tree::Kind::kInt:
      return TemplateValue::of_int(tree.integer);
    case Tree::Kind::kFloat:
      return TemplateValue::of_real(tree.real);
    default:
      return TemplateValue::of_text(tree.text);
  }
}

}  // namespace

Result<ObjectTemplate> ObjectTemplate::read(const std::string& file) {
  Result<std::string> text = read_text_file(file);
  if (!text.ok()) return text.status();
  return of_text(*text, file);
}

Result<ObjectTemplate> ObjectTemplate::of_text(std::string_view text, const std::string& file) {
  Result<GoTemplate> parsed = GoTemplate::parse(text, file);
  if (!parsed.ok()) return parsed.status();
  ObjectTemplate out;
  out.file_ = file;
  out.text_ = std::move(*parsed);
  return out;
}

Result<ManifestDocument> ObjectTemplate::document(const TemplateSchema& schema, std::int64_t index,
                                                  std::int64_t count,
                                                  const std::vector<TreeMember>& params) const {
  if (read_) return *read_;
  TemplateValues values;
  for (const TreeMember& m : params) values.emplace_back(m.name, value_of(m.value));
  values.emplace_back("Index", TemplateValue::of_int(index));
  values.emplace_back("Count", TemplateValue::of_int(count));
  Result<std::string> text = text_.render(values);
  if (!text.ok()) return text.status();
  InputErrors errors(file_);
  const std::vector<Tree> trees = read_documents(*text, errors);
  if (!errors.empty()) return errors.status();
  if (trees.size() != 1 || !trees.front().is_map()) {
    return bad_request(file_ + ":1: must be one Kubernetes object");
  }
  const Tree& tree = trees.front();
  json object = to_json(tree);
  const auto text_at = [&](const char* name) {
    return object.contains(name) && object[name].is_string() ? object[name].get<std::string>() : "";
  };
  const std::string version = text_at("apiVersion"), kind = text_at("kind");
  const api::KindInfo* info = schema.kinds.find(version, kind);
  if (!info) {
    return bad_request(fmt::format("{}:{}: no matches for kind \"{}\" in version \"{}\"", file_,
                                   tree.line, kind, version));
  }
  const int type =
      schema.table.find_kind_type(info->group.view(), info->version.view(), info->kind.view());
  if (type >= 0) {
    const api::TypeUse use{api::Shape::kStruct, static_cast<std::uint16_t>(type)};
    fix_case(schema.table, use, object);
  }
  ManifestDocument out;
  out.json = std::make_shared<const json>(std::move(object));
  out.file = file_;
  out.document = 1;
  out.line = tree.line;
  out.lines = LineIndex(tree);
  if (text_.is_static()) read_ = out;
  return out;
}

Status check_object(const TemplateSchema& schema, const ManifestDocument& document) {
  // The server makes a name of generateName before it validates.
  json named = *document.json;
  json& meta = named["metadata"];
  if (meta.is_object() && !meta.contains("name") && meta.contains("generateName") &&
      meta["generateName"].is_string()) {
    meta["name"] = meta["generateName"].get<std::string>() + "x";
  }
  ManifestDocument checked = document;
  checked.json = std::make_shared<const json>(std::move(named));
  const std::vector<std::string> errors = check_manifests(schema.kinds, schema.table, {checked});
  if (errors.empty()) return Status();
  return Status(Reason::kInvalid, fmt::format("{}", fmt::join(errors, "\n")));
}

}  // namespace orrery::sim
