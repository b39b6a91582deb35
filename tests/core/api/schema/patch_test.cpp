#include "core/api/schema/patch.h"

#include <gtest/gtest.h>

#include "core/api/schema/document.h"

namespace orrery::api {
namespace {

using nlohmann::json;

const ApiTable& table() {
  static const ApiTable built = ApiTable::built_in();
  return built;
}

std::size_t row(const char* name) { return static_cast<std::size_t>(table().find_type(name)); }

Result<json> merge_pod(const json& pod, const json& patch) {
  return apply_strategic_merge_patch(table(), row("core/v1.Pod"), pod, patch);
}

json pod_of(const json& containers) { return {{"spec", {{"containers", containers}}}}; }

TEST(PatchType, IsToldByTheMediaType) {
  EXPECT_EQ(patch_type_of("application/json-patch+json"), PatchType::kJson);
  EXPECT_EQ(patch_type_of("application/merge-patch+json; charset=utf-8"), PatchType::kMerge);
  EXPECT_EQ(patch_type_of("application/strategic-merge-patch+json"), PatchType::kStrategicMerge);
  EXPECT_EQ(patch_type_of("application/apply-patch+yaml"), std::nullopt);
}

TEST(JsonPatch, AppliesItsOperationsInOrder) {
  const json document = {{"a", {{"b", 1}}}, {"l", {1, 2, 3}}};
  const json patch = json::parse(R"([
    {"op":"test","path":"/a/b","value":1}, {"op":"add","path":"/l/1","value":9},
    {"op":"add","path":"/l/-","value":4}, {"op":"remove","path":"/l/0"},
    {"op":"move","from":"/a/b","path":"/c"}, {"op":"copy","from":"/l","path":"/a/l"},
    {"op":"replace","path":"/l/-1","value":5}, {"op":"add","path":"/x~1y~0","value":0}])");
  const auto patched = apply_json_patch(document, patch);
  ASSERT_TRUE(patched.ok()) << patched.status().message();
  EXPECT_EQ(patched.value(), json::parse(R"({"a":{"l":[9,2,3,4]},"c":1,"l":[9,2,3,5],"x/y~":0})"));
}

TEST(JsonPatch, FollowsUpstreamWhereItDiffersFromTheRfc) {
  const json document = {{"a", 1}};
  EXPECT_EQ(apply_json_patch(document, json::parse(R"([{"op":"replace","path":"/b","value":2}])"))
                .value(),
            (json{{"a", 1}, {"b", 2}}));
  EXPECT_EQ(
      apply_json_patch(document, json::parse(R"([{"op":"copy","from":"/x","path":"/b"}])")).value(),
      (json{{"a", 1}, {"b", nullptr}}));
}

TEST(JsonPatch, NamesTheOperationThatFails) {
  struct Case {
    const char* patch;
    const char* message;
  };
  const Case cases[] = {
      {R"([{"op":"remove","path":"/b"}])",
       "remove operation does not apply: unable to remove nonexistent key: \"/b\""},
      {R"([{"op":"add","path":"/b/c","value":1}])",
       "add operation does not apply: doc is missing path: \"/b/c\""},
      {R"([{"op":"add","path":"/l/7","value":1}])",
       "add operation does not apply: invalid index: \"/l/7\""},
      {R"([{"op":"test","path":"/a","value":2}])",
       "test operation does not apply: testing value failed: \"/a\""},
      {R"([{"op":"move","from":"/b","path":"/a"}])",
       "move operation does not apply: doc is missing from path: \"/b\""},
      {R"([{"op":"foo","path":"/a"}])", "Unexpected kind: foo"},
      {R"([{"op":"add","value":1}])", "add operation does not apply: missing path: \"\""},
  };
  for (const Case& c : cases) {
    const auto patched = apply_json_patch({{"a", 1}, {"l", {1}}}, json::parse(c.patch));
    ASSERT_FALSE(patched.ok()) << c.patch;
    EXPECT_EQ(patched.status().message(), c.message);
    EXPECT_EQ(patched.status().code(), 422);
  }
}

TEST(MergePatch, DoesTheExamplesOfTheRfc) {
  const char* cases[][3] = {
      {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
      {R"({"a":"b"})", R"({"a":null})", R"({})"},
      {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
      {R"({"a":"foo"})", R"("bar")", R"("bar")"},
      {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
      {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
      {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(apply_merge_patch(json::parse(c[0]), json::parse(c[1])), json::parse(c[2])) << c[1];
  }
}

TEST(StrategicMerge, MergesAListByItsMergeKeyAndReplacesAnAtomicOne) {
  const auto merged =
      merge_pod(pod_of({{{"name", "a"}, {"image", "a:1"}, {"args", {"x"}}},
                        {{"name", "b"}, {"image", "b:1"}}}),
                pod_of({{{"name", "b"}, {"image", "b:2"}}, {{"name", "a"}, {"args", {"y"}}}}));
  ASSERT_TRUE(merged.ok()) << merged.status().message();
  EXPECT_EQ(merged.value(), pod_of({{{"name", "b"}, {"image", "b:2"}},
                                    {{"name", "a"}, {"image", "a:1"}, {"args", {"y"}}}}));
}

TEST(StrategicMerge, MergesAndDeletesPrimitives) {
  const json object = {{"metadata", {{"finalizers", {"a", "b"}}}}};
  EXPECT_EQ(merge_pod(object, {{"metadata", {{"finalizers", {"c", "a"}}}}}).value(),
            (json{{"metadata", {{"finalizers", {"c", "a", "b"}}}}}));
  EXPECT_EQ(
      merge_pod(object, {{"metadata", {{"$deleteFromPrimitiveList/finalizers", {"a"}}}}}).value(),
      (json{{"metadata", {{"finalizers", {"b"}}}}}));
  EXPECT_EQ(merge_pod({{"metadata", json::object()}},
                      {{"metadata", {{"$deleteFromPrimitiveList/finalizers", {"a"}}}}})
                .value(),
            (json{{"metadata", json::object()}}));
}

TEST(StrategicMerge, LeavesDirectivesAndNullsOutOfWhatItAdds) {
  const json patch = json::parse(R"({"spec":{"nodeSelector":{"$patch":"delete"},"volumes":[
    {"name":"v","emptyDir":null},{"name":"w","$patch":"delete"}]}})");
  EXPECT_EQ(merge_pod({{"spec", json::object()}}, patch).value(),
            (json{{"spec", {{"volumes", {{{"name", "v"}}}}}}}));
}

TEST(StrategicMerge, ReplaceStrategyTakesThePatchWhole) {
  const json budget = {{"spec", {{"selector", {{"matchLabels", {{"a", "b"}}}}}}}};
  const json patch = {{"spec", {{"selector", {{"matchLabels", {{"c", "d"}}}}}}}};
  EXPECT_EQ(
      apply_strategic_merge_patch(table(), row("policy/v1.PodDisruptionBudget"), budget, patch)
          .value(),
      patch);
}

TEST(StrategicMerge, AnswersErrorsAsUpstream) {
  const json pod = pod_of({{{"name", "a"}}});
  struct Case {
    const char* patch;
    int code;
    const char* message;
  };
  const Case cases[] = {
      {R"({"spec":{"containers":[{"image":"x"}]}})", 500,
       "map: map[image:x] does not contain declared merge key: name"},
      {R"({"spec":{"containers":[{"name":"a","$patch":"merge"}]}})", 500,
       "merging lists cannot yet be specified in the patch"},
      {R"({"spec":{"containers":[{"name":"a","$patch":"x"}]}})", 500,
       "unknown patch type: x in map: map[$patch:x name:a]"},
      {R"({"spec":{"containers":[{"$patch":"delete"}]}})", 500,
       "map: map[$patch:delete] does not contain declared merge key: name"},
      {R"({"spec":{"containers":[[1]]}})", 500, "lists of lists are not supported"},
      {R"({"spec":{"$setElementOrder/containers":5}})", 500,
       "expected a []interface {}, but received a int64"},
      {R"({"spec":{"$setElementOrder":[]}})", 400, "invalid patch format of setElementOrder list"},
      {R"({"spec":{"$retainKeys":5}})", 400, "invalid patch format of retainKeys"},
      {R"({"spec":{"$deleteFromPrimitiveList":[]}})", 400,
       "invalid patch format of primitive list"},
  };
  for (const Case& c : cases) {
    const auto merged = merge_pod(pod, json::parse(c.patch));
    ASSERT_FALSE(merged.ok()) << c.patch;
    EXPECT_EQ(merged.status().code(), c.code) << c.patch;
    EXPECT_EQ(merged.status().message(), c.message) << c.patch;
  }
}

TEST(PatchObject, RefusesBodiesThatAreNoPatchOfTheirType) {
  struct Case {
    PatchType type;
    const char* body;
    int code;
    const char* message;
  };
  const Case cases[] = {
      {PatchType::kJson, "{bad", 400,
       "error decoding patch: invalid character 'b' looking for beginning of object key string"},
      {PatchType::kJson, "[1]", 400,
       "error decoding patch: json: cannot unmarshal number into Go value of type "
       "handlers.jsonPatchOp"},
      {PatchType::kJson, R"([{"op":1,"path":"/a"}])", 400,
       "error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of "
       "type "
       "string"},
      {PatchType::kMerge, "null", 400, "Invalid JSON Patch"},
      {PatchType::kStrategicMerge, "5", 400,
       "json: cannot unmarshal number into Go value of type map[string]interface {}"},
  };
  for (const Case& c : cases) {
    const auto patched = patch_object(c.type, table(), row("core/v1.Pod"), json::object(), c.body,
                                      FieldValidation::kStrict);
    ASSERT_FALSE(patched.ok()) << c.body;
    EXPECT_EQ(patched.status().code(), c.code);
    EXPECT_EQ(patched.status().message(), c.message);
  }
}

TEST(PatchObject, RefusesTooManyJsonPatchOperations) {
  json patch = json::array();
  for (int i = 0; i <= 10000; ++i) patch.push_back({{"op", "test"}, {"path", ""}, {"value", 1}});
  const auto patched = patch_object(PatchType::kJson, table(), row("core/v1.Pod"), json::object(),
                                    patch.dump(), FieldValidation::kStrict);
  ASSERT_FALSE(patched.ok());
  EXPECT_EQ(patched.status().code(), 413);
}

TEST(PatchObject, PrunesWhatItWarnsOf) {
  const json current = {{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"data", {{"a", "1"}}}};
  for (const PatchType type : {PatchType::kMerge, PatchType::kStrategicMerge}) {
    const auto patched = patch_object(type, table(), row("core/v1.ConfigMap"), current,
                                      R"({"foo":1,"data":{"a":null}})", FieldValidation::kWarn);
    ASSERT_TRUE(patched.ok()) << patched.status().message();
    EXPECT_EQ(patched.value().warnings, std::vector<std::string>{"unknown field \"foo\""});
    EXPECT_FALSE(patched.value().value.contains("foo"));
    EXPECT_EQ(patched.value().value["data"], json::object());
  }
}

}  // namespace
}  // namespace orrery::api
