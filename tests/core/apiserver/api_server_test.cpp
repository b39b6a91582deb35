#include "core/apiserver/api_server.h"

#include <gtest/gtest.h>

#include "core/client/informer.h"
#include "tests/core/apiserver/world.h"

namespace orrery {
namespace {

using test::json;
using test::World;

constexpr std::string_view kPod =
    R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","labels":{"app":"a"}},
        "spec":{"containers":[{"name":"c","image":"nginx"}]}})";
constexpr std::string_view kBoundPod =
    R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","labels":{"app":"a"}},
        "spec":{"nodeName":"n1","containers":[{"name":"c","image":"nginx"}]}})";
constexpr std::string_view kDeployment =
    R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},
        "spec":{"replicas":3,"selector":{"matchLabels":{"app":"a"}},
                "template":{"metadata":{"labels":{"app":"a"}},
                            "spec":{"containers":[{"name":"c","image":"nginx"}]}}}})";

const api::Pod& pod_of(const Response& response) {
  return static_cast<const api::Pod&>(*response.object);
}

TEST(ApiServer, StampsNewObjects) {
  World w;
  const Response created = w.create(kPod);
  ASSERT_TRUE(created.status.ok()) << created.status.message();
  const api::ObjectMeta& meta = created.object->meta;
  EXPECT_FALSE(meta.uid.empty());
  EXPECT_EQ(meta.generation, 1);
  EXPECT_TRUE(is_set(meta.creation_timestamp));
  EXPECT_EQ(pod_of(created).status.phase, Symbol("Pending"));
  EXPECT_EQ(pod_of(created).spec->priority, 0);
}

TEST(ApiServer, GeneratesNamesOfFiveSafeCharacters) {
  World w;
  const Response created = w.create(
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"x-"}})");
  ASSERT_TRUE(created.status.ok());
  const std::string name = created.object->meta.name.str();
  EXPECT_EQ(name.size(), 7u);
  EXPECT_EQ(name.find_first_not_of("x-bcdfghjklmnpqrstvwxz2456789"), std::string::npos);
}

TEST(ApiServer, RefusesASecondObjectOfTheSameName) {
  World w;
  ASSERT_TRUE(w.create(kPod).status.ok());
  const Response again = w.create(kPod);
  EXPECT_EQ(again.status.code(), 409);
  EXPECT_EQ(again.status.message(), "pods \"p\" already exists");
}

TEST(ApiServer, RefusesObjectsOfANamespaceThatIsNotThere) {
  World w;
  Request request = w.about(Verb::kCreate, "v1", "Pod");
  request.namespace_ = Symbol("nowhere");
  request.document = api::RawRef(json::parse(kPod));
  const Response response = w.call(std::move(request));
  EXPECT_EQ(response.status.message(), "namespaces \"nowhere\" not found");
}

TEST(ApiServer, AStatusPatchLeavesTheSpecAlone) {
  World w;
  ASSERT_TRUE(w.create(kDeployment).status.ok());
  const Response patched =
      w.patch("apps/v1", "Deployment", "d", PatchType::kMerge,
              R"({"spec":{"replicas":9},"status":{"replicas":2}})", Subresource::kStatus);
  ASSERT_TRUE(patched.status.ok()) << patched.status.message();
  const json document = w.encode(patched);
  EXPECT_EQ(document["spec"]["replicas"], 3);
  EXPECT_EQ(document["status"]["replicas"], 2);
  EXPECT_EQ(document["metadata"]["generation"], 1);
}

TEST(ApiServer, OnlySpecChangesRaiseTheGeneration) {
  World w;
  ASSERT_TRUE(w.create(kDeployment).status.ok());
  Response r = w.patch("apps/v1", "Deployment", "d", PatchType::kMerge,
                       R"({"metadata":{"labels":{"a":"b"}}})");
  EXPECT_EQ(r.object->meta.generation, 1);
  r = w.patch("apps/v1", "Deployment", "d", PatchType::kStrategic,
              R"({"spec":{"template":{"spec":{"containers":[{"name":"c","image":"nginx:2"}]}}}})");
  ASSERT_TRUE(r.status.ok()) << r.status.message();
  EXPECT_EQ(r.object->meta.generation, 2);
}

