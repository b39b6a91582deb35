// Recorded writes through scale subresources and to custom resources: a table of the custom
// resource's own drives the same functions, and a Scale's managers come back to the parent.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/managed/apply.h"
#include "core/api/managed/scale_entries.h"
#include "core/api/managed/update.h"
#include "core/api/schema/document.h"
#include "core/api/schema/omit_empty.h"
#include "core/api/schema/patch.h"
#include "tests/core/api/schema/recorded_data.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kFooTable = R"(# the CRD of the sequence "crd: create, ..."
kubernetes v1.36.2
package seq1/v1 com.example.seq1.v1
type seq1/v1.Foo gvk=seq1.example.com/v1/Foo
 apiVersion string -
 kind string -
 metadata ObjectMeta -
 spec FooSpec -
 status FooStatus -
type seq1/v1.FooSpec
 free raw -
 ios intOrString -
 list [FooItem] - list=map keys=k
 mode string -
 name string -
 set [string] - list=set
 size int64 - required
 when time -
type seq1/v1.FooItem
 k string - required
 v int64 -
type seq1/v1.FooStatus
 replicas int64 -
 sel string -
type seq1/v1.ObjectMeta
 annotations {string} -
 creationTimestamp time -
 generation int64 -
 labels {string} -
 managedFields raw -
 name string -
 namespace string -
 resourceVersion string -
 uid string -
resource seq1.example.com v1 foos Foo foo Namespaced verbs=create,get,list,patch,update
 sub status seq1.example.com/v1/Foo get,patch,update
)";

const ApiTable& built_in() {
  static const ApiTable kTable = ApiTable::built_in();
  return kTable;
}

Json sorted(Json entries) {
  std::sort(entries.begin(), entries.end(), [](const Json& a, const Json& b) {
    return a["manager"].dump() + a.value("subresource", "") <
           b["manager"].dump() + b.value("subresource", "");
  });
  return entries;
}

Time now() { return *parse_rfc3339("2024-01-01T00:00:00Z"); }

/// What the scale endpoint does to the parent's managers: replicas `from` -> `to`.
Json scaled(const Json& parent_entries, int from, int to, std::string_view api_version,
            const ReplicasPaths& paths) {
  const auto type =
      static_cast<std::size_t>(built_in().find_kind_type("autoscaling", "v1", "Scale"));
  const auto scale = [&](int replicas) {
    Json out{{"apiVersion", "autoscaling/v1"},
             {"kind", "Scale"},
             {"metadata", {{"name", "x"}}},
             {"spec", {{"replicas", replicas}}}};
    omit_empty(built_in(), type, out);
    return out;
  };
  Json live = scale(from);
  const Json entries = to_scale_managers(parent_entries, paths);
  if (!entries.is_null()) live["metadata"]["managedFields"] = entries;
  const Write write{.table = built_in(),
                    .type = type,
                    .api_version = "autoscaling/v1",
                    .manager = "golden",
                    .subresource = "scale",
                    .now = now()};
  const Json fresh = updated_managers(write, live, scale(to));
  return to_parent_managers(parent_entries, fresh, api_version, paths);
}

const Json* find_sequence(const std::vector<Json>& sequences, const std::string& start) {
  for (const Json& one : sequences) {
    if (one["name"].get<std::string>().starts_with(start)) return &one;
  }
  return nullptr;
}

class FooReplay {
 public:
  FooReplay() : table_(*ApiTable::parse(kFooTable)) {
    type_ = static_cast<std::size_t>(table_.find_kind_type("seq1.example.com", "v1", "Foo"));
  }

  int compared = 0;

  void play(const Json& step) {
    const std::string path = step["path"];
    const std::string method = step["method"];
    const int status = step["status"];
    const auto at = path.find("/foos");
    if (at == std::string::npos || path.find("customresourcedef") != std::string::npos) return;
    if (method == "POST" && status == 201) create(step);
    if (method != "PATCH" || (status != 200 && status != 409)) return;
    if (path.ends_with("/scale")) {
      scale(step);
    } else if (step["contentType"] == "application/apply-patch+yaml") {
      server_side_apply(step);
    } else {
      patch(step, path.ends_with("/status") ? "status" : "");
    }
  }

 private:
  Write write(const std::string& manager, std::string_view subresource) const {
    return {.table = table_,
            .type = type_,
            .api_version = "seq1.example.com/v1",
            .manager = manager,
            .subresource = subresource,
            .now = now(),
            .custom_resource = true};
  }

