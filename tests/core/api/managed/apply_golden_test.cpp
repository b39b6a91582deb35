// The recorded writes to stored objects, one after the other: server-side applies give the recorded
// object, managers, conflicts and errors; updates and patches give the recorded managers.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/api/checks/checks.h"
#include "core/api/managed/apply.h"
#include "core/api/managed/update.h"
#include "core/api/schema/document.h"
#include "core/api/schema/omit_empty.h"
#include "core/api/schema/patch.h"
#include "tests/core/api/schema/recorded_data.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

const ApiTable& table() {
  static const ApiTable kTable = ApiTable::built_in();
  return kTable;
}

std::string parameter(const Json& step, const std::string& name) {
  const std::string query = step.value("query", "");
  const std::size_t at = query.find(name + "=");
  if (at == std::string::npos) return "";
  return query.substr(at + name.size() + 1, query.find('&', at) - at - name.size() - 1);
}

/// One recorded write to one object.
struct Step {
  std::string key;          // path of the object
  std::string subresource;  // after it
  std::size_t type = 0;
  std::string api_version;
  Json row;

  Write write() const {
    static std::string manager;
    manager = parameter(row, "fieldManager");
    if (manager.empty()) manager = "golden";
    return {.table = table(),
            .type = type,
            .api_version = api_version,
            .manager = manager,
            .subresource = subresource,
            .now = *parse_rfc3339("2024-01-01T00:00:00Z")};
  }
  bool is_apply() const {
    return row.value("contentType", "").starts_with("application/apply-patch");
  }
  Json body() const {
    const Json& raw = row["body"];
    return raw.is_string() ? Json::parse(raw.get<std::string>(), nullptr, false) : raw;
  }
  void fill(Json& object) const {
    const TypeRow& kind = table().type(type);
    apply_defaults(kind.group, kind.kind, object);
    omit_empty(table(), type, object);
  }
};

std::optional<Step> read_step(const Json& row) {
  Step out;
  out.row = row;
  out.key = row["path"];
  for (const char* sub : {"/status", "/resize", "/ephemeralcontainers"}) {
    if (!out.key.ends_with(sub)) continue;
    out.subresource = std::string(sub).substr(1);
    out.key.resize(out.key.size() - std::string(sub).size());
  }
  const int type = type_of_path(table(), out.key);
  if (type < 0) return std::nullopt;
  out.type = static_cast<std::size_t>(type);
  const TypeRow& kind = table().type(out.type);
  out.api_version = (kind.group.empty() ? "" : std::string(kind.group) + "/") +
                    std::string(kind.version);
  return out;
}

/// The order among equal recorded times is lost: by name and subresource, then.
Json sorted(Json entries) {
  if (!entries.is_array()) return entries;
  std::sort(entries.begin(), entries.end(), [](const Json& a, const Json& b) {
    return a["manager"].dump() + a.value("subresource", "") <
           b["manager"].dump() + b.value("subresource", "");
  });
  return entries;
}

