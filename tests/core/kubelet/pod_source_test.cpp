#include "core/kubelet/pod_source.h"

#include <gtest/gtest.h>

#include "tests/core/kubelet/kubelet_world.h"

namespace orrery::kubelet {
namespace {

// Answers one LIST and keeps the watch's sink, so that a test can send events.
class ListAndWatch final : public Client {
 public:
  explicit ListAndWatch(EventLoop& loop) : loop_(loop) {}
  void call(Request request, Callback<void(Response)> done) override {
    field_selector = request.list.field_selector;
    Response response;
    response.items = items;
    response.revision = 10;
    loop_.post([response = std::move(response), done = std::move(done)]() mutable {
      done(std::move(response));
    });
  }
  std::unique_ptr<Watch> watch(WatchRequest, WatchSink& s) override {
    sink = &s;
    return std::make_unique<Watch>();
  }
  void send(WatchType type, Ref<api::Pod> pod) {
    pod->meta.resource_version = ++revision_;
    const WatchEvent event{type, pod, revision_};
    sink->on_events({&event, 1});
  }
  std::vector<api::ObjectRef> items;
  std::string field_selector;
  WatchSink* sink = nullptr;

 private:
  EventLoop& loop_;
  api::Revision revision_ = 10;
};

class Heard final : public PodSink {
 public:
  void on_pod_added(Ref<const api::Pod> pod) override { note("added", *pod); }
  void on_pod_updated(Ref<const api::Pod> pod) override { note("updated", *pod); }
  void on_pod_removed(Ref<const api::Pod> pod) override { note("removed", *pod); }
  void on_pods_synced() override { lines.push_back("synced"); }
  std::vector<std::string> lines;

 private:
  void note(const char* what, const api::Pod& pod) {
    lines.push_back(std::string(what) + " " + pod.meta.name.str());
  }
};

Ref<api::Pod> pod_on(const char* name, const char* node) {
  Ref<api::Pod> pod = KubeletWorld::pod(name);
  pod->node_name = Symbol(node);
  pod->meta.resource_version = 1;
  return pod;
}

class PodSources : public testing::Test {
 protected:
  using Lines = std::vector<std::string>;
  sim::SimDriver driver{kStart};
  EventLoop loop{driver};
  Random random{7};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  ListAndWatch client{loop};
  Heard one, two;
};

TEST_F(PodSources, SharedSourceTellsEachNodeOfItsOwnPods) {
  Informers informers(env, client);
  SharedPodSource source(informers.get<api::Pod>());
  client.items = {pod_on("a", "n1"), pod_on("b", "n2"), pod_on("free", "")};
  source.subscribe(Symbol("n1"), one);
  source.subscribe(Symbol("n2"), two);
  informers.start();
  loop.run();
  EXPECT_EQ(one.lines, (Lines{"added a", "synced"}));
  EXPECT_EQ(two.lines, (Lines{"added b", "synced"}));
  client.send(WatchType::kModified, pod_on("free", "n1"));  // bound now
  client.send(WatchType::kModified, pod_on("free", "n1"));
  client.send(WatchType::kDeleted, pod_on("free", "n1"));
  EXPECT_EQ(one.lines, (Lines{"added a", "synced", "added free", "updated free", "removed free"}));
  EXPECT_EQ(two.lines.size(), 2u);
}

TEST_F(PodSources, SharedSourceReplaysToALateSubscriber) {
  Informers informers(env, client);
  SharedPodSource source(informers.get<api::Pod>());
  client.items = {pod_on("a", "n1"), pod_on("b", "n1")};
  informers.start();
  loop.run();
  source.subscribe(Symbol("n1"), one);
  EXPECT_EQ(one.lines, (Lines{"added a", "added b", "synced"}));
  source.unsubscribe(Symbol("n1"));
  client.send(WatchType::kModified, pod_on("a", "n1"));
  EXPECT_EQ(one.lines.size(), 3u);
}

TEST_F(PodSources, ANamesakeIsAnotherPod) {
  Informers informers(env, client);
  SharedPodSource source(informers.get<api::Pod>());
  client.items = {pod_on("a", "n1")};
  source.subscribe(Symbol("n1"), one);
  informers.start();
  loop.run();
  Ref<api::Pod> next = pod_on("a", "n1");
  next->meta.uid = Uid::parse("another");
  client.send(WatchType::kModified, next);
  EXPECT_EQ(one.lines, (Lines{"added a", "synced", "removed a", "added a"}));
}

TEST_F(PodSources, InformerSourceAsksForItsNodeAlone) {
  InformerPodSource source(env, client);
  client.items = {pod_on("a", "n1")};
  source.subscribe(Symbol("n1"), one);
  loop.run();
  EXPECT_EQ(client.field_selector, "spec.nodeName=n1");
  client.send(WatchType::kDeleted, pod_on("a", "n1"));
  EXPECT_EQ(one.lines, (Lines{"added a", "synced", "removed a"}));
}

}  // namespace
}  // namespace orrery::kubelet
