// VolumeBinding from Reserve to the end of PreBind; the client stores volumes and claims.
#include <gtest/gtest.h>

#include <map>

#include "tests/core/scheduler/volume_world.h"

namespace orrery::scheduler::test {
namespace {

constexpr Watched kPv = Watched::kPersistentVolume;
constexpr Watched kPvc = Watched::kPersistentVolumeClaim;

/// Stores what is written and tells the cache, as server and informer would.
class VolumeClient final : public Client {
 public:
  VolumeClient(Env& env, SchedulerCache& cache) : env_(env), cache_(cache) {}

  std::string refusal;  // not empty: writes fail
  std::vector<std::string> writes;

  void put(Watched kind, Ref<api::Object> object) {
    object->meta.resource_version = ++revision_;
    api::ObjectRef& stored = stored_[object->meta.name.str()];
    cache_.on_object(kind, stored, object);
    stored = object;
  }
  template <class T>
  Ref<T> copy(const std::string& name) {
    return copy_of(Ref<const T>(static_cast<const T*>(stored_.at(name).get())));
  }
  void call(Request request, Callback<void(Response)> done) override {
    CHECK(request.verb == Verb::kUpdate);
    Response response;
    writes.push_back(request.object->meta.name.str());
    if (!refusal.empty()) {
      response.status = bad_request(refusal);
    } else {
      const bool is_volume = request.kind == api::KindId::kPersistentVolume;
      Ref<api::Object> object = request.object->clone();
      put(is_volume ? kPv : kPvc, object);
      response.object = object;
    }
    env_.loop.post([done = std::move(done), response = std::move(response)]() mutable {
      done(std::move(response));
    });
  }
  std::unique_ptr<Watch> watch(WatchRequest, WatchSink&) override { return nullptr; }

 private:
  Env& env_;
  SchedulerCache& cache_;
  std::map<std::string, api::ObjectRef> stored_;
  api::Revision revision_ = 0;
};

struct Outcome final : Completer {
  void complete(std::uint64_t, Verdict v, std::string m) override {
    ++calls;
    verdict = std::move(v);
    message = std::move(m);
  }
  int calls = 0;
  Verdict verdict;
  std::string message;
};

struct BindingWorld : VolumeWorld {
  VolumeClient store{env, cache};
  std::unique_ptr<Framework> binding;
  Outcome outcome;
  CycleState state;

