// TracePlayer: pods that arrive and leave at recorded instants. Pods of one shape share one spec,
// so a trace of a million pods costs little more than its times. Writes through a client of its
// own.
#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "core/api/pod.h"
#include "core/ports/client.h"
#include "core/runtime/env.h"
#include "sim/cluster/journal.h"
#include "sim/scenario/trace_import.h"

namespace orrery::sim {

class TracePlayer {
 public:
  TracePlayer(Env& env, Client& client, Journal& journal, ImportedTrace trace, Symbol ns);
  /// Sets one timer for the next arrival, and one for each pod's departure as it arrives.
  void start();
  std::size_t pods() const { return trace_.pods.size(); }

 private:
  void arrive();
  void create(const TracePod& pod);
  api::Shared<api::PodSpec> spec_of(const TracePod& pod);

  Env& env_;
  Client& client_;
  Journal& journal_;
  ImportedTrace trace_;
  Symbol namespace_;
  Time start_;
  std::size_t next_ = 0;
  using Shape =
      std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::vector<std::string>>;
  std::map<Shape, api::Shared<api::PodSpec>> specs_;
};

}  // namespace orrery::sim
