#include "core/kubelet/pod_actions.h"

#include <algorithm>

#include "core/kubelet/words.h"

namespace orrery::kubelet {
namespace {

bool is_up(const ContainerRecord& c) { return c.stage == ContainerStage::kRunning; }
bool exited_well(const ContainerRecord& c) {
  return c.stage == ContainerStage::kExited && c.exit_code == 0;
}

class Decision {
 public:
  Decision(const PodRecord& pod, const KubeletConfig& config, Time now)
      : pod_(pod), config_(config), now_(now) {}

  PodActions take() {
    if (deadline()) return std::move(actions_);
    if (!pod_.sandbox_ready) {
      sandbox();
    } else if (init_containers()) {
      main_containers();
    }
    return std::move(actions_);
  }

 private:
  bool deadline() {
    const auto& limit = pod_.pod->spec->active_deadline_seconds;
    if (!limit) return false;
    const Time start =
        is_set(pod_.pod->status.start_time) ? pod_.pod->status.start_time : pod_.synced_at;
    const Time end = start + std::chrono::seconds(*limit);
    if (now_ < end) {
      actions_.wake_at = end;
      return false;
    }
    actions_.end_pod = actions_.deadline_exceeded = true;
    return true;
  }

  void sandbox() {
    const bool ran = pod_.sandbox_attempt > 0 &&
                     std::any_of(pod_.containers.begin(), pod_.containers.end(),
                                 [](const auto& c) { return c.stage != ContainerStage::kNone; });
    if (ran) {
      const bool never = pod_.pod->spec->restart_policy == words().never;
      bool wanted = !pod_.initialized;
      for (std::size_t i = pod_.inits; i < pod_.containers.size(); ++i) {
        wanted =
            wanted || pod_.containers[i].stage == ContainerStage::kNone || wants_restart(pod_, i);
      }
      if (never || !wanted) {
        actions_.end_pod = true;
        return;
      }
    }
    const Time retry = pod_.work ? pod_.work->retry_sandbox_at : Time{};
    if (now_ < retry) {
      wake(retry);
    } else {
      actions_.create_sandbox = true;
    }
  }

  // True when the main containers may run.
  bool init_containers() {
    for (std::size_t i = 0; i < pod_.inits; ++i) {
      const ContainerRecord& c = pod_.containers[i];
      if (pod_.is_sidecar(i)) {
        if (is_up(c) && c.unhealthy) {
          kill(i);
        } else if (!is_up(c) && c.stage != ContainerStage::kCreated) {
          start(i);
        }
        if (!pod_.initialized && !(is_up(c) && c.started)) return false;
        continue;
      }
      if (pod_.initialized || exited_well(c)) continue;
      if (is_up(c)) {
        return false;
      }
      if (c.stage == ContainerStage::kExited && !wants_restart(pod_, i)) {
        actions_.end_pod = true;
        return false;
      }
      start(i);
      return false;
    }
    return true;
  }

  void main_containers() {
    bool any_left = false;
    for (std::size_t i = pod_.inits; i < pod_.containers.size(); ++i) {
      const ContainerRecord& c = pod_.containers[i];
      if (is_up(c) || c.stage == ContainerStage::kCreated) {
        any_left = true;
        if (c.unhealthy) kill(i);
      } else if (c.stage == ContainerStage::kNone || wants_restart(pod_, i)) {
        any_left = true;
        start(i);
      }
    }
    if (!any_left) {
      actions_ = {};
      actions_.end_pod = true;
    }
  }

  void start(std::size_t i) {
    const Time at = retry_time(pod_, i, config_);
    if (now_ < at) {
      wake(at);
      shows_backoff(i);
    } else if (!actions_.start && !pod_.containers[i].stopping) {
      actions_.start = i;
    }
  }

  // An image that could not be pulled changes its reason without anything happening.
  void shows_backoff(std::size_t i) {
    const ContainerTrouble* trouble = pod_.containers[i].trouble.get();
    if (!trouble || !(trouble->waiting_reason == words().err_image_pull)) return;
    if (now_ < trouble->failed_at + config_.relist_period) {
      wake(trouble->failed_at + config_.relist_period);
    }
  }

  void kill(std::size_t i) {
    if (!pod_.containers[i].stopping) actions_.kill.push_back(i);
  }
  void wake(Time at) { actions_.wake_at = std::min(actions_.wake_at, at); }

  const PodRecord& pod_;
  const KubeletConfig& config_;
  const Time now_;
  PodActions actions_;
};

}  // namespace

PodActions decide_actions(const PodRecord& pod, const KubeletConfig& config, Time now) {
  return Decision(pod, config, now).take();
}

bool wants_restart(const PodRecord& pod, std::size_t i) {
  const ContainerRecord& c = pod.containers[i];
  if (c.stage != ContainerStage::kExited) return false;
  if (pod.is_sidecar(i)) return true;
  const Symbol policy = pod.pod->spec->restart_policy;
  if (policy == words().never) return false;
  if (policy == words().on_failure || pod.is_init(i)) return c.exit_code != 0;
  return true;
}

Time retry_time(const PodRecord& pod, std::size_t i, const KubeletConfig& config) {
  const ContainerRecord& c = pod.containers[i];
  if (!c.trouble) return Time{};
  const ContainerTrouble& trouble = *c.trouble;
  Time at{};
  if (c.stage == ContainerStage::kExited) {
    at = config.restart_backoff.allowed_at(trouble.restart, c.finished_at);
  }
  if (trouble.waiting_reason == words().err_image_pull) {
    at = std::max(at, config.image_backoff.allowed_at(trouble.pull, trouble.failed_at));
  } else if (!trouble.waiting_reason.empty()) {
    at = std::max(at, trouble.failed_at + config.retry_period);
  }
  return at;
}

}  // namespace orrery::kubelet
