// Reads the text form of the table. Two passes: the first makes the rows and collects the type
// names, the second resolves each field's type to an index.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/api/schema/api_table.h"
#include "core/api/schema/api_table_text.h"

namespace orrery::api {
namespace {

std::string_view take_word(std::string_view& rest, char separator = ' ') {
  const std::size_t end = rest.find(separator);
  const std::string_view word = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return word;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view or_empty(std::string_view word) { return word == "-" ? std::string_view{} : word; }

std::optional<Shape> scalar_shape(std::string_view name) {
  static constexpr std::pair<std::string_view, Shape> kScalars[] = {
      {"string", Shape::kString},     {"bool", Shape::kBool},
      {"int32", Shape::kInt32},       {"int64", Shape::kInt64},
      {"double", Shape::kDouble},     {"bytes", Shape::kBytes},
      {"time", Shape::kTime},         {"microtime", Shape::kMicroTime},
      {"quantity", Shape::kQuantity}, {"intOrString", Shape::kIntOrString},
      {"raw", Shape::kOpaque},
  };
  for (const auto& [text, shape] : kScalars) {
    if (text == name) return shape;
  }
  return std::nullopt;
}

struct KeyValue {
  std::string_view key, value;
};

KeyValue key_value(std::string_view word) {
  const std::size_t eq = word.find('=');
  if (eq == std::string_view::npos) return {word, {}};
  return {word.substr(0, eq), word.substr(eq + 1)};
}

}  // namespace

class ApiTableReader {
 public:
  Result<ApiTable> read(std::string_view text);

 private:
  struct Embedding {
    std::vector<std::uint16_t> numbers;
    std::string_view name;
  };

  bool read_line(std::string_view line);
  bool read_package(std::string_view rest);
  bool read_type(std::string_view rest);
  bool read_union(std::string_view text);
  bool read_field(std::string_view line);
  bool read_field_flag(FieldRow& field, KeyValue flag);
  bool read_patch_strategy(FieldRow& field, std::string_view text);
  bool read_resource(std::string_view rest);
  bool read_subresource(std::string_view rest);
  bool read_column(std::string_view rest);
  bool read_numbers(std::string_view text, std::vector<std::uint16_t>& out);
  bool resolve_all();
  std::optional<TypeUse> resolve(std::string_view text, std::string_view package);
  std::uint16_t intern(TypeUse use);
  bool fail(std::string why);

