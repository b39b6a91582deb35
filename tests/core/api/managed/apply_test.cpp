#include "core/api/managed/apply.h"

#include <gtest/gtest.h>

#include "tests/core/api/managed/managed_world.h"

namespace orrery::api::managed {
namespace {

Json applied(const Write& write, const Json& live, const Json& config, bool force = false) {
  Result<ApplyOutcome> out = apply(write, live, config, force);
  EXPECT_TRUE(out.ok()) << out.status().message();
  return out.ok() ? *out->object : Json();
}

Json service(const Json& ports) {
  return {{"apiVersion", "v1"}, {"kind", "Service"}, {"metadata", {{"name", "s"}}},
          {"spec", {{"ports", ports}}}};
}

TEST(Apply, ManyConflictsAreListedByManagerAndPath) {
  Json live = stored(core_write("Service", "upd"), nullptr,
                     service({{{"port", 80}, {"name", "a"}}, {{"port", 443}, {"name", "b"}}}));
  live = applied(core_write("Service", "m"), live, service({{{"port", 443}, {"name", "b"}}}));
  const Json config = service({{{"port", 443}, {"name", "y"}}, {{"port", 80}, {"name", "x"}}});
  const Result<ApplyOutcome> out = apply(core_write("Service", "n"), live, config, false);
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.status().code(), 409);
  EXPECT_EQ(out.status().message(),
            "Apply failed with 3 conflicts: conflicts with \"m\":\n"
            "- .spec.ports[port=443,protocol=\"TCP\"].name\n"
            "conflicts with \"upd\" using v1:\n"
            "- .spec.ports[port=80,protocol=\"TCP\"].name\n"
            "- .spec.ports[port=443,protocol=\"TCP\"].name");
  ASSERT_EQ(out.status().details().causes.size(), 3U);
  EXPECT_EQ(out.status().details().causes[1],
            (StatusCause{"FieldManagerConflict", "conflict with \"upd\" using v1",
                         ".spec.ports[port=80,protocol=\"TCP\"].name"}));
}

TEST(Apply, ElementsKeepTheConfigurationsOrderAmongTheOthers) {
  const auto named = [](std::initializer_list<const char*> names) {
    Json list = Json::array();
    for (const char* name : names) list.push_back({{"name", name}, {"image", "i"}});
    return Json{{"apiVersion", "v1"}, {"kind", "Pod"}, {"metadata", {{"name", "p"}}},
                {"spec", {{"containers", list}}}};
  };
  const auto order = [](const Json& pod) {
    std::string out;
    for (const Json& one : pod["spec"]["containers"]) out += one["name"].get<std::string>();
    return out;
  };
  const Json live = stored(core_write("Pod", "u"), nullptr, named({"a", "b", "c", "d"}));
  EXPECT_EQ(order(applied(core_write("Pod", "m"), live, named({"c", "a"}))), "bcda");
  EXPECT_EQ(order(applied(core_write("Pod", "m"), live, named({"x", "b"}))), "axbcd");
  EXPECT_EQ(order(applied(core_write("Pod", "m"), live, named({"d", "y", "a"}))), "bcdya");
}

TEST(Apply, AnElementThatOthersStillOwnStays) {
  Json live = applied(core_write("ConfigMap", "a"), nullptr, config_map({{"x", "1"}}));
  live = applied(core_write("ConfigMap", "b", 1), live, config_map({{"x", "1"}, {"y", "1"}}));
  live = applied(core_write("ConfigMap", "b", 2), live, config_map(Json::object()));
  EXPECT_EQ(live["data"], Json::parse(R"({"x":"1"})"));
  live = applied(core_write("ConfigMap", "a", 3), live, config_map(Json::object()));
  EXPECT_FALSE(live.contains("data"));
}

TEST(Apply, TheFirstApplyFindsTheFieldsOfAnUntrackedObjectOwned) {
  const Json live = config_map({{"x", "1"}, {"y", "1"}});
  const Result<ApplyOutcome> refused =
      apply(core_write("ConfigMap", "a"), live, config_map({{"x", "2"}}), false);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.status().message(),
            "Apply failed with 1 conflict: conflict with \"before-first-apply\" using v1: .data.x");
  const Json now = applied(core_write("ConfigMap", "a"), live, config_map({{"x", "1"}}));
  EXPECT_EQ(owners(now)["before-first-apply"],
            Json::parse(R"({"f:data":{".":{},"f:x":{},"f:y":{}}})"));
}

