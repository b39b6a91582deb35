// A scheduler against the real API server of this process, for tests of whole behaviours: what it
// asks of the server is written down in `calls`. There is no kubelet: bound pods are only bound,
// and a deleted one stays until finish().
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/scheduler/scheduler.h"
#include "tests/core/apiserver/world.h"

namespace orrery::scheduler::test {

/// Passes everything on, and keeps "update pods/web-0/status" and the like of what changes pods.
class RecordingClient final : public Client {
 public:
  explicit RecordingClient(Client& inner) : inner_(inner) {}
  std::vector<std::string> calls;

  void call(Request request, Callback<void(Response)> done) override {
    if (request.kind == api::KindId::kPod && request.verb != Verb::kList) {
      const bool is_status = request.subresource == Subresource::kStatus;
      calls.push_back(std::string(request.verb == Verb::kDelete ? "delete " :
                                  request.verb == Verb::kCreate ? "bind " : "update ") +
                      request.name.str() + (is_status ? "/status" : ""));
    }
    inner_.call(std::move(request), std::move(done));
  }
  std::unique_ptr<Watch> watch(WatchRequest request, WatchSink& sink) override {
    return inner_.watch(std::move(request), sink);
  }

 private:
  Client& inner_;
};

struct PodWish {
  std::string name;
  std::string cpu = "1";
  std::string priority_class;  // low 10, mid 100, high 1000, higher 2000, polite 1000
  std::string node;            // empty: the scheduler's choice
  std::string labels = "{}";
  std::string more_spec;       // R"(,"field":...)"
};

struct ApiWorld : orrery::test::World {
  using json = orrery::test::json;

  sim::LocalClient link;
  RecordingClient own{link};
  Informers informers{env, own};
  EventRecorder recorder{env, own, Symbol("default-scheduler")};
  Scheduler scheduler;

  explicit ApiWorld(SchedulerConfig config = {}, sim::LinkModel model = {})
      : link(env, server, model, "kube-scheduler"),
        scheduler(env, own, informers, recorder, with_kinds(std::move(config))) {
    add_class("low", 10);
    add_class("mid", 100);
    add_class("high", 1000);
    add_class("higher", 2000);
    add_class("polite", 1000, R"(,"preemptionPolicy":"Never")");
    CHECK(scheduler.start().ok());
    informers.start();
  }
  void must_create(const std::string& text) {
    const Response made = create(text);
    if (!made.status.ok()) ADD_FAILURE() << made.status.message() << "\n" << text;
  }
  void add_class(const std::string& name, int value, const std::string& more = "") {
    must_create(R"({"apiVersion":"scheduling.k8s.io/v1","kind":"PriorityClass",
                "metadata":{"name":")" + name + R"("},"value":)" + std::to_string(value) + more + "}");
  }
  void add_node(const std::string& name, const std::string& cpu) {
    const std::string amounts = R"({"cpu":")" + cpu + R"(","memory":"4Gi","pods":"50"})";
    must_create(R"({"apiVersion":"v1","kind":"Node","metadata":{"name":")" + name +
                R"("},"status":{"allocatable":)" + amounts + R"(,"capacity":)" + amounts + "}}");
  }
  void add_pod(const PodWish& wish) {
    std::string spec = wish.more_spec;
    if (!wish.priority_class.empty()) {
      spec += R"(,"priorityClassName":")" + wish.priority_class + R"(")";
    }
    if (!wish.node.empty()) spec += R"(,"nodeName":")" + wish.node + R"(")";
    must_create(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")" + wish.name +
                R"(","labels":)" + wish.labels +
                R"(},"spec":{"containers":[{"name":"c","image":"app:1",
                "resources":{"requests":{"cpu":")" +
                wish.cpu + R"("}}}])" + spec + "}}");
  }
  json pod(const std::string& name) { return encode(get("v1", "Pod", name)); }
  std::string node_of(const std::string& name) { return pod(name)["spec"].value("nodeName", ""); }
  std::string nominated(const std::string& name) {
    return pod(name)["status"].value("nominatedNodeName", "");
  }
  bool is_dying(const std::string& name) {
    return pod(name)["metadata"].contains("deletionTimestamp");
  }
  /// Reason and message of a condition of the pod; empty if it has none.
  std::string condition(const std::string& name, const std::string& type) {
    const json document = pod(name);
    for (const json& c : document["status"].value("conditions", json::array())) {
      if (c["type"] == type) return c.value("reason", "") + ": " + c.value("message", "");
    }
    return "";
  }
  /// What the kubelet does at the end of a pod; also takes away what runs nowhere.
  void finish(const std::string& name) { remove("v1", "Pod", name, {.grace_period_seconds = 0}); }
  /// "object: message" of the events with this reason, sorted.
  std::vector<std::string> events(const std::string& reason) {
    std::vector<std::string> out;
    Request list = about(Verb::kList, "v1", "Event");
    for (const api::ObjectRef& item : call(std::move(list)).items) {
      const json event = api::encode_object(kinds, *item);
      if (event["reason"] != reason) continue;
      out.push_back(event["involvedObject"].value("name", "") + ": " + event.value("message", ""));
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  Symbol nominated_in_cache(const std::string& name) {
    return scheduler.cache().nominated_node(get("v1", "Pod", name).object->meta.uid);
  }

 private:
  SchedulerConfig with_kinds(SchedulerConfig config) const {
    config.kinds = &kinds;
    return config;
  }
};

}  // namespace orrery::scheduler::test