  ApiTable table_;
  std::vector<std::pair<std::string_view, std::string_view>> packages_;  // short, full
  std::vector<Embedding> embeddings_;                                    // of the current type
  std::string error_;
  bool in_resource_ = false;
};

bool ApiTableReader::fail(std::string why) {
  error_ = std::move(why);
  return false;
}

Result<ApiTable> ApiTableReader::read(std::string_view text) {
  table_.types_.reserve(640);
  table_.fields_.reserve(2600);
  int number = 0;
  while (!text.empty()) {
    const std::string_view line = take_word(text, '\n');
    ++number;
    if (line.empty() || line.front() == '#') continue;
    if (!read_line(line)) {
      return bad_request(fmt::format("API table line {}: {}", number, error_));
    }
  }
  if (!resolve_all()) return bad_request(fmt::format("API table: {}", error_));
  return std::move(table_);
}

bool ApiTableReader::read_line(std::string_view line) {
  if (line.front() == ' ') {
    if (!in_resource_) return read_field(line.substr(1));
    std::string_view rest = line.substr(1);
    const std::string_view word = take_word(rest);
    if (word == "sub") return read_subresource(rest);
    if (word == "column") return read_column(rest);
    return fail(fmt::format("\"{}\" is not sub or column", word));
  }
  const std::string_view word = take_word(line);
  if (word == "type") return read_type(line);
  if (word == "resource") return read_resource(line);
  if (word == "package") return read_package(line);
  if (word == "kubernetes") {
    table_.version_ = line;
    return true;
  }
  return fail(fmt::format("\"{}\" is not type, resource, package or kubernetes", word));
}

bool ApiTableReader::read_package(std::string_view rest) {
  const std::string_view name = take_word(rest);
  if (name.empty() || rest.empty()) return fail("a package needs a short and a full name");
  packages_.emplace_back(name, rest);
  return true;
}

bool ApiTableReader::read_type(std::string_view rest) {
  in_resource_ = false;
  embeddings_.clear();
  TypeRow row;
  const std::string_view short_name = take_word(rest);
  const std::size_t dot = short_name.find('.');
  if (dot == std::string_view::npos) return fail("a type needs the form package.Name");
  row.package = short_name.substr(0, dot);
  row.name = short_name.substr(dot + 1);
  for (const auto& [name, full] : packages_) {
    if (name == row.package) row.full_name = fmt::format("{}.{}", full, row.name);
  }
  if (row.full_name.empty()) return fail(fmt::format("unknown package \"{}\"", row.package));
  row.fields_begin = static_cast<std::uint32_t>(table_.fields_.size());
  table_.type_by_short_name_.emplace(short_name, static_cast<std::uint32_t>(table_.types_.size()));
  table_.types_.push_back(std::move(row));
  while (!rest.empty()) {
    TypeRow& type = table_.types_.back();
    const auto [key, value] = key_value(take_word(rest));
    if (key == "gvk") {
      const auto parts = split(value, '/');
      if (parts.size() != 3) return fail("gvk needs the form group/version/kind");
      type.has_kind = true;
      type.group = parts[0];
      type.version = parts[1];
      type.kind = parts[2];
    } else if (key == "scalar") {
      type.scalar = value;
    } else if (key == "format") {
      type.format = value;
    } else if (key == "map") {
      type.map_type = value;
    } else if (key == "union") {
      if (!read_union(value)) return false;
    } else if (key == "embeds") {
      std::string_view names = value;
      Embedding embedding;
      if (!read_numbers(take_word(names, ':'), embedding.numbers)) return false;
      embedding.name = names;
      embeddings_.push_back(std::move(embedding));
    } else {
      return fail(fmt::format("unknown type flag \"{}\"", key));
    }
  }
  return true;
}

bool ApiTableReader::read_union(std::string_view text) {
  UnionRow row;
  row.discriminator = take_word(text, ':');
  for (const std::string_view member : split(text, ',')) {
    const std::size_t arrow = member.find('>');
    if (arrow == std::string_view::npos) return fail("a union member needs the form field>Value");
    row.members.emplace_back(member.substr(0, arrow), member.substr(arrow + 1));
  }
  table_.types_.back().unions.push_back(std::move(row));
  return true;
}

bool ApiTableReader::read_numbers(std::string_view text, std::vector<std::uint16_t>& out) {
  for (const std::string_view part : split(text, ',')) {
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc() || end != part.data() + part.size()) {
      return fail(fmt::format("\"{}\" is not a protobuf number", part));
    }
    out.push_back(number);
  }
  return true;
}

bool ApiTableReader::read_field(std::string_view line) {
  if (table_.types_.empty()) return fail("a field before the first type");
  FieldRow field;
  field.name = take_word(line);
  field.use_text = take_word(line);
  const std::string_view numbers = take_word(line);
  if (field.use_text.empty() || numbers.empty()) return fail("a field needs name, type and number");
  if (numbers != "-" && !read_numbers(numbers, field.path)) return false;
  for (const Embedding& e : embeddings_) {  // outer ones come first
    if (field.path.size() > e.numbers.size() &&
        std::equal(e.numbers.begin(), e.numbers.end(), field.path.begin())) {
      field.embedded.append(e.name).push_back('.');
    }
  }
  while (!line.empty()) {
    if (line.starts_with("default=")) {  // JSON may hold spaces: to the end of the line
      field.default_json = line.substr(8);
      break;
    }
    if (!read_field_flag(field, key_value(take_word(line)))) return false;
  }
  TypeRow& type = table_.types_.back();
  if (type.fields_count > 0 && table_.fields_.back().name >= field.name) {
    return fail(fmt::format("field \"{}\" is not in order", field.name));
  }
  ++type.fields_count;
  table_.fields_.push_back(std::move(field));
  return true;
}

bool ApiTableReader::read_field_flag(FieldRow& field, KeyValue flag) {
  const auto [key, value] = flag;
  if (key == "required") {
    field.required = true;
  } else if (key == "pointer") {
    field.pointer = true;
  } else if (key == "always") {
    field.always = true;
  } else if (key == "number") {
    return read_numbers(value, field.path);
  } else if (key == "list") {
    if (value == "atomic") field.list = ListKind::kAtomic;
    if (value == "set") field.list = ListKind::kSet;
    if (value == "map") field.list = ListKind::kMap;
    if (field.list == ListKind::kUnset) return fail(fmt::format("unknown list kind \"{}\"", value));
  } else if (key == "map") {
    field.map_type = value;
  } else if (key == "merge") {
    field.merge_key = value;
  } else if (key == "patch") {
    return read_patch_strategy(field, value);
  } else if (key == "keys") {
    field.list_keys = split(value, ',');
  } else if (key == "enum") {
    field.enum_values = split(value, '|');
  } else {
    return fail(fmt::format("unknown field flag \"{}\"", key));
  }
  return true;
}

bool ApiTableReader::read_patch_strategy(FieldRow& field, std::string_view text) {
  field.patch_strategy = text;
  for (const std::string_view word : split(text, ',')) {
    if (word == "merge") {
      field.merges = true;
    } else if (word == "replace") {
      field.replaces = true;
    } else if (word == "retainKeys") {
      field.retains_keys = true;
    } else {
      return fail(fmt::format("unknown patch strategy \"{}\"", word));
    }
  }
  return true;
}

bool ApiTableReader::read_resource(std::string_view rest) {
  in_resource_ = true;
  ResourceRow row;
  row.group = or_empty(take_word(rest));
  row.version = take_word(rest);
  row.plural = take_word(rest);
  row.kind = take_word(rest);
  row.singular = take_word(rest);
  if (row.singular == "-") row.singular = {};
  const std::string_view scope = take_word(rest);
  if (scope != "Namespaced" && scope != "Cluster") return fail(fmt::format("scope \"{}\"", scope));
  row.namespaced = scope == "Namespaced";
  while (!rest.empty()) {
    const auto [key, value] = key_value(take_word(rest));
    if (key == "verbs") {
      row.verbs = split(value, ',');
    } else if (key == "short") {
      row.short_names = split(value, ',');
    } else if (key == "categories") {
      row.categories = split(value, ',');
    } else {
      return fail(fmt::format("unknown resource flag \"{}\"", key));
    }
  }
  table_.resources_.push_back(std::move(row));
  return true;
}

bool ApiTableReader::read_subresource(std::string_view rest) {
  SubresourceRow row;
  row.name = take_word(rest);
  const auto kind = split(take_word(rest), '/');
  if (kind.size() != 3) return fail("a subresource's kind needs the form group/version/kind");
  row.group = or_empty(kind[0]);
  row.version = or_empty(kind[1]);
  row.kind = kind[2];
  row.verbs = split(rest, ',');
  table_.resources_.back().subresources.push_back(std::move(row));
  return true;
}

bool ApiTableReader::read_column(std::string_view rest) {
  ColumnRow row;
  row.priority = take_word(rest) == "0" ? 0 : 1;
  row.type = take_word(rest);
  row.format = or_empty(take_word(rest));
  row.name = rest;
  if (row.name.empty()) return fail("a column needs priority, type, format and name");
  table_.resources_.back().columns.push_back(row);
  return true;
}

std::uint16_t ApiTableReader::intern(TypeUse use) {
  for (std::size_t i = 0; i < table_.uses_.size(); ++i) {
    if (table_.uses_[i] == use) return static_cast<std::uint16_t>(i);
  }
  table_.uses_.push_back(use);
  return static_cast<std::uint16_t>(table_.uses_.size() - 1);
}

std::optional<TypeUse> ApiTableReader::resolve(std::string_view text, std::string_view package) {
  if (text.empty()) return std::nullopt;
  if (text.front() == '[' || text.front() == '{') {
    const char close = text.front() == '[' ? ']' : '}';
    if (text.back() != close) return std::nullopt;
    const auto element = resolve(text.substr(1, text.size() - 2), package);
    if (!element) return std::nullopt;
    return TypeUse{text.front() == '[' ? Shape::kList : Shape::kMap, intern(*element)};
  }
  if (const auto scalar = scalar_shape(text)) return TypeUse{*scalar, 0};
  std::string name;
  if (text.find('.') == std::string_view::npos) {
    name.append(package).append(".").append(text);
    text = name;
  }
  const auto it = table_.type_by_short_name_.find(text);
  if (it == table_.type_by_short_name_.end()) return std::nullopt;
  const TypeRow& row = table_.types_[it->second];
  if (!row.scalar.empty()) return TypeUse{Shape::kOpaque, 0};
  return TypeUse{Shape::kStruct, static_cast<std::uint16_t>(it->second)};
}

bool ApiTableReader::resolve_all() {
  for (std::size_t i = 0; i < table_.types_.size(); ++i) {
    const TypeRow& type = table_.types_[i];
    table_.type_by_full_name_.emplace(type.full_name, static_cast<std::uint32_t>(i));
    for (std::uint32_t f = 0; f < type.fields_count; ++f) {
      FieldRow& field = table_.fields_[type.fields_begin + f];
      const auto use = resolve(field.use_text, type.package);
      if (!use) {
        return fail(
            fmt::format("{}.{}: unknown type \"{}\"", type.name, field.name, field.use_text));
      }
      field.use = *use;
    }
  }
  for (ResourceRow& row : table_.resources_) {
    row.type = table_.find_kind_type(row.group, row.version, row.kind);
  }
  return true;
}

Result<ApiTable> ApiTable::parse(std::string_view text) { return ApiTableReader().read(text); }

ApiTable ApiTable::built_in() {
  Result<ApiTable> table = parse(api_table_text());
  CHECK(table.ok());
  return std::move(table).value();
}

}  // namespace orrery::api