  void filled(Json& object) const {
    prune_unknown(table_, type_, object);
    object["spec"].emplace("mode", "a");
  }

  void create(const Json& step) {
    Json fresh = step["body"];
    filled(fresh);
    expect(updated_managers(write("golden", ""), nullptr, fresh), step);
    if (step["response"]["metadata"]["name"] == "f") live_ = step["response"];
  }

  void patch(const Json& step, std::string_view subresource) {
    Result<DecodedObject> fresh =
        patch_object(*patch_type_of(step["contentType"].get<std::string>()), table_, type_, live_,
                     step["body"].dump(), FieldValidation::kIgnore);
    ASSERT_TRUE(fresh.ok()) << fresh.status().message();
    expect(updated_managers(write("golden", subresource), live_, fresh->value), step);
    live_ = step["response"];
  }

  void scale(const Json& step) {
    const int size = live_["spec"]["size"];
    const int wanted = step["body"]["spec"]["replicas"];
    Json& entries = live_["metadata"]["managedFields"];
    entries = scaled(entries, size, wanted, "seq1.example.com/v1",
                     {{"seq1.example.com/v1", {"spec", "size"}}});
    live_["spec"]["size"] = wanted;
    ++compared;
  }

  void server_side_apply(const Json& step) {
    const std::string query = step["query"];
    const std::string manager = query.substr(query.find('=') + 1, 2);
    const bool force = query.find("force=true") != std::string::npos;
    Result<ApplyOutcome> ours = apply(write(manager, ""), live_, step["body"], force);
    const Json& response = step["response"];
    if (step["status"] == 409) {
      ASSERT_FALSE(ours.ok());
      EXPECT_EQ(ours.status().message(), response["message"]);
      ++compared;
      return;
    }
    ASSERT_TRUE(ours.ok()) << ours.status().message();
    EXPECT_EQ((*ours->object)["spec"], response["spec"]);
    expect(managed_fields_of(*ours->object), step);
    live_ = response;
  }

  void expect(const Json& entries, const Json& step) {
    EXPECT_EQ(sorted(entries), sorted(managed_fields_of(step["response"]))) << step["body"].dump();
    ++compared;
  }

  ApiTable table_;
  std::size_t type_ = 0;
  Json live_;
};

TEST(ScaleGolden, ACustomResourceIsTrackedByItsOwnTable) {
  const auto sequences = read_json_lines(golden_folder() + "/api/sequences.jsonl");
  if (sequences.empty()) GTEST_SKIP() << "no golden data: set ORRERY_GOLDEN";
  const Json* sequence = find_sequence(sequences, "crd: create");
  ASSERT_NE(sequence, nullptr);
  FooReplay replay;
  for (const Json& step : (*sequence)["steps"]) replay.play(step);
  EXPECT_GE(replay.compared, 11);
}

TEST(ScaleGolden, ReplicasScaledToZeroLoseTheirOwnerForGood) {
  const auto sequences = read_json_lines(golden_folder() + "/api/sequences.jsonl");
  if (sequences.empty()) GTEST_SKIP() << "no golden data: set ORRERY_GOLDEN";
  const Json* sequence = find_sequence(sequences, "scale subresource");
  ASSERT_NE(sequence, nullptr);
  const ReplicasPaths paths{{"apps/v1", {"spec", "replicas"}}};
  Json entries;
  int replicas = 0, compared = 0;
  for (const Json& step : (*sequence)["steps"]) {
    const std::string path = step["path"];
    const int status = step["status"];
    if (path.ends_with("/deployments") && status == 201) {
      entries = managed_fields_of(step["response"]);
      replicas = step["response"]["spec"]["replicas"];
    } else if (path.ends_with("/scale") && status == 200 && step["method"] != "GET") {
      const int wanted = step["response"]["spec"].value("replicas", 0);
      entries = scaled(entries, replicas, wanted, "apps/v1", paths);
      replicas = wanted;
    } else if (step["method"] == "GET" && status == 200 && path.ends_with("/d")) {
      EXPECT_EQ(entries, managed_fields_of(step["response"]));
      ++compared;
    }
  }
  EXPECT_EQ(compared, 1);
}

}  // namespace
}  // namespace orrery::api::managed
