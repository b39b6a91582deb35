// The swarm's own checks find what they look for: each test breaks one rule on purpose.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/swarm/draw_scenario.h"
#include "tests/swarm/final_checks.h"
#include "tests/swarm/safety_checks.h"

namespace orrery::swarm {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

// Seed 1, run to its end.
class SwarmChecks : public testing::Test {
 protected:
  SwarmChecks() {
    start([](Drawing&) {});
  }

  template <class Change>
  void start(Change change) {
    safety_.reset();
    simulation_.reset();
    drawing_ = draw_scenario(1, testing::TempDir());
    change(drawing_);
    drawing_.manifest_file += testing::UnitTest::GetInstance()->current_test_info()->name();
    drawing_.manifest_file += ".yaml";
    drawing_.scenario.manifests = {drawing_.manifest_file};
    std::ofstream(drawing_.manifest_file) << drawing_.manifest_text;
    simulation_ = std::make_unique<sim::Simulation>(drawing_.scenario);
    safety_ = std::make_unique<SafetyChecks>(*simulation_, drawing_);
    const Status prepared = simulation_->prepare();
    std::filesystem::remove(drawing_.manifest_file);
    ASSERT_TRUE(prepared.ok()) << prepared.message();
    simulation_->run({});
  }

  std::vector<Ref<const api::Pod>> running_pods() {
    std::vector<Ref<const api::Pod>> out;
    for (const api::ObjectRef& o : simulation_->store().table(api::KindId::kPod).sorted()) {
      Ref<const api::Pod> pod = api::as<api::Pod>(o);
      if (pod->status.phase == "Running") out.push_back(pod);
    }
    return out;
  }

  // Past the API server, which would refuse.
  template <class T, class Change>
  void write(const T& object, Change change) {
    const Ref<api::Object> copy = object.clone();
    change(static_cast<T&>(*copy));
    simulation_->store().put(copy, object.meta.resource_version, [](auto) {});
  }

  Drawing drawing_;
  std::unique_ptr<sim::Simulation> simulation_;
  std::unique_ptr<SafetyChecks> safety_;
};

TEST_F(SwarmChecks, SeeAPodThatIsBoundTwice) {
  ASSERT_THAT(safety_->problems(), IsEmpty());
  write(*running_pods().at(0), [](api::Pod& pod) { pod.node_name = Symbol("n-elsewhere"); });
  EXPECT_THAT(safety_->problems(), Contains(HasSubstr("was bound to")));
}

TEST_F(SwarmChecks, SeeTwoPodsWithOneAddress) {
  const auto pods = running_pods();
  ASSERT_GE(pods.size(), 2u);
  write(*pods[0], [&](api::Pod& pod) { pod.status.pod_ip = pods[1]->status.pod_ip; });
  EXPECT_THAT(safety_->problems(), Contains(HasSubstr("both have")));
}

TEST_F(SwarmChecks, SeeANodeOverItsCapacity) {
  const auto pod = running_pods().at(0);
  const api::ObjectRef* node =
      simulation_->store().find(api::KindId::kNode, Symbol(), pod->node_name.view());
  ASSERT_TRUE(node);
  write(static_cast<const api::Node&>(**node), [](api::Node& n) {
    n.status.allocatable.set(Symbol("pods"), api::Quantity::from_value(0));
  });
  EXPECT_THAT(safety_->problems(), Contains(HasSubstr("is over capacity: ")));
}

TEST_F(SwarmChecks, SeeAnObjectThatChangesItsUid) {
  const auto pods = running_pods();
  ASSERT_GE(pods.size(), 2u);
  write(*pods[0], [&](api::Pod& pod) { pod.meta.uid = pods[1]->meta.uid; });
  EXPECT_THAT(safety_->problems(), Contains(HasSubstr("changed its uid")));
}

TEST_F(SwarmChecks, SeeANodeThatNeverComesBackAndACacheThatLags) {
  ASSERT_THAT(final_problems(*simulation_, drawing_), IsEmpty());
  write(*running_pods().at(0), [](api::Pod& pod) { pod.status.message = Text("unseen"); });
  EXPECT_THAT(final_problems(*simulation_, drawing_),
              Contains(HasSubstr("differs from the store")));
  start([](Drawing& drawing) {
    sim::Action crash;
    crash.at = drawing.healed_at;
    crash.verb = sim::Verb::kFault;
    crash.fault = sim::Fault::kNodeCrash;
    crash.nodes = sim::NodeSelector{};
    crash.nodes->count = 1;
    drawing.scenario.actions.push_back(crash);
  });
  EXPECT_THAT(final_problems(*simulation_, drawing_), Contains(HasSubstr("is not usable again")));
}

}  // namespace
}  // namespace orrery::swarm
