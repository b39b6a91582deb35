#include "core/controller/deployment_annotations.h"

#include <charconv>
#include <string>

#include "core/controller/deployment_size.h"

namespace orrery::controller {
namespace {

constexpr std::size_t kHistoryCharsMax = 2000;  // maxRevHistoryLengthInChars

bool is_not_copied(std::string_view key) {
  return key == "kubectl.kubernetes.io/last-applied-configuration" || key == kRevision ||
         key == kRevisionHistory || key == kDesiredReplicas || key == kMaxReplicas ||
         key == "deprecated.deployment.rollback.to";
}

bool put(api::TextMap& map, std::string_view key, std::string_view value) {
  const Text* old = api::find(map, key);
  if (old && *old == value) return false;
  api::set(map, key, value);
  return true;
}

std::optional<std::int32_t> narrow(std::optional<std::int64_t> value) {
  if (!value || *value < INT32_MIN || *value > INT32_MAX) return std::nullopt;
  return static_cast<std::int32_t>(*value);
}

// The history with `revision` at its end; the oldest entries give way when it grows too long.
std::string longer_history(std::string_view history, std::string_view revision) {
  std::string out(history);
  while (!out.empty() && out.size() + revision.size() + 1 > kHistoryCharsMax) {
    const std::size_t comma = out.find(',');
    out.erase(0, comma == std::string::npos ? out.size() : comma + 1);
  }
  if (!out.empty()) out += ',';
  return out.append(revision);
}

}  // namespace

std::optional<std::int64_t> number_annotation(const api::ObjectMeta& meta, std::string_view key) {
  const Text* text = api::find(meta.annotations, key);
  if (!text) return std::nullopt;
  const std::string_view v = text->view();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(v.data(), v.data() + v.size(), number);
  if (error != std::errc{} || end != v.data() + v.size()) return std::nullopt;
  return number;
}

std::optional<std::int32_t> desired_replicas_annotation(const api::ReplicaSet& set) {
  return narrow(number_annotation(set.meta, kDesiredReplicas));
}
std::optional<std::int32_t> max_replicas_annotation(const api::ReplicaSet& set) {
  return narrow(number_annotation(set.meta, kMaxReplicas));
}

bool set_replicas_annotations(api::ReplicaSet& set, std::int32_t desired, std::int32_t max) {
  const bool desired_changed =
      put(set.meta.annotations, kDesiredReplicas, std::to_string(desired));
  return put(set.meta.annotations, kMaxReplicas, std::to_string(max)) || desired_changed;
}

bool set_new_set_annotations(const api::Deployment& d, api::ReplicaSet& set, std::int64_t revision,
                             bool exists) {
  bool changed = false;
  for (const auto& [key, value] : d.meta.annotations) {
    if (is_not_copied(key.view())) continue;
    if (put(set.meta.annotations, key.view(), value.view())) changed = true;
  }
  const Text* found = api::find(set.meta.annotations, kRevision);
  const std::string old = found ? found->str() : std::string();
  const std::optional<std::int64_t> number = number_annotation(set.meta, kRevision);
  if (!old.empty() && !number) return false;  // not ours to mend, as upstream
  if (number.value_or(0) < revision) {
    api::set(set.meta.annotations, kRevision, std::to_string(revision));
    changed = true;
    if (!old.empty()) {
      const Text* history = api::find(set.meta.annotations, kRevisionHistory);
      const std::string longer = longer_history(history ? history->view() : "", old);
      api::set(set.meta.annotations, kRevisionHistory, longer);
    }
  }
  if (!exists &&
      set_replicas_annotations(set, replicas_of(d), replicas_of(d) + max_surge(d))) {
    changed = true;
  }
  return changed;
}

bool set_deployment_revision(api::Deployment& deployment, std::string_view revision) {
  return put(deployment.meta.annotations, kRevision, revision);
}

}  // namespace orrery::controller
