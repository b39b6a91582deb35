#include "core/kubelet/pod_source.h"

namespace orrery::kubelet {

void InformerPodSource::subscribe(Symbol node, PodSink& sink) {
  informer_ = std::make_unique<InformerBase>(
      env_, client_,
      InformerBase::Options{api::KindId::kPod, {}, "", "spec.nodeName=" + node.str()});
  Informer<api::Pod>(*informer_)
      .on_change([&sink](const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
        if (old && now && old->meta.uid == now->meta.uid) {
          sink.on_pod_updated(now);
          return;
        }
        if (old) sink.on_pod_removed(old);
        if (now) sink.on_pod_added(now);
      });
  informer_->on_synced([&sink] { sink.on_pods_synced(); });
  informer_->start();
}

void InformerPodSource::unsubscribe(Symbol) { informer_.reset(); }

SharedPodSource::SharedPodSource(Informer<api::Pod> pods) : pods_(pods) {
  by_node_ = pods_.add_index([](const api::Pod& pod) { return symbol_index_key(pod.node_name); });
  pods_.on_change([this](const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
    changed(old, now);
  });
  pods_.base().on_synced([this] { synced(); });
}

void SharedPodSource::subscribe(Symbol node, PodSink& sink) {
  if (sinks_.size() <= node.id()) sinks_.resize(node.id() + 1);
  sinks_[node.id()] = &sink;
  if (!pods_.has_synced()) {
    waiting_.push_back(node);
    return;
  }
  std::vector<Ref<const api::Pod>> bound;  // a copy: the sink may cause changes
  for (const api::ObjectRef& o : pods_.base().table().in(by_node_, symbol_index_key(node))) {
    bound.push_back(Ref<const api::Pod>(static_cast<const api::Pod*>(o.get())));
  }
  for (Ref<const api::Pod>& pod : bound) sink.on_pod_added(std::move(pod));
  sink.on_pods_synced();
}

void SharedPodSource::unsubscribe(Symbol node) {
  if (node.id() < sinks_.size()) sinks_[node.id()] = nullptr;
}

void SharedPodSource::synced() {
  const std::vector<Symbol> waiting = std::move(waiting_);
  for (const Symbol node : waiting) {
    if (PodSink* sink = sink_of(node)) sink->on_pods_synced();
  }
}

void SharedPodSource::changed(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
  const bool was = old && !old->node_name.empty();
  const bool is = now && !now->node_name.empty();
  if (was && is && old->meta.uid == now->meta.uid) {
    if (PodSink* sink = sink_of(now->node_name)) sink->on_pod_updated(now);
    return;
  }
  if (was) {
    if (PodSink* sink = sink_of(old->node_name)) sink->on_pod_removed(old);
  }
  if (is) {
    if (PodSink* sink = sink_of(now->node_name)) sink->on_pod_added(now);
  }
}

}  // namespace orrery::kubelet