/// What the server's own writes do to an object is not compared.
Json comparable(Json object) {
  for (const char* key : {"uid", "resourceVersion", "creationTimestamp", "generation", "namespace",
                          "managedFields"}) {
    object["metadata"].erase(key);
  }
  object.erase("status");
  if (object["kind"] == "Service") {
    for (const char* key : {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"}) {
      object["spec"].erase(key);
    }
  }
  return object;
}

struct Counts {
  int applies = 0, refused = 0, updates = 0;
};

void check_apply(const Step& step, const Json& live, const std::string& name, Counts& counts) {
  const Json config = step.body();
  if (!config.is_object()) return;
  const bool force = parameter(step.row, "force") == "true";
  Result<ApplyOutcome> ours = apply(step.write(), live, config, force);
  const Json& response = step.row["response"];
  const int status = step.row["status"];
  if (status == 422) return;  // validation comes later
  const std::string context = name + "\n" + step.row.dump();
  if (status >= 400) {
    ++counts.refused;
    ASSERT_FALSE(ours.ok()) << context;
    EXPECT_EQ(ours.status().code(), status) << context;
    EXPECT_EQ(ours.status().message(), response["message"]) << context;
    const Json causes = response.value("/details/causes"_json_pointer, Json::array());
    const std::vector<StatusCause>& own = ours.status().details().causes;
    ASSERT_EQ(own.size(), causes.size()) << context;
    for (std::size_t i = 0; i < own.size(); ++i) {
      EXPECT_EQ(own[i].reason, causes[i]["reason"]);
      EXPECT_EQ(own[i].message, causes[i]["message"]);
      EXPECT_EQ(own[i].field, causes[i]["field"]);
    }
    return;
  }
  ++counts.applies;
  ASSERT_TRUE(ours.ok()) << context << ours.status().message();
  EXPECT_EQ(sorted(managed_fields_of(*ours->object)), sorted(managed_fields_of(response)))
      << context;
  Json merged = *ours->object;
  step.fill(merged);
  EXPECT_EQ(comparable(merged), comparable(response)) << context;
}

std::optional<Json> updated(const Step& step, const Json& live) {
  if (step.row["method"] == "PUT") {
    Json fresh = step.body();
    if (!fresh.is_object()) return std::nullopt;
    drop_nulls(table(), step.type, fresh);
    return fresh;
  }
  const std::optional<PatchType> patch = patch_type_of(step.row.value("contentType", ""));
  if (!patch) return std::nullopt;
  const Json& raw = step.row["body"];
  Result<DecodedObject> out =
      patch_object(*patch, table(), step.type, live, raw.is_string() ? raw.get<std::string>()
                                                                     : raw.dump(),
                   FieldValidation::kIgnore);
  if (!out.ok()) return std::nullopt;
  return std::move(out->value);
}

void check_update(const Step& step, const Json& live, const std::string& name, Counts& counts) {
  if (step.row["status"] != 200) return;
  std::optional<Json> fresh = updated(step, live);
  if (!fresh) return;
  step.fill(*fresh);
  ++counts.updates;
  const Json recorded = managed_fields_of(step.row["response"]);
  const Json ours = updated_managers(step.write(), live, *fresh);
  EXPECT_TRUE(sorted(ours) == sorted(recorded))
      << name << "\n" << step.row["body"].dump() << "\n"
      << Json::diff(sorted(ours), sorted(recorded)).dump();
}

TEST(WritesGolden, AppliesAndUpdatesOfTheSequencesGiveTheRecordedManagers) {
  const auto sequences = read_json_lines(golden_folder() + "/api/sequences.jsonl");
  if (sequences.empty()) GTEST_SKIP() << "no golden data: set ORRERY_GOLDEN";
  Counts counts;
  for (const Json& sequence : sequences) {
    std::map<std::string, Json> stored;
    for (const Json& row : sequence["steps"]) {
      if (!row.contains("response") || row["response"].is_null()) continue;
      const std::string name = sequence["name"];
      const std::string method = row["method"];
      Json& response = const_cast<Json&>(row)["response"];
      if (method == "POST" && row["status"] == 201 && response.contains("metadata")) {
        const std::string object = response["metadata"].value("name", "");
        stored[row["path"].get<std::string>() + "/" + object] = response;
        continue;
      }
      if (method != "PUT" && method != "PATCH") continue;
      const std::optional<Step> step = read_step(row);
      if (!step) continue;
      const auto live = stored.find(step->key);
      const Json before = live == stored.end() ? Json() : live->second;
      if (step->is_apply()) {
        check_apply(*step, before, name, counts);
      } else if (!before.is_null()) {
        check_update(*step, before, name, counts);
      }
      const int status = row["status"];
      const bool dry = row.value("query", "").find("dryRun") != std::string::npos;
      if ((status == 200 || status == 201) && !dry) stored[step->key] = response;
    }
  }
  std::cout << "applies: " << counts.applies << " stored, " << counts.refused
            << " refused; updates: " << counts.updates << "\n";
  EXPECT_GE(counts.applies, 20);
  EXPECT_GE(counts.refused, 10);
  EXPECT_GE(counts.updates, 100);
}

}  // namespace
}  // namespace orrery::api::managed