TEST(ApiServer, AWriteThatChangesNothingKeepsTheResourceVersion) {
  World w;
  ASSERT_TRUE(w.create(kDeployment).status.ok());
  const Response before = w.get("apps/v1", "Deployment", "d");
  const Response after =
      w.patch("apps/v1", "Deployment", "d", PatchType::kMerge, R"({"spec":{"replicas":3}})");
  EXPECT_EQ(after.object->meta.resource_version, before.object->meta.resource_version);
}

TEST(ApiServer, AnUpdateWithAStaleResourceVersionConflicts) {
  World w;
  const Response created = w.create(kDeployment);
  ASSERT_TRUE(w.patch("apps/v1", "Deployment", "d", PatchType::kMerge,
                      R"({"spec":{"replicas":4}})").status.ok());
  Request stale = w.about(Verb::kUpdate, "apps/v1", "Deployment", "d");
  stale.object = created.object;
  EXPECT_EQ(w.call(std::move(stale)).status.code(), 409);
}

TEST(ApiServer, ScaleIsASubresourceOfItsOwn) {
  World w;
  ASSERT_TRUE(w.create(kDeployment).status.ok());
  const Response scaled = w.patch("apps/v1", "Deployment", "d", PatchType::kMerge,
                                  R"({"spec":{"replicas":7}})", Subresource::kScale);
  ASSERT_TRUE(scaled.status.ok()) << scaled.status.message();
  EXPECT_EQ(scaled.document.json()["kind"], "Scale");
  EXPECT_EQ(scaled.document.json()["spec"]["replicas"], 7);
  EXPECT_EQ(w.encode(w.get("apps/v1", "Deployment", "d"))["spec"]["replicas"], 7);
}

TEST(ApiServer, BindingSetsTheNodeOnce) {
  World w;
  ASSERT_TRUE(w.create(kPod).status.ok());
  const auto bind = [&](std::string_view node) {
    Request request = w.about(Verb::kCreate, "v1", "Pod", "p");
    request.subresource = Subresource::kBinding;
    request.node = Symbol(node);
    return w.call(std::move(request));
  };
  ASSERT_TRUE(bind("n1").status.ok());
  const Response bound = w.get("v1", "Pod", "p");
  EXPECT_EQ(pod_of(bound).node_name, Symbol("n1"));
  const api::PodCondition* scheduled = api::find_condition(pod_of(bound).status, "PodScheduled");
  ASSERT_NE(scheduled, nullptr);
  EXPECT_EQ(scheduled->status, Symbol("True"));
  EXPECT_EQ(bind("n2").status.code(), 409);
}

TEST(ApiServer, ABoundPodIsDeletedGracefullyAndGoesWithGraceZero) {
  World w;
  ASSERT_TRUE(w.create(kBoundPod).status.ok());
  const Response deleted = w.remove("v1", "Pod", "p");
  ASSERT_TRUE(deleted.status.ok());
  EXPECT_EQ(deleted.object->meta.deletion_grace_period_seconds, 30);
  EXPECT_TRUE(w.get("v1", "Pod", "p").object->meta.is_being_deleted());
  DeleteOptions now;
  now.grace_period_seconds = 0;
  ASSERT_TRUE(w.remove("v1", "Pod", "p", now).status.ok());
  EXPECT_EQ(w.get("v1", "Pod", "p").status.code(), 404);
}

TEST(ApiServer, APodThatWasNeverBoundGoesAtOnce) {
  World w;
  ASSERT_TRUE(w.create(kPod).status.ok());
  ASSERT_TRUE(w.remove("v1", "Pod", "p").status.ok());
  EXPECT_EQ(w.get("v1", "Pod", "p").status.code(), 404);
}

TEST(ApiServer, FinalizersHoldAnObjectUntilTheLastIsGone) {
  World w;
  ASSERT_TRUE(w.create(R"({"apiVersion":"v1","kind":"ConfigMap",
                           "metadata":{"name":"c","finalizers":["a.b/c"]}})").status.ok());
  ASSERT_TRUE(w.remove("v1", "ConfigMap", "c").status.ok());
  EXPECT_TRUE(w.get("v1", "ConfigMap", "c").object->meta.is_being_deleted());
  ASSERT_TRUE(w.patch("v1", "ConfigMap", "c", PatchType::kMerge,
                      R"({"metadata":{"finalizers":null}})").status.ok());
  EXPECT_EQ(w.get("v1", "ConfigMap", "c").status.code(), 404);
}

