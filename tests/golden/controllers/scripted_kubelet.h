// ScriptedKubelet: does to pods what the recording's script did, told by the recorded action texts
// ("tick: bound 5, removed 0 terminating pods, made 5 pod(s) ready", "terminating pods removed",
// ...).
#pragma once

#include <string>
#include <string_view>

#include "core/api/pod.h"
#include "tests/golden/controllers/trace_world.h"

namespace orrery::golden {

class ScriptedKubelet {
 public:
  explicit ScriptedKubelet(TraceWorld& world) : world_(world) {}
  /// False if the text is none that it knows.
  bool act(std::string_view text);
  /// Binds the pod to n0 if it is not bound, then makes it Running and Ready.
  void make_ready(std::string_view pod);

 private:
  using PodRef = Ref<const api::Pod>;
  std::vector<PodRef> pods() const;  // oldest first, then by name
  void tick(int ready_max);
  void bind_all();
  void bind(const api::Pod& pod);
  void run(const api::Pod& pod);
  void finish(const api::Pod& pod, int exit_code);
  void finish_all(std::string_view index_and_code);
  void ready_in_each_deployment(int count);
  void remove_terminating(const std::vector<PodRef>& terminating);
  std::vector<PodRef> terminating() const;
  void write_status(const api::Pod& pod, api::PodStatus status);
  TraceWorld& world_;
};

}  // namespace orrery::golden
