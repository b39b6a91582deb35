// SmallCluster: a whole run of three nodes and the Deployment "hello" (three replicas) of
// scenarios/workloads/hello, with a script of the test's own. Run it, then look at what is left.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/apps.h"
#include "core/api/node.h"
#include "sim/cluster/simulation.h"
#include "sim/scenario/scenario_reader.h"

namespace orrery::sim {

class SmallCluster {
 public:
  /// `rest`: lines of the scenario's spec at two spaces, e.g. `  actions: [...]`.
  explicit SmallCluster(std::string_view rest) {
    const std::string text = fmt::format(
        "apiVersion: orrery.dev/v1alpha1\nkind: Scenario\nmetadata: {{name: small}}\nspec:\n"
        "  until: 4m\n"
        "  cluster: {{nodePools: [{{name: node, count: 3, cpu: \"2\", memory: 4Gi}}]}}\n"
        "  manifests: [workloads/hello]\n{}\n",
        rest);
    Result<Scenario> scenario = parse_scenario(text, "scenarios/small.yaml", true);
    if (!scenario.ok()) {
      ADD_FAILURE() << scenario.status().message();
      return;
    }
    run_ = std::make_unique<Simulation>(std::move(*scenario));
    const Status prepared = run_->prepare();
    EXPECT_TRUE(prepared.ok()) << prepared.message();
    run_->run({});
    summary_ = run_->summarise();
  }

  Recorder& recorder() { return run_->recorder(); }
  const results::Summary& summary() const { return summary_; }

  const api::Deployment& hello() {
    const api::ObjectRef* found =
        run_->store().find(api::KindId::kDeployment, Symbol("default"), "hello");
    CHECK(found != nullptr);
    return static_cast<const api::Deployment&>(**found);
  }
  bool is_cordoned(std::string_view node) {
    const api::ObjectRef* found = run_->store().find(api::KindId::kNode, Symbol(), node);
    CHECK(found != nullptr);
    return static_cast<const api::Node&>(**found).spec.unschedulable;
  }
  /// Pods that are not on their way out.
  std::vector<Ref<const api::Pod>> pods() {
    std::vector<Ref<const api::Pod>> out;
    for (const api::ObjectRef& o : run_->store().table(api::KindId::kPod).sorted()) {
      Ref<const api::Pod> pod(static_cast<const api::Pod*>(o.get()));
      if (!pod->meta.is_being_deleted()) out.push_back(std::move(pod));
    }
    return out;
  }
  std::size_t pods_on(std::string_view node) {
    std::size_t count = 0;
    for (const auto& pod : pods()) count += pod->node_name == node;
    return count;
  }
  /// The timeline has a line of this kind and text.
  bool happened(std::string_view kind, std::string_view what) const {
    for (const results::Happening& h : summary_.happened) {
      if (h.kind == kind && h.what.find(what) != std::string::npos) return true;
    }
    return false;
  }

 private:
  std::unique_ptr<Simulation> run_;
  results::Summary summary_;
};

}  // namespace orrery::sim