TEST(ApiServer, DeletePreconditionsMustHold) {
  World w;
  ASSERT_TRUE(w.create(kPod).status.ok());
  DeleteOptions other;
  other.uid = Uid{1, 2};
  EXPECT_EQ(w.remove("v1", "Pod", "p", other).status.code(), 409);
  EXPECT_TRUE(w.get("v1", "Pod", "p").status.ok());
}

TEST(ApiServer, ListsInPagesOfOneRevision) {
  World w;
  for (const char* name : {"b", "a", "d", "c"}) {
    ASSERT_TRUE(
        w.create(std::string(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")") +
                 name + "\"}}")
            .status.ok());
  }
  Request page = w.about(Verb::kList, "v1", "ConfigMap");
  page.list.limit = 3;
  const Response first = w.call(page);
  ASSERT_EQ(first.items.size(), 3u);
  EXPECT_EQ(first.items[0]->meta.name, "a");
  EXPECT_EQ(first.remaining_items, 1);
  ASSERT_TRUE(
      w.create(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"e"}})").status.ok());
  page.list.continue_token = first.continue_token;
  const Response second = w.call(page);
  ASSERT_EQ(second.items.size(), 1u);  // "e" came after the first page's revision
  EXPECT_EQ(second.items[0]->meta.name, "d");
  EXPECT_EQ(second.revision, first.revision);
  EXPECT_TRUE(second.continue_token.empty());
}

TEST(ApiServer, RefusesFieldSelectorsThatTheKindDoesNotOffer) {
  World w;
  Request list = w.about(Verb::kList, "v1", "Pod");
  list.list.field_selector = "spec.foo=bar";
  const Response response = w.call(list);
  EXPECT_EQ(response.status.code(), 400);
  EXPECT_EQ(response.status.message(), "field label not supported: spec.foo");
}

class Collector final : public WatchSink {
 public:
  void on_events(std::span<const WatchEvent> events) override {
    for (const WatchEvent& e : events) {
      static constexpr std::string_view kNames[] = {"ADDED", "MODIFIED", "DELETED", "BOOKMARK"};
      seen.push_back(std::string(kNames[static_cast<std::size_t>(e.type)]) + " " +
                     e.object->meta.name.str());
    }
  }
  void on_closed(const Status& why) override { closed = why; }
  std::vector<std::string> seen;
  Status closed;
};

TEST(ApiServer, AWatchWithASelectorSeesObjectsComeAndGo) {
  World w;
  Collector sink;
  WatchRequest request;
  request.kind = api::KindId::kConfigMap;
  request.label_selector = "x=1";
  const auto watch = w.client.watch(request, sink);
  ASSERT_TRUE(
      w.create(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}})").status.ok());
  for (const char* value : {"1", "1", "2"}) {
    w.patch("v1", "ConfigMap", "c", PatchType::kMerge,
            std::string(R"({"data":{"n":")") + value + std::to_string(sink.seen.size()) +
                R"("},"metadata":{"labels":{"x":")" + value + "\"}}}");
  }
  EXPECT_EQ(sink.seen, (std::vector<std::string>{"ADDED c", "MODIFIED c", "DELETED c"}));
}

TEST(ApiServer, AnInformersCacheFollowsTheStore) {
  World w;
  ASSERT_TRUE(w.create(kPod).status.ok());
  Informers informers(w.env, w.client);
  auto pods = informers.get<api::Pod>();
  int added = 0, updated = 0, deleted = 0;
  pods.on_change([&](const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
    ++(old && now ? updated : now ? added : deleted);
  });
  informers.start();
  w.run_for(1s);
  EXPECT_TRUE(informers.has_synced());
  EXPECT_EQ(added, 1);
  w.patch("v1", "Pod", "p", PatchType::kMerge, R"({"metadata":{"labels":{"y":"z"}}})");
  EXPECT_EQ(updated, 1);
  ASSERT_NE(pods.find(Symbol("default"), "p"), nullptr);
  EXPECT_EQ(pods.find(Symbol("default"), "p")->meta.labels.get(Symbol("y")), Symbol("z"));
  w.remove("v1", "Pod", "p");
  EXPECT_EQ(deleted, 1);
  EXPECT_EQ(pods.size(), 0u);
}