  BindingWorld() {
    Profile profile = default_profile();
    VolumeBindingArgs args;
    args.bind_timeout_seconds = 10;
    profile.args["VolumeBinding"] = args;
    auto made = Framework::make(profile, built_in_plugins(), {env, store, cache});
    CHECK(made.ok());
    binding = std::move(*made);
    add_node("n0");
  }
  void put(const Doc& doc) { store.put(doc.kind, make_object(doc)); }
  /// Filter and Reserve on n0: whether the pod fits.
  bool reserve(const Ref<api::Pod>& pod) {
    state = CycleState();
    NodeNames names;
    std::uint64_t narrowed = 0;
    if (!binding->run_pre_filter(state, *pod, names, narrowed).ok()) return false;
    const NodeInfo node = cache.node(cache.find_node(Symbol("n0")));
    if (!binding->run_filter(state, *pod, node).ok()) return false;
    for (ReservePlugin* plugin : binding->reserves()) {
      if (!plugin->reserve(state, *pod, node).ok()) return false;
    }
    return true;
  }
  void unreserve(const Ref<api::Pod>& pod) {
    for (ReservePlugin* plugin : binding->reserves()) {
      plugin->unreserve(state, *pod, Symbol("n0"));
    }
  }
  /// How many PreBind plugins have something to do.
  int pre_bind(const Ref<api::Pod>& pod) {
    int started = 0;
    for (PreBindPlugin* plugin : binding->pre_binds()) {
      started += plugin->pre_bind(state, pod, Symbol("n0"), Completion{&outcome, 1});
    }
    return started;
  }
  void run_for(int seconds) { loop.run(env.now() + std::chrono::seconds(seconds)); }
  void bind_claim(const std::string& volume) {
    auto claim = store.copy<api::PersistentVolumeClaim>("c");
    claim->spec.volume_name = Text(volume);
    api::set(claim->meta.annotations, "pv.kubernetes.io/bind-completed", "yes");
    store.put(kPvc, claim);
  }
};

const Doc kStatic{Watched::kStorageClass,
                  "{'metadata':{'name':'wait'},'provisioner':'kubernetes.io/no-provisioner',"
                  "'volumeBindingMode':'WaitForFirstConsumer'}"};
const Doc kDynamic{Watched::kStorageClass,
                   "{'metadata':{'name':'wait'},'provisioner':'csi.a',"
                   "'volumeBindingMode':'WaitForFirstConsumer'}"};
const Doc kClaim{kPvc, "{'metadata':{'name':'c'},'spec':{'storageClassName':'wait',"
                       "'resources':{'requests':{'storage':'1Gi'}}}}"};

Doc sized(const std::string& name, const std::string& size) {
  return {kPv, "{'metadata':{'name':'" + name + "'},'spec':{'storageClassName':'wait','capacity':"
               "{'storage':'" + size + "'}},'status':{'phase':'Available'}}"};
}

TEST(VolumeBinding, WritesTheClaimIntoTheSmallestVolumeAndWaitsUntilTheClaimIsBound) {
  BindingWorld world;
  for (const Doc& d : {kStatic, kClaim, sized("big", "9Gi"), sized("fit", "2Gi")}) world.put(d);
  const auto pod = pod_with("p", claims({"c"}));
  ASSERT_TRUE(world.reserve(pod));
  ASSERT_EQ(world.pre_bind(pod), 1);
  world.run_for(5);
  ASSERT_EQ(world.store.writes, std::vector<std::string>{"fit"});
  const auto written = world.store.copy<api::PersistentVolume>("fit");
  ASSERT_TRUE(written->spec.claim_ref);
  EXPECT_EQ(written->spec.claim_ref->name, "c");
  EXPECT_EQ(written->spec.claim_ref->uid, Uid::parse("claim-c"));
  EXPECT_NE(api::find(written->meta.annotations, "pv.kubernetes.io/bound-by-controller"), nullptr);
  EXPECT_EQ(world.outcome.calls, 0);
  world.bind_claim("fit");
  world.run_for(2);
  EXPECT_EQ(world.outcome.calls, 1);
  EXPECT_TRUE(world.outcome.verdict.ok());
}

TEST(VolumeBinding, WritesTheSelectedNodeIntoAClaimToProvision) {
  BindingWorld world;
  for (const Doc& d : {kDynamic, kClaim}) world.put(d);
  const auto pod = pod_with("p", claims({"c"}));
  ASSERT_TRUE(world.reserve(pod));
  ASSERT_EQ(world.pre_bind(pod), 1);
  world.run_for(2);
  const auto claim = world.store.copy<api::PersistentVolumeClaim>("c");
  const Text* node = api::find(claim->meta.annotations, "volume.kubernetes.io/selected-node");
  ASSERT_NE(node, nullptr);
  EXPECT_EQ(*node, "n0");
  world.put(sized("made", "1Gi"));
  world.bind_claim("made");
  world.run_for(2);
  EXPECT_EQ(world.outcome.calls, 1);
  EXPECT_TRUE(world.outcome.verdict.ok());
}

TEST(VolumeBinding, FailsWhenTheProvisionerTakesTheSelectedNodeAway) {
  BindingWorld world;
  for (const Doc& d : {kDynamic, kClaim}) world.put(d);
  const auto pod = pod_with("p", claims({"c"}));
  ASSERT_TRUE(world.reserve(pod));
  world.pre_bind(pod);
  world.run_for(2);
  auto claim = world.store.copy<api::PersistentVolumeClaim>("c");
  api::erase(claim->meta.annotations, "volume.kubernetes.io/selected-node");
  api::set(claim->meta.annotations, "x", "y");
  world.store.put(kPvc, claim);
  world.run_for(2);
  ASSERT_EQ(world.outcome.calls, 1);
  EXPECT_EQ(world.outcome.verdict.code, Code::kError);
  EXPECT_EQ(world.outcome.message,
            "running PreBind plugin \"VolumeBinding\": binding volumes: provisioning failed for "
            "PVC \"c\"");
}

TEST(VolumeBinding, GivesUpAfterTheBindTimeout) {
  BindingWorld world;
  for (const Doc& d : {kDynamic, kClaim}) world.put(d);
  const auto pod = pod_with("p", claims({"c"}));
  ASSERT_TRUE(world.reserve(pod));
  world.pre_bind(pod);
  world.run_for(9);
  EXPECT_EQ(world.outcome.calls, 0);
  world.run_for(3);
  ASSERT_EQ(world.outcome.calls, 1);
  EXPECT_EQ(world.outcome.message,
            "running PreBind plugin \"VolumeBinding\": binding volumes: context deadline exceeded");
}

TEST(VolumeBinding, KeepsAnAssumedVolumeFromOtherPodsUntilUnreserve) {
  BindingWorld world;
  Doc other = kClaim;
  other.text.replace(other.text.find("'c'"), 3, "'d'");
  for (const Doc& d : {kStatic, kClaim, other, sized("v", "2Gi")}) world.put(d);
  const auto first = pod_with("p", claims({"c"})), second = pod_with("q", claims({"d"}));
  ASSERT_TRUE(world.reserve(first));
  EXPECT_FALSE(world.reserve(second));
  EXPECT_TRUE(world.reserve(pod_with("r", claims({"c"}))));  // shares the claim and so the volume
  world.unreserve(first);
  world.unreserve(first);  // idempotent
  EXPECT_TRUE(world.reserve(second));
}

TEST(VolumeBinding, ReportsARefusedWrite) {
  BindingWorld world;
  for (const Doc& d : {kStatic, kClaim, sized("v", "2Gi")}) world.put(d);
  world.store.refusal = "no";
  const auto pod = pod_with("p", claims({"c"}));
  ASSERT_TRUE(world.reserve(pod));
  world.pre_bind(pod);
  world.run_for(1);
  ASSERT_EQ(world.outcome.calls, 1);
  EXPECT_EQ(world.outcome.message, "running PreBind plugin \"VolumeBinding\": no");
  world.unreserve(pod);
  world.store.refusal.clear();
  EXPECT_TRUE(world.reserve(pod));
}

TEST(VolumeBinding, HasNothingToDoForBoundClaims) {
  BindingWorld world;
  for (const Doc& d : {kStatic, kClaim, sized("v", "2Gi")}) world.put(d);
  world.bind_claim("v");
  const auto pod = pod_with("p", claims({"c"}));
  ASSERT_TRUE(world.reserve(pod));
  EXPECT_EQ(world.pre_bind(pod), 0);
  EXPECT_TRUE(world.store.writes.empty());
}

}  // namespace
}  // namespace orrery::scheduler::test
