#include "sim/benchmarks/background_ops.h"

#include <nlohmann/json.hpp>

namespace orrery::sim {

Churn::Churn(BenchCluster& cluster, TemplateSchema schema, const WorkloadOp& op, Symbol name_space)
    : cluster_(cluster), schema_(schema), op_(op), name_space_(name_space) {}

Churn::~Churn() {
  *alive_ = false;
  cluster_.loop.cancel(timer_);
}

Status Churn::prepare(const std::vector<const ObjectTemplate*>& templates) {
  for (const ObjectTemplate* one : templates) {
    auto document = one->document(schema_, 0, 1, {});
    if (!document.ok()) return document.status();
    RETURN_IF_ERROR(check_object(schema_, *document));
    Kind kind;
    kind.info = schema_.kinds.find(document->json->value("apiVersion", ""),
                                   document->json->value("kind", ""));
    kind.document = api::RawRef(*document->json);
    kind.live.resize(static_cast<std::size_t>(op_.recreates ? op_.number : 0));
    kinds_.push_back(std::move(kind));
  }
  return Status();
}

void Churn::start() {
  timer_ = cluster_.loop.after(op_.interval, [this] { tick(); });
}

void Churn::tick() {
  const bool has_more = op_.recreates || op_.number == 0 || rounds_ < op_.number;
  if (!has_more) return;
  for (Kind& kind : kinds_) {
    if (!op_.recreates) {
      cluster_.create(*kind.info, name_space_, kind.document, {});
      continue;
    }
    const std::size_t slot = static_cast<std::size_t>(rounds_ % op_.number);
    Text& live = kind.live[slot];
    if (live.empty()) {
      create(kind, slot);
    } else {
      cluster_.remove(*kind.info, name_space_, std::exchange(live, Text()), {}, {});
    }
  }
  ++rounds_;
  start();
}

void Churn::create(Kind& kind, std::size_t slot) {
  cluster_.create(*kind.info, name_space_, kind.document,
                  [&kind, slot, alive = alive_](Response response) {
                    if (!*alive || !response.status.ok()) return;
                    kind.live[slot] = response.object->meta.name;
                  });
}

PodRemoval::PodRemoval(BenchCluster& cluster, std::vector<Ref<const api::Pod>> pods,
                       std::int64_t pods_per_second)
    : cluster_(cluster), pods_(std::move(pods)) {
  if (pods_per_second > 0) period_ = Duration{1'000'000'000 / pods_per_second};
}

PodRemoval::~PodRemoval() {
  *alive_ = false;
  cluster_.loop.cancel(timer_);
}

void PodRemoval::start() {
  if (period_ == Duration{}) {
    while (next_ < pods_.size()) remove_next();
  } else {
    timer_ = cluster_.loop.after(period_, [this] { tick(); });
  }
}

void PodRemoval::tick() {
  if (next_ >= pods_.size()) return;
  remove_next();
  start();
}

void PodRemoval::remove_next() {
  const api::Pod& pod = *pods_[next_++];
  cluster_.remove(cluster_.kinds.info(api::KindId::kPod), pod.meta.namespace_, pod.meta.name, {},
                  [this, alive = alive_](Response) {
                    if (*alive) ++answered_;
                  });
}

}  // namespace orrery::sim
