#include "sim/container_model/container_fate.h"

#include "core/base/hash.h"
#include "core/base/pattern.h"

namespace orrery::sim {
namespace {

const api::Container* find_container(const api::Pod& pod, Symbol name, bool init) {
  const auto& list = init ? pod.spec->init_containers : pod.spec->containers;
  for (const api::Container& c : list) {
    if (c.name == name) return &c;
  }
  return nullptr;
}

bool matches(const ContainerBehaviour& b, const api::Pod& pod, Symbol container, Symbol image) {
  if (!b.container.empty() && !(container == b.container)) return false;
  if (!b.name_space.empty() && !(pod.meta.namespace_ == b.name_space)) return false;
  if (!b.image.empty() && !matches_pattern(b.image, image.view())) return false;
  for (const auto& [key, value] : b.labels) {
    const Symbol* have = pod.meta.labels->find(key);
    if (!have || !(*have == value)) return false;
  }
  return true;
}

std::int64_t memory_limit(const api::Container& c) {
  static const Symbol kMemory("memory");
  const api::Quantity* limit = c.resources.limits.find(kMemory);
  return limit ? limit->value() : std::numeric_limits<std::int64_t>::max();
}

bool is_owned_by_job(const api::Pod& pod) {
  const api::OwnerReference* owner = api::controller_of(pod.meta);
  return owner && owner->kind == "Job";
}

std::optional<Duration> annotated_run_time(const api::Pod& pod) {
  if (pod.meta.annotations.empty()) return {};
  const Text* text = api::find(pod.meta.annotations, kRunTimeAnnotation);
  if (!text) return {};
  const Result<Duration> parsed = parse_duration(text->view());
  return parsed.ok() ? std::optional<Duration>(*parsed) : std::nullopt;
}

class Fortune {
 public:
  Fortune(const ContainerModelConfig& config, const api::Pod& pod, const api::Container& c,
          std::uint32_t attempt)
      : config_(config), pod_(pod), c_(c), attempt_(attempt) {}

  ContainerFate tell(bool init) {
    for (const ContainerBehaviour& b : config_.behaviours) {
      if (!matches(b, pod_, c_.name, c_.image)) continue;
      apply(b);
    }
    if (!timed_ && !init) {
      if (const auto run = annotated_run_time(pod_)) {
        ends(*run, 0);
      } else if (is_owned_by_job(pod_)) {
        ends(draw(config_.job_run_time, "run_time"), 0);
      }
    }
    if (!timed_ && init && !(c_.restart_policy == "Always")) {
      ends(draw(config_.command, "init"), 0);  // an init container does its work and ends
    }
    return fate_;
  }

 private:
  void apply(const ContainerBehaviour& b) {
    if (b.oom_after && b.oom_memory == 0) {
      oom(*b.oom_after);
    } else if (b.oom_after && memory_limit(c_) < b.oom_memory) {
      oom(*b.oom_after);
    }
    if (!timed_ && b.crashes_after && (b.crash_times == 0 || attempt_ < b.crash_times)) {
      ends(draw(*b.crashes_after, "crash"), b.crash_code);
    }
    if (!timed_ && b.exits_after) ends(draw(*b.exits_after, "exit"), b.exit_code);
    if (!timed_ && b.run_time) ends(draw(*b.run_time, "run_time"), 0);
    if (!ready_set_ && (b.never_ready || b.ready_after)) {
      ready_set_ = true;
      fate_.ready_after = b.never_ready ? kForever : draw(*b.ready_after, "ready");
    }
    if (b.liveness_fails_after && fate_.liveness_fails_after == kForever) {
      fate_.liveness_fails_after = *b.liveness_fails_after;
    }
    if (b.ignores_term && !term_set_) {
      term_set_ = true;
      fate_.ignores_term = *b.ignores_term;
    }
    fate_.hook_fails = fate_.hook_fails || b.hook_fails;
  }
  void oom(Duration after) {
    if (timed_) return;
    ends(after, 137);
    fate_.exit_reason = Symbol("OOMKilled");
  }
  void ends(Duration after, std::int32_t code) {
    timed_ = true;
    fate_.lives = after;
    fate_.exit_code = code;
  }
  Duration draw(const LatencyModel& model, std::string_view purpose) {
    RandomStream stream = fate_stream(config_.seed, pod_.meta.uid, purpose,
                                      attempt_ + 0x10000u * fnv1a_32(c_.name.view()));
    return model.draw(stream);
  }

  const ContainerModelConfig& config_;
  const api::Pod& pod_;
  const api::Container& c_;
  const std::uint32_t attempt_;
  ContainerFate fate_;
  bool timed_ = false, ready_set_ = false, term_set_ = false;
};

}  // namespace

ContainerFate container_fate(const ContainerModelConfig& config, const api::Pod& pod,
                             Symbol container, bool init, std::uint32_t attempt) {
  const api::Container* c = find_container(pod, container, init);
  return c ? Fortune(config, pod, *c, attempt).tell(init) : ContainerFate{};
}

bool pull_fails(const ContainerModelShared& shared, const api::Pod& pod, Symbol image) {
  for (const std::string& pattern : shared.failing_images) {
    if (matches_pattern(pattern, image.view())) return true;
  }
  for (const ContainerBehaviour& b : shared.config.behaviours) {
    if (b.pull_fails && b.container.empty() && matches(b, pod, {}, image)) return true;
  }
  return false;
}

std::int64_t image_bytes(const ContainerModelConfig& config, Symbol image) {
  std::int64_t bytes = config.image_bytes;
  std::size_t longest = 0;
  for (const auto& [pattern, size] : config.image_sizes) {
    if (pattern.size() < longest || !matches_pattern(pattern, image.view())) continue;
    longest = pattern.size();
    bytes = size;
  }
  return bytes;
}

RandomStream fate_stream(std::uint64_t seed, Uid pod, std::string_view purpose,
                         std::uint32_t attempt) {
  return RandomStream(mix64(seed ^ pod.hash()) ^ fnv1a_64(purpose) ^ mix64(attempt));
}

}  // namespace orrery::sim
