// A world with pod groups of either kind, for tests of gangs.
#pragma once

#include <string>

#include "tests/core/scheduler/api_world.h"

namespace orrery::scheduler::test {

enum class Flavour { kCore, kCoscheduling };

struct GangWorld : ApiWorld {
  explicit GangWorld(Flavour f) : flavour(f) {}

  void add_group(const std::string& name, int minimum) {
    const std::string meta = R"("kind":"PodGroup","metadata":{"name":")" + name + R"("},"spec":)";
    const std::string count = std::to_string(minimum);
    must_create(flavour == Flavour::kCore
                    ? R"({"apiVersion":"scheduling.k8s.io/v1alpha2",)" + meta +
                          R"({"schedulingPolicy":{"gang":{"minCount":)" + count + "}}}}"
                    : R"({"apiVersion":"scheduling.x-k8s.io/v1alpha1",)" + meta +
                          R"({"minMember":)" + count + "}}");
  }
  void add_member(const std::string& group, const std::string& name, const std::string& more = "",
                  const std::string& cpu = "1") {
    PodWish wish{name, cpu};
    wish.more_spec = more;
    if (flavour == Flavour::kCore) {
      wish.more_spec += R"(,"schedulingGroup":{"podGroupName":")" + group + R"("})";
    } else {
      wish.labels = R"({"scheduling.x-k8s.io/pod-group":")" + group + R"("})";
    }
    add_pod(wish);
  }
  void add_members(const std::string& group, int count) {
    for (int i = 0; i < count; ++i) add_member(group, group + std::to_string(i));
  }
  /// How many pods whose name begins so are bound.
  int bound(const std::string& prefix) {
    int count = 0;
    for (const api::ObjectRef& o : call(about(Verb::kList, "v1", "Pod")).items) {
      const auto& pod = static_cast<const api::Pod&>(*o);
      count += pod.meta.name.view().starts_with(prefix) && !pod.node_name.empty();
    }
    return count;
  }
  void finish_all(const std::string& prefix) {
    for (const api::ObjectRef& o : call(about(Verb::kList, "v1", "Pod")).items) {
      if (o->meta.name.view().starts_with(prefix)) finish(o->meta.name.str());
    }
  }
  Flavour flavour;
};

}  // namespace orrery::scheduler::test
