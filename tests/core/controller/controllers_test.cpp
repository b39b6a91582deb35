// The controllers together, against the API server on a virtual clock.
#include "core/controller/controllers.h"

#include <gtest/gtest.h>

#include <memory>

#include "core/api/apps.h"
#include "core/api/config.h"
#include "core/client/event_recorder.h"
#include "tests/core/apiserver/world.h"

namespace orrery::controller {
namespace {

using nlohmann::json;
using test::World;

struct Cluster : World {
  explicit Cluster(ControllerOptions options = {}) {
    manager = std::make_unique<ControllerManager>(env, controller_client, informers, kinds,
                                                  std::move(options));
    informers.start();
    run_for(1s);
  }
  std::vector<api::ObjectRef> all(api::KindId kind) { return store.table(kind).sorted(); }
  Ref<const api::Pod> first_pod() { return api::as<api::Pod>(all(api::KindId::kPod).front()); }
  std::size_t pods() { return store.table(api::KindId::kPod).size(); }

  static json one_container() { return {{"containers", {{{"name", "c"}, {"image", "i"}}}}}; }
  void replica_set(int replicas, json pod_spec = one_container(), int min_ready_seconds = 0) {
    const json document = {
        {"apiVersion", "apps/v1"},
        {"kind", "ReplicaSet"},
        {"metadata", {{"name", "r"}}},
        {"spec",
         {{"replicas", replicas},
          {"minReadySeconds", min_ready_seconds},
          {"selector", {{"matchLabels", {{"app", "x"}}}}},
          {"template", {{"metadata", {{"labels", {{"app", "x"}}}}}, {"spec", pod_spec}}}}}};
    const Response response = create(document.dump());
    ASSERT_TRUE(response.status.ok()) << response.status.message();
  }
  Ref<const api::ReplicaSet> r() {
    return api::as<api::ReplicaSet>(all(api::KindId::kReplicaSet).front());
  }
  void make_ready(const api::Pod& pod) {
    Ref<api::Pod> changed(new api::Pod(pod));
    changed->meta.resource_version = 0;
    changed->status.phase = Symbol("Running");
    api::PodCondition ready;
    ready.type = Symbol("Ready");
    ready.status = Symbol("True");
    ready.last_transition_time = truncate_to_second(env.now());
    api::set_condition(changed->status, std::move(ready));
    Request request = about(Verb::kUpdate, "v1", "Pod", pod.meta.name.view());
    request.subresource = Subresource::kStatus;
    request.object = changed;
    client.call(std::move(request), {});
  }
  void bind(const api::Pod& pod, std::string_view node) {
    Request request = about(Verb::kCreate, "v1", "Pod", pod.meta.name.view());
    request.subresource = Subresource::kBinding;
    request.node = Symbol(node);
    ASSERT_TRUE(call(std::move(request)).status.ok());
  }
  std::vector<std::string> events() {
    std::vector<std::string> out;
    for (const api::ObjectRef& e : all(api::KindId::kEvent)) {
      const auto& event = static_cast<const api::Event&>(*e);
      out.push_back(event.reason.str() + ": " + event.message.str());
    }
    return out;
  }