TEST(Apply, KubectlTakesOverWhatItsAnnotationSays) {
  Json live = config_map({{"x", "1"}, {"y", "1"}});
  live["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] =
      config_map({{"x", "1"}}).dump();
  live = stored(core_write("ConfigMap", "kubectl-client-side-apply"), nullptr, live);
  EXPECT_FALSE(
      apply(core_write("ConfigMap", "other"), live, config_map({{"x", "2"}}), false).ok());
  const Json now = applied(core_write("ConfigMap", "kubectl"), live, config_map({{"x", "2"}}));
  EXPECT_EQ(now["data"]["x"], "2");
  EXPECT_EQ(now["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"],
            config_map({{"x", "2"}}).dump() + "\n");
  const Result<ApplyOutcome> refused = apply(core_write("ConfigMap", "kubectl"), live,
                                             config_map({{"x", "2"}, {"y", "2"}}), false);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.status().message().find(".data.y"), std::string::npos);
  EXPECT_EQ(refused.status().message().find(".data.x"), std::string::npos);
}

TEST(Apply, AConfigurationThatDoesNotFitIsRefusedInUpstreamsWords) {
  const struct {
    const char* spec;
    const char* why;
  } cases[] = {
      {R"({"bogus":1})", ".spec.bogus: field not declared in schema"},
      {R"({"ports":{}})", ".spec.ports: expected list, got &{map[]}"},
      {R"({"ports":[1]})",
       ".spec.ports: element 0: associative list with keys may not have non-map elements"},
      {R"({"ports":[{"port":"x"}]})",
       ".spec.ports[port=\"x\",protocol=\"TCP\"].port: expected numeric (int or float), got "
       "string"},
      {R"({"selector":["a"]})", ".spec.selector: expected map, got &{[a]}"},
      {R"({"type":["a",1]})",
       ".spec.type: expected string, got &value.valueUnstructured{Value:[]interface {}{\"a\", 1}}"},
      {R"({"publishNotReadyAddresses":"x"})",
       ".spec.publishNotReadyAddresses: expected boolean, got &{x}"},
      {R"({"externalIPs":[1],"loadBalancerIP":2})",
       "errors:\n  .spec.externalIPs[0]: expected string, got "
       "&value.valueUnstructured{Value:1}\n  .spec.loadBalancerIP: expected string, got "
       "&value.valueUnstructured{Value:2}"},
  };
  for (const auto& [spec, why] : cases) {
    Json config = service(Json::array());
    config["metadata"]["namespace"] = "n";
    config["spec"] = Json::parse(spec);
    const Result<ApplyOutcome> out = apply(core_write("Service", "m"), nullptr, config, true);
    ASSERT_FALSE(out.ok()) << spec;
    EXPECT_EQ(out.status().code(), 500);
    EXPECT_EQ(out.status().message(),
              std::string("failed to create typed patch object (n/s; /v1, Kind=Service): ") + why);
  }
}

TEST(Apply, ManagedFieldsInTheConfigurationAreRefused) {
  Json config = config_map({{"x", "1"}});
  config["metadata"]["managedFields"] = Json::array();
  const Result<ApplyOutcome> out = apply(core_write("ConfigMap", "m"), nullptr, config, false);
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.status().message(), "metadata.managedFields must be nil");
  EXPECT_EQ(out.status().code(), 400);
}

TEST(Apply, ConfigurationsOfAnyShapeAreAnswered) {
  for (const char* text : {"null", "[]", "1", "{}", R"({"apiVersion":1,"kind":[]})",
                           R"({"apiVersion":"v1","kind":"ConfigMap"})",
                           R"({"apiVersion":"v1","kind":"ConfigMap","metadata":null})",
                           R"({"apiVersion":"v1","kind":"ConfigMap","metadata":[1]})",
                           R"({"apiVersion":"v1","kind":"ConfigMap","data":null})"}) {
    for (const Json& live : {Json(), config_map({{"x", "1"}}), Json::array()}) {
      const Result<ApplyOutcome> out =
          apply(core_write("ConfigMap", "m"), live, Json::parse(text), false);
      EXPECT_TRUE(!out.ok() || out->object->is_object()) << text;
    }
  }
}

}  // namespace
}  // namespace orrery::api::managed
