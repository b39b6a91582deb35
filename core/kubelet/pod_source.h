// PodSource: where a kubelet learns of the pods bound to its node. InformerPodSource watches for
// one node (fieldSelector spec.nodeName); SharedPodSource serves many kubelets of one process from
// one informer over all pods. Who has another way to know feeds the PodSink itself.
#pragma once

#include <memory>
#include <vector>

#include "core/api/pod.h"
#include "core/client/informer.h"

namespace orrery::kubelet {

/// A kubelet, as a source sees it.
class PodSink {
 public:
  virtual void on_pod_added(Ref<const api::Pod> pod) = 0;
  virtual void on_pod_updated(Ref<const api::Pod> pod) = 0;
  virtual void on_pod_removed(Ref<const api::Pod> pod) = 0;
  /// Every pod bound to the node by now has been told at least once.
  virtual void on_pods_synced() = 0;

 protected:
  ~PodSink() = default;
};

class PodSource {
 public:
  virtual ~PodSource() = default;
  /// Tells the sink of all pods of the node, now and from now on.
  virtual void subscribe(Symbol node, PodSink& sink) = 0;
  virtual void unsubscribe(Symbol node) = 0;
};

class InformerPodSource final : public PodSource {
 public:
  InformerPodSource(Env& env, Client& client) : env_(env), client_(client) {}
  void subscribe(Symbol node, PodSink& sink) override;
  void unsubscribe(Symbol node) override;

 private:
  Env& env_;
  Client& client_;
  std::unique_ptr<InformerBase> informer_;
};

/// Make before the informer starts: adds an index by node to it.
class SharedPodSource final : public PodSource {
 public:
  explicit SharedPodSource(Informer<api::Pod> pods);
  void subscribe(Symbol node, PodSink& sink) override;
  void unsubscribe(Symbol node) override;

 private:
  void changed(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now);
  void synced();
  PodSink* sink_of(Symbol node) const {
    return node.id() < sinks_.size() ? sinks_[node.id()] : nullptr;
  }

  Informer<api::Pod> pods_;
  std::size_t by_node_;
  std::vector<PodSink*> sinks_;  // by the symbol's id: lookup only
  std::vector<Symbol> waiting_;  // subscribed before the informer had synced, in that order
};

}  // namespace orrery::kubelet