  sim::LocalClient controller_client{env, server, {}, "kube-controller-manager"};
  Informers informers{env, controller_client};
  std::unique_ptr<ControllerManager> manager;
};

TEST(ReplicaSetController, MakesPodsThatShareWhatTheTemplateSays) {
  Cluster c;
  c.replica_set(700);  // more than one burst
  c.run_for(2s);
  ASSERT_EQ(c.pods(), 700u);
  EXPECT_EQ(c.r()->status.replicas, 700);
  const std::vector<api::ObjectRef> pods = c.all(api::KindId::kPod);
  int different = 0;
  for (const api::ObjectRef& object : pods) {
    const auto& pod = static_cast<const api::Pod&>(*object);
    const auto& other = static_cast<const api::Pod&>(*pods[350]);
    if (!pod.spec.same(other.spec) || !pod.meta.labels.same(other.meta.labels) ||
        !pod.meta.owner_references.same(other.meta.owner_references)) {
      ++different;
    }
  }
  EXPECT_LE(different, 1);  // the very first may have passed before its template was known
}

TEST(ReplicaSetController, StopsAtTheFirstErrorAndSaysSo) {
  Cluster c;
  const Counter& adds = c.metrics.counter("workqueue_retries_total{name=\"replicaset\"}");
  c.replica_set(50, {{"containers", {{{"name", "c"}, {"image", "i"}}}},
                     {"priorityClassName", "nope"}});
  c.run_for(1s);
  EXPECT_EQ(c.pods(), 0u);
  EXPECT_GT(adds.value, 0u);
  const api::WorkloadCondition* failure =
      api::find_condition(c.r()->status.conditions, "ReplicaFailure");
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->reason, "FailedCreate");
  EXPECT_NE(failure->message.view().find("no PriorityClass with name nope was found"),
            std::string_view::npos);
  bool told = false;
  for (const std::string& e : c.events()) told |= e.starts_with("FailedCreate: Error creating: ");
  EXPECT_TRUE(told);
}

TEST(ReplicaSetController, CountsPodsAvailableAfterMinReadySeconds) {
  Cluster c;
  c.replica_set(1, Cluster::one_container(), 30);
  c.make_ready(*c.first_pod());
  c.run_for(20s);
  EXPECT_EQ(c.r()->status.ready_replicas, 1);
  EXPECT_EQ(c.r()->status.available_replicas, 0);
  c.run_for(12s);
  EXPECT_EQ(c.r()->status.available_replicas, 1);
}

TEST(ReplicaSetController, ReplacesPodsThatFail) {
  Cluster c;
  c.replica_set(3);
  Ref<api::Pod> failed(new api::Pod(*c.first_pod()));
  failed->status.phase = Symbol("Failed");
  failed->meta.resource_version = 0;
  Request request = c.about(Verb::kUpdate, "v1", "Pod", failed->meta.name.view());
  request.subresource = Subresource::kStatus;
  request.object = failed;
  ASSERT_TRUE(c.call(std::move(request)).status.ok());
  c.run_for(5s);
  EXPECT_EQ(c.pods(), 4u);
  EXPECT_EQ(c.r()->status.replicas, 3);
}

TEST(ReplicaSetController, WritesStatusOnceForABatchOfReadyPods) {
  ControllerOptions options;
  options.status_batch = 500ms;
  Cluster c(options);
  c.replica_set(200);
  c.run_for(1s);
  const api::Revision before = c.r()->meta.resource_version;
  int writes = 0;
  c.store.add_observer([&](const store::Change& change) {
    if (change.now->kind == api::KindId::kReplicaSet) ++writes;
  });
  for (const api::ObjectRef& pod : c.all(api::KindId::kPod)) {
    c.make_ready(static_cast<const api::Pod&>(*pod));
    c.run_for(1ms);
  }
  c.run_for(2s);
  EXPECT_EQ(c.r()->status.ready_replicas, 200);
  EXPECT_GT(c.r()->meta.resource_version, before);
  EXPECT_LE(writes, 3);
}

TEST(PodGc, RemovesPodsOfANodeThatIsGone) {
  Cluster c;
  ASSERT_TRUE(c.create(R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"n"}})").status.ok());
  c.replica_set(1);
  const std::string name = c.first_pod()->meta.name.str();
  c.bind(*c.first_pod(), "n");
  ASSERT_TRUE(c.remove("v1", "Node", "n").status.ok());
  c.run_for(30s);
  EXPECT_EQ(c.first_pod()->meta.name, name);  // in quarantine
  c.run_for(20s);
  ASSERT_EQ(c.pods(), 1u);
  EXPECT_NE(c.first_pod()->meta.name.str(), name);
}

