// The built-in table says everything that the facts it was made from say.
#include <gtest/gtest.h>

#include "tests/core/api/schema/recorded_data.h"

namespace orrery::api {
namespace {

using nlohmann::json;

class Expander {
 public:
  explicit Expander(const ApiTable& table) : table_(table) {}

  json use(std::string_view text, std::string_view package) const {
    if (text.front() == '[' || text.front() == '{') {
      return json::array(
          {text.front() == '[' ? "list" : "map", use(text.substr(1, text.size() - 2), package)});
    }
    const bool has_package = text.find('.') != std::string_view::npos;
    const int row = table_.find_type(has_package ? std::string(text)
                                                 : std::string(package) + "." + std::string(text));
    return row < 0 ? json(text) : json(table_.type(static_cast<std::size_t>(row)).full_name);
  }

  json field(const FieldRow& row, std::string_view package) const {
    json out = {{"type", use(row.use_text, package)}};
    // The facts lack the numbers of the x-kubernetes fields; scripts/go_fields.txt has them.
    const bool from_facts = !row.name.starts_with("x-kubernetes-");
    if (row.path.size() == 1 && from_facts) out["pb"] = row.path[0];
    if (row.path.size() > 1) out["pb"] = row.path;
    if (row.required) out["required"] = true;
    if (row.list == ListKind::kAtomic) out["listType"] = "atomic";
    if (row.list == ListKind::kSet) out["listType"] = "set";
    if (row.list == ListKind::kMap) out["listType"] = "map";
    put(out, "mapType", row.map_type);
    put(out, "mergeKey", row.merge_key);
    put(out, "patchStrategy", row.patch_strategy);
    if (!row.list_keys.empty()) out["listKeys"] = row.list_keys;
    if (!row.enum_values.empty()) out["enum"] = row.enum_values;
    if (!row.default_json.empty()) out["default"] = json::parse(row.default_json);
    return out;
  }

  json type(const TypeRow& row) const {
    json out = json::object();
    if (row.has_kind) out["gvk"] = {row.group, row.version, row.kind};
    put(out, "scalar", row.scalar);
    put(out, "format", row.format);
    put(out, "mapType", row.map_type);
    for (const UnionRow& u : row.unions) {
      json entry = {{"fields-to-discriminateBy", json::object()}};
      put(entry, "discriminator", u.discriminator);
      for (const auto& [name, value] : u.members) {
        entry["fields-to-discriminateBy"][std::string(name)] = value;
      }
      out["unions"].push_back(entry);
    }
    if (!row.scalar.empty()) return out;
    out["fields"] = json::object();
    for (const FieldRow& f : table_.fields(row)) {
      out["fields"][std::string(f.name)] = field(f, row.package);
    }
    return out;
  }

  json resource(const ResourceRow& row) const {
    json out = {{"group", row.group},       {"version", row.version},
                {"resource", row.plural},   {"kind", row.kind},
                {"singular", row.singular}, {"scope", row.namespaced ? "Namespaced" : "Cluster"},
                {"verbs", row.verbs}};
    if (!row.short_names.empty()) out["shortNames"] = row.short_names;
    if (!row.categories.empty()) out["categories"] = row.categories;
    for (const SubresourceRow& sub : row.subresources) {
      out["subresources"].push_back({{"acceptedTypes", json::array()},
                                     {"name", sub.name},
                                     {"group", sub.group},
                                     {"version", sub.version},
                                     {"kind", sub.kind},
                                     {"verbs", sub.verbs}});
    }
    for (const ColumnRow& c : row.columns) {
      out["columns"].push_back(json::array({c.name, c.type, c.format, c.priority}));
    }
    return out;
  }

 private:
  static void put(json& out, const char* name, std::string_view value) {
    if (!value.empty()) out[name] = value;
  }
  const ApiTable& table_;
};

TEST(ApiTableFacts, GiveTheFactsBackInFull) {
  std::ifstream file(facts_folder() + "/kubernetes-api-1.36.json");
  if (!file) GTEST_SKIP() << "no kubernetes-api-1.36.json in " << facts_folder();
  const json facts = json::parse(file);
  const ApiTable table = ApiTable::built_in();
  const Expander expander(table);
  EXPECT_EQ(json(table.kubernetes_version()), facts["kubernetes"]);
  ASSERT_EQ(table.types().size(), facts["types"].size());
  for (const TypeRow& row : table.types()) {
    EXPECT_EQ(expander.type(row), facts["types"][row.full_name]) << row.full_name;
  }
  ASSERT_EQ(table.resources().size(), facts["resources"].size());
  for (std::size_t i = 0; i < table.resources().size(); ++i) {
    EXPECT_EQ(expander.resource(table.resources()[i]), facts["resources"][i]);
  }
}

}  // namespace
}  // namespace orrery::api