TEST(ApiServer, PodsOfOneTemplateShareTheirSpec) {
  World w;
  const Response first = w.create(kPod);
  ASSERT_TRUE(first.status.ok());
  const auto again = [&](std::string_view name, const api::Shared<api::PodSpec>& spec) {
    auto pod = make_ref<api::Pod>();
    pod->meta.namespace_ = Symbol("default");
    pod->meta.name = name;
    pod->spec = spec;
    Request request = w.about(Verb::kCreate, "v1", "Pod", name);
    request.object = pod;
    return w.call(std::move(request));
  };
  api::PodSpec fresh;
  fresh.containers = {pod_of(first).spec->containers[0]};
  const api::Shared<api::PodSpec> spec(fresh);
  const Response a = again("a", spec);
  const Response b = again("b", spec);
  ASSERT_TRUE(a.status.ok() && b.status.ok()) << a.status.message();
  EXPECT_TRUE(pod_of(a).spec.same(pod_of(b).spec));
  EXPECT_EQ(pod_of(b).status.qos_class, pod_of(a).status.qos_class);
}

TEST(ApiServer, PodsThatClientsMakeAlikeShareTheirSpec) {
  World w;
  const auto made = [&](const std::string& name, const std::string& image) {
    Request request = w.about(Verb::kCreate, "v1", "Pod", name);
    request.body = R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")" + name +
                   R"("},"spec":{"containers":[{"name":"c","image":")" + image + R"("}]}})";
    const Response response = w.call(std::move(request));
    EXPECT_TRUE(response.status.ok()) << response.status.message();
    return response;
  };
  const Response a = made("a", "i:1"), b = made("b", "i:1"), c = made("c", "i:2");
  EXPECT_TRUE(pod_of(a).spec.same(pod_of(b).spec));
  EXPECT_FALSE(pod_of(a).spec.same(pod_of(c).spec));
  EXPECT_EQ(pod_of(c).spec->containers[0].image.view(), "i:2");
}

TEST(ApiServer, MatchLabelKeysTakeTheValuesOfEachPodOfASharedSpec) {
  World w;
  const Response first = w.create(kPod);
  api::PodAffinityTerm term;
  term.label_selector = api::LabelSelector{};
  term.topology_key = Symbol("zone");
  term.match_label_keys = {Symbol("rev")};
  api::PodAffinity anti;
  anti.required = {term};
  api::Affinity affinity;
  affinity.pod_anti_affinity = anti;
  api::PodSpec fresh;
  fresh.containers = {pod_of(first).spec->containers[0]};
  fresh.affinity = affinity;
  const api::Shared<api::PodSpec> spec(fresh);
  const api::LabelSet one(api::Labels({{Symbol("rev"), Symbol("1")}}));
  const api::LabelSet two(api::Labels({{Symbol("rev"), Symbol("2")}}));
  const auto value = [&](std::string_view name, const api::LabelSet& labels) {
    auto pod = make_ref<api::Pod>();
    pod->meta.namespace_ = Symbol("default");
    pod->meta.name = name;
    pod->meta.labels = labels;
    pod->spec = spec;
    Request request = w.about(Verb::kCreate, "v1", "Pod", name);
    request.object = pod;
    const Response made = w.call(std::move(request));
    CHECK(made.status.ok());
    const auto& merged = pod_of(made).spec->affinity->pod_anti_affinity->required.front();
    return merged.label_selector->match_expressions.at(0).values.at(0).str();
  };
  EXPECT_EQ(value("a", one), "1");
  EXPECT_EQ(value("b", two), "2");
  EXPECT_EQ(value("c", one), "1");
  EXPECT_EQ(value("d", two), "2");
}

}  // namespace
}  // namespace orrery