TEST(NamespaceController, EmptiesANamespaceBeforeItGoes) {
  Cluster c;
  ASSERT_TRUE(
      c.create(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"gone"}})").status.ok());
  for (int i = 0; i < 3; ++i) {
    Request request = c.about(Verb::kCreate, "v1", "ConfigMap");
    request.namespace_ = Symbol("gone");
    request.document = api::RawRef(json{{"apiVersion", "v1"},
                                        {"kind", "ConfigMap"},
                                        {"metadata", {{"name", "m" + std::to_string(i)}}}});
    ASSERT_TRUE(c.call(std::move(request)).status.ok());
  }
  EXPECT_TRUE(c.store.find(api::KindId::kServiceAccount, Symbol("gone"), "default"));
  ASSERT_TRUE(c.remove("v1", "Namespace", "gone").status.ok());
  c.run_for(10s);
  EXPECT_EQ(c.store.table(api::KindId::kConfigMap).size(), 0u);
  EXPECT_FALSE(c.store.find(api::KindId::kServiceAccount, Symbol("gone"), "default"));
  EXPECT_EQ(c.get("v1", "Namespace", "gone").status.reason(), Reason::kNotFound);
}

TEST(ServiceAccountController, BringsTheDefaultAccountBack) {
  Cluster c;
  ASSERT_TRUE(c.remove("v1", "ServiceAccount", "default").status.ok());
  c.run_for(1s);
  EXPECT_TRUE(c.get("v1", "ServiceAccount", "default").status.ok());
}

TEST(GarbageCollector, DeletesWhatNamesAnOwnerInAnotherNamespace) {
  Cluster c;
  ASSERT_TRUE(
      c.create(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"far"}})").status.ok());
  Request request = c.about(Verb::kCreate, "v1", "ConfigMap");
  request.namespace_ = Symbol("far");
  request.document =
      api::RawRef(json{{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"metadata", {{"name", "o"}}}});
  const Response owner = c.call(std::move(request));
  ASSERT_TRUE(owner.status.ok());
  json child = {{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"metadata", {{"name", "child"}}}};
  child["metadata"]["ownerReferences"] = json::array({{{"apiVersion", "v1"},
                                                       {"kind", "ConfigMap"},
                                                       {"name", "o"},
                                                       {"uid", owner.object->meta.uid.str()}}});
  ASSERT_TRUE(c.create(child.dump()).status.ok());
  c.run_for(1s);
  EXPECT_FALSE(c.get("v1", "ConfigMap", "child").status.ok());
  EXPECT_EQ(c.store.table(api::KindId::kConfigMap).size(), 1u);
}

TEST(GarbageCollector, BreaksACircleOfForegroundDeletions) {
  Cluster c;
  const auto make = [&](const std::string& name) {
    const Response r = c.create(json{{"apiVersion", "v1"},
                                     {"kind", "ConfigMap"},
                                     {"metadata", {{"name", name}}}}.dump());
    return r.object->meta.uid.str();
  };
  const std::string a = make("a"), b = make("b");
  const auto own = [&](const std::string& child, const std::string& owner, const std::string& uid) {
    const json reference = {{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"name", owner},
                            {"uid", uid},         {"blockOwnerDeletion", true}};
    const json patch = {{"metadata", {{"ownerReferences", json::array({reference})}}}};
    return c.patch("v1", "ConfigMap", child, PatchType::kMerge, patch.dump()).status.ok();
  };
  ASSERT_TRUE(own("a", "b", b));
  ASSERT_TRUE(own("b", "a", a));
  DeleteOptions options;
  options.propagation = Propagation::kForeground;
  ASSERT_TRUE(c.remove("v1", "ConfigMap", "a", options).status.ok());
  c.run_for(5s);
  EXPECT_EQ(c.store.table(api::KindId::kConfigMap).size(), 0u);
}

TEST(ControllerManager, NamesWhatItDoesNotKnow) {
  ControllerOptions options;
  options.enabled = {"deployment", "nonsense"};
  EXPECT_EQ(ControllerManager::unknown_names(options), std::vector<std::string>{"nonsense"});
}

}  // namespace
}  // namespace orrery::controller
