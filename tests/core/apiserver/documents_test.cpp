// Requests as documents and text: field checks, warnings, and what typed bodies skip.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/api/apps.h"
#include "core/api/config.h"
#include "core/apiserver/response_body.h"
#include "tests/core/apiserver/world.h"

namespace orrery {
namespace {

using test::json;
using test::World;

constexpr const char* kWithUnknown =
    R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"dta":{"a":"1"}})";

Request create_with(World& w, FieldValidation validation) {
  Request request = w.about(Verb::kCreate, "v1", "ConfigMap", "c");
  request.body = kWithUnknown;
  request.field_validation = validation;
  return request;
}

TEST(Documents, UnknownFieldsAreDroppedWarnedOfOrRefused) {
  World w;
  const Response strict = w.call(create_with(w, FieldValidation::kStrict));
  EXPECT_EQ(strict.status.code(), 400);
  EXPECT_EQ(strict.status.message(),
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: "
            "unknown field \"dta\"");
  const Response warned = w.call(create_with(w, FieldValidation::kWarn));
  ASSERT_TRUE(warned.status.ok()) << warned.status.message();
  EXPECT_EQ(warned.warnings, std::vector<std::string>{"unknown field \"dta\""});
  EXPECT_FALSE(w.encode(warned).contains("dta"));
  ASSERT_TRUE(w.remove("v1", "ConfigMap", "c").status.ok());
  const Response ignored = w.call(create_with(w, FieldValidation::kIgnore));
  ASSERT_TRUE(ignored.status.ok());
  EXPECT_TRUE(ignored.warnings.empty());
}

TEST(Documents, AWrongTypeNamesTheField) {
  World w;
  Request request = w.about(Verb::kCreate, "v1", "ConfigMap", "c");
  request.document = api::RawRef(json::parse(
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":1}})"));
  const Response r = w.call(request);
  EXPECT_EQ(r.status.code(), 400);
  EXPECT_NE(r.status.message().find("of type string"), std::string::npos) << r.status.message();
}

TEST(Documents, ARequestWithoutABodyIsRefused) {
  World w;
  EXPECT_EQ(w.call(w.about(Verb::kCreate, "v1", "ConfigMap", "c")).status.code(), 400);
  EXPECT_EQ(w.call(w.about(Verb::kUpdate, "v1", "ConfigMap", "c")).status.code(), 400);
}

TEST(Documents, ATypedUpdateThatLeavesTheTemplateAloneNeedsNoChecksButCountsGenerations) {
  World w;
  const Response created = w.create(
      R"({"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"r"},
          "spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},
                  "template":{"metadata":{"labels":{"a":"b"}},
                              "spec":{"containers":[{"name":"c","image":"i"}]}}}})");
  ASSERT_TRUE(created.status.ok()) << created.status.message();
  auto next = make_ref<api::ReplicaSet>(static_cast<const api::ReplicaSet&>(*created.object));
  next->spec.replicas = 5;
  Request update = w.about(Verb::kUpdate, "apps/v1", "ReplicaSet", "r");
  update.object = next;
  const Response r = w.call(update);
  ASSERT_TRUE(r.status.ok()) << r.status.message();
  const auto& stored = static_cast<const api::ReplicaSet&>(*r.object);
  EXPECT_EQ(stored.spec.replicas, 5);
  EXPECT_EQ(stored.meta.generation, 2);
  EXPECT_TRUE(stored.spec.template_.spec.same(next->spec.template_.spec));
}

TEST(Documents, ADeleteThatLeavesNothingIsAnsweredWithAStatus) {
  World w;
  ASSERT_TRUE(
      w.create(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}})").status.ok());
  const Request request = w.about(Verb::kDelete, "v1", "ConfigMap", "c");
  const Response response = w.call(request);
  EXPECT_TRUE(response.deleted);
  const json body = apiserver::response_body(w.kinds, request, response);
  EXPECT_EQ(body["status"], "Success");
  EXPECT_EQ(body["details"]["kind"], "configmaps");
  EXPECT_EQ(apiserver::response_code(request, response), 200);
}

TEST(Documents, AListAtAnExactRevisionShowsWhatWasThere) {
  World w;
  const Response first =
      w.create(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}})");
  ASSERT_TRUE(w.remove("v1", "ConfigMap", "c").status.ok());
  Request list = w.about(Verb::kList, "v1", "ConfigMap");
  EXPECT_TRUE(w.call(list).items.empty());
  list.list.resource_version = std::to_string(first.object->meta.resource_version);
  list.list.resource_version_match = "Exact";
  const Response then = w.call(list);
  ASSERT_EQ(then.items.size(), 1u);
  EXPECT_EQ(then.items[0]->meta.name, "c");
}

TEST(Documents, PodsOfOneSpecAreAdmittedAnewInAnotherNamespace) {
  World w;
  api::PodSpec fresh;
  api::Container container;
  container.name = Symbol("c");
  container.image = Symbol("i");
  fresh.containers = {container};
  const api::Shared<api::PodSpec> spec(fresh);
  for (const char* ns : {"default", "kube-system", "default"}) {
    auto pod = make_ref<api::Pod>();
    pod->meta.namespace_ = Symbol(ns);
    pod->meta.generate_name = "p-";
    pod->spec = spec;
    Request request = w.about(Verb::kCreate, "v1", "Pod");
    request.namespace_ = Symbol(ns);
    request.object = pod;
    const Response r = w.call(request);
    ASSERT_TRUE(r.status.ok()) << r.status.message();
    const auto& stored = static_cast<const api::Pod&>(*r.object);
    EXPECT_EQ(stored.status.phase, Symbol("Pending"));
    EXPECT_EQ(stored.status.qos_class, Symbol("BestEffort"));
    EXPECT_EQ(stored.spec->tolerations.size(), 2u);
  }
}

TEST(Documents, MetadataOfTheWrongShapeIsRefusedForKindsThatTheTableDoesNotKnow) {
  World w;
  const Response made =
      w.create(R"({"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w"}})");
  ASSERT_TRUE(made.status.ok()) << made.status.message();
  for (const char* metadata : {"[1]", "5", R"({"name":5})", R"({"name":["w"]})"}) {
    const json wrong = {
        {"apiVersion", "example.com/v1"}, {"kind", "Widget"}, {"metadata", json::parse(metadata)}};
    const Response patched =
        w.patch("example.com/v1", "Widget", "w", PatchType::kMerge, wrong.dump());
    EXPECT_EQ(patched.status.code(), 400) << metadata;
    Request update = w.about(Verb::kUpdate, "example.com/v1", "Widget", "w");
    update.body = wrong.dump();
    EXPECT_EQ(w.call(update).status.code(), 400) << metadata;
  }
}

}  // namespace
}  // namespace orrery
