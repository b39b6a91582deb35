// PodRecord: what a kubelet knows of one pod: which sandbox and containers run for it, and, only
// while something is going on, the work in flight. Plain data: pod_actions decides on it,
// pod_status reads it, PodWorker changes it. A steady pod keeps the record alone; `work` and
// `probes` are freed.
//
//     kActive --delete, done, deadline--> kTerminating --all stopped--> kTerminated --gone--> x
//        ^ admitted                       kRejected (admission said no; never ran) -----------> x
#pragma once

#include <memory>
#include <vector>

#include "core/api/pod.h"
#include "core/kubelet/backoff.h"
#include "core/runtime/event_loop.h"

namespace orrery::kubelet {

enum class ContainerStage : std::uint8_t { kNone, kCreated, kRunning, kExited };

/// What only a container with a problem needs.
struct ContainerTrouble {
  Backoff restart;
  Backoff pull;
  Symbol waiting_reason;  // why it could not be started; empty: no such problem
  Text waiting_message;
  Time failed_at;  // when that was
  Text exit_message;
};

struct ContainerRecord {
  Text id;
  Time started_at;
  Time finished_at;
  api::Shared<api::ContainerState> last_state;
  std::unique_ptr<ContainerTrouble> trouble;
  std::int32_t exit_code = 0;
  std::int32_t restart_count = 0;
  Symbol exit_reason;
  Symbol image_id;
  ContainerStage stage = ContainerStage::kNone;
  bool started = false;         // the startup probe, if any, has succeeded
  bool ready = false;           // the readiness probe, if any, succeeds
  bool stopping = false;        // a stop is in flight
  bool unhealthy = false;       // liveness or startup probe failed: to be killed
  bool startup_failed = false;  // which of the two it was

  ContainerTrouble& needs_trouble() {
    if (!trouble) trouble = std::make_unique<ContainerTrouble>();
    return *trouble;
  }
};

enum class PodStage : std::uint8_t { kActive, kTerminating, kTerminated, kRejected };

enum class StartStep : std::uint8_t { kIdle, kSandbox, kPull, kCreate, kStart, kPostStart };

/// What a pod needs while something is in flight or waited for.
struct PodWork {
  StartStep step = StartStep::kIdle;
  bool writing = false;  // a status write (or the read after a conflict) is in flight
  bool write_again = false;
  bool deleting = false;  // DELETE is in flight
  bool chained = false;   // between the steps of one start: no status is written
  bool sandbox_stopping = false;
  std::uint16_t container = 0;  // of `step`
  std::uint32_t serial = 0;     // of `step`: answers to earlier steps are dropped
  Duration grace{};             // of the termination
  Time ending_since;
  TimerId wake;
  Time wake_at = kNever;
  Time retry_sandbox_at;
  Symbol reject_reason;  // admission
  Text reject_message;
};

enum class ProbeResult : std::uint8_t { kUnknown, kFailure, kSuccess };

/// One probe of one container (upstream's prober worker).
struct ProbeWorker {
  std::uint16_t container = 0;
  std::uint8_t kind = 0;  // ProbeKind
  ProbeResult last = ProbeResult::kUnknown;
  bool in_flight = false;
  bool changed = false;  // the runtime said so while a probe was in flight
  bool on_hold = false;  // until the container is another one
  bool settled = false;  // would answer the same for ever
  std::int32_t run = 0;  // equal answers in a row
  std::uint32_t serial = 0;
  TimerId timer;
};

struct PodRecord {
  Ref<const api::Pod> pod;  // newest known
  Text sandbox_id;
  Text ip;
  Time synced_at;  // first seen by this kubelet: origin of the probes' ticks
  std::vector<ContainerRecord> containers;  // init containers first, in the order of the spec
  std::unique_ptr<PodWork> work;
  std::unique_ptr<std::vector<ProbeWorker>> probes;
  std::uint16_t inits = 0;  // how many of `containers` are init containers
  std::uint16_t sandbox_attempt = 0;
  PodStage stage = PodStage::kActive;
  bool sandbox_ready = false;
  bool initialized = false;  // a main container was created
  bool allocated = false;    // its requests count on the node
  bool deadline_exceeded = false;
  bool removed = false;  // no longer in the API

  bool is_init(std::size_t i) const { return i < inits; }
  const api::Container& spec_of(std::size_t i) const {
    const api::PodSpec& s = *pod->spec;
    return is_init(i) ? s.init_containers[i] : s.containers[i - inits];
  }
  /// An init container with restartPolicy Always.
  bool is_sidecar(std::size_t i) const;
  /// The container's index by name, or npos.
  std::size_t index_of(Symbol name) const;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
};

/// A record for a pod seen for the first time; nothing of it runs yet.
std::unique_ptr<PodRecord> new_record(Ref<const api::Pod> pod, Time now);
/// Why the container last ended, as a terminated state.
api::ContainerState terminated_state(const ContainerRecord& c);
/// "name_namespace(uid)", as kubelet's messages name a pod.
std::string describe(const api::Pod& pod);

}  // namespace orrery::kubelet
