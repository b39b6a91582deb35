#include "sim/cluster/availability.h"

#include <fmt/format.h>

#include <optional>

#include "core/api/apps.h"

namespace orrery::sim {
namespace {

std::optional<Availability::Count> count_of(const api::Object& object) {
  if (const auto* d = api::as<api::Deployment>(&object)) {
    return Availability::Count{d->spec.replicas.value_or(1), d->status.available_replicas,
                               d->status.observed_generation >= d->meta.generation};
  }
  if (const auto* s = api::as<api::StatefulSet>(&object)) {
    return Availability::Count{s->spec.replicas.value_or(1), s->status.available_replicas,
                               s->status.observed_generation >= s->meta.generation};
  }
  if (const auto* d = api::as<api::DaemonSet>(&object)) {
    return Availability::Count{d->status.desired_number_scheduled, d->status.number_available,
                               d->status.observed_generation >= d->meta.generation};
  }
  const auto* r = api::as<api::ReplicaSet>(&object);
  if (r && !api::controller_of(r->meta)) {
    return Availability::Count{r->spec.replicas.value_or(1), r->status.available_replicas,
                               r->status.observed_generation >= r->meta.generation};
  }
  return std::nullopt;
}

bool is_workload(api::KindId kind) {
  return kind == api::KindId::kDeployment || kind == api::KindId::kStatefulSet ||
         kind == api::KindId::kDaemonSet || kind == api::KindId::kReplicaSet;
}

std::string_view kind_name(api::KindId kind) {
  switch (kind) {
    case api::KindId::kDeployment:
      return "Deployment";
    case api::KindId::kStatefulSet:
      return "StatefulSet";
    case api::KindId::kDaemonSet:
      return "DaemonSet";
    default:
      return "ReplicaSet";
  }
}

}  // namespace

void Availability::on_change(const api::Object* before, const api::Object* now) {
  const api::Object& object = now ? *now : *before;
  if (!is_workload(object.kind)) return;
  const std::optional<Count> count = now ? count_of(*now) : std::nullopt;
  if (!count && object.kind == api::KindId::kReplicaSet && api::controller_of(object.meta)) return;
  put(fmt::format("{}/{}/{}", object.meta.namespace_.view(), kind_name(object.kind),
                  object.meta.name.view()),
      count ? &*count : nullptr);
}

void Availability::put(const std::string& key, const Count* count) {
  const auto weigh = [this](const Count& c, std::int64_t sign) {
    wanted_ += sign * c.wanted;
    available_ += sign * c.available;
    missing_ += sign * c.missing();
    unsettled_ += c.settled ? 0 : sign;
    missing_since_complete_ += c.was_complete ? sign * c.missing() : 0;
  };
  const auto it = counts_.find(key);
  bool was_complete = false;
  if (it != counts_.end()) {
    was_complete = it->second.was_complete;
    weigh(it->second, -1);
    if (!count) counts_.erase(it);
  }
  if (!count) return;
  Count next = *count;
  next.was_complete = was_complete || (next.settled && next.wanted > 0 && next.missing() == 0);
  weigh(next, 1);
  counts_[key] = next;
}

const Availability::Count* Availability::find(std::string_view name) const {
  for (const auto& [key, count] : counts_) {
    if (std::string_view(key).substr(key.rfind('/') + 1) == name) return &count;
  }
  return nullptr;
}

std::string Availability::describe_missing(std::size_t max) const {
  std::string out;
  std::size_t shown = 0, left = 0;
  for (const auto& [key, c] : counts_) {
    if (c.missing() == 0) continue;
    if (shown == max) {
      ++left;
      continue;
    }
    ++shown;
    const auto first = key.find('/');
    out += fmt::format("{}{}/{}: {} of {}", out.empty() ? "" : ", ", key.substr(0, first),
                       key.substr(key.rfind('/') + 1), c.available, c.wanted);
  }
  if (left > 0) out += fmt::format(", and {} more", left);
  return out;
}

}  // namespace orrery::sim
