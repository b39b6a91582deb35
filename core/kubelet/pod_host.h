// PodHost: what the pods of one node share: the ports, the table of pods, and the guard that every
// callback goes through. A Kubelet owns it; PodWorker and Prober work on one of its records.
// Rule: a callback that outlives the call is made with bound() or guarded(), so that it does
// nothing after the kubelet died and waits while it is frozen.
#pragma once

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "core/client/event_recorder.h"
#include "core/kubelet/admission.h"
#include "core/kubelet/kubelet_config.h"
#include "core/kubelet/pod_conditions.h"
#include "core/kubelet/pod_record.h"
#include "core/ports/node_runtime.h"

namespace orrery::kubelet {

struct PodHost;

/// What all kubelets of a process share.
struct KubeletShared {
  explicit KubeletShared(KubeletConfig c = {}) : config(c) {}
  const KubeletConfig config;
  ConditionCache conditions;
  RequestCache requests;
};

/// One life of a kubelet process, from start() to stop().
struct KubeletLife final : RefCounted {
  PodHost* host = nullptr;
};

/// Records by uid: a sorted array, for nodes have few pods. Records do not move.
class PodTable {
 public:
  PodRecord* find(Uid uid) const;
  PodRecord& insert(Uid uid, std::unique_ptr<PodRecord> record);
  void erase(Uid uid);
  void clear() { entries_.clear(); }
  std::size_t size() const { return entries_.size(); }
  /// Visits (uid, record) by uid; the visitor must not insert or erase.
  template <class F>
  void for_each(F&& visit) const {
    for (const auto& [uid, record] : entries_) visit(uid, *record);
  }
  std::vector<Uid> uids() const;

 private:
  using Entry = std::pair<Uid, std::unique_ptr<PodRecord>>;
  std::vector<Entry>::const_iterator lower(Uid uid) const;
  std::vector<Entry> entries_;
};

struct PodHost {
  PodHost(Env& e, Client& c, NodeRuntime& r, KubeletShared& s, EventRecorder* events)
      : env(e), client(c), runtime(r), shared(s), recorder(events) {}

  Env& env;
  Client& client;
  NodeRuntime& runtime;
  KubeletShared& shared;
  EventRecorder* recorder;  // may be null
  Ref<const api::Node> node;
  Text host_ip;
  PodTable pods;
  Amounts allocatable, used;
  std::int64_t pods_admitted = 0;
  Ref<KubeletLife> life;
  bool frozen = false;
  std::vector<Callback<void()>> deferred;  // while frozen

  const KubeletConfig& config() const { return shared.config; }
  Time now() const { return env.now(); }

  /// A callback for this life: F(PodHost&, args...).
  template <class F>
  auto guarded(F f);
  /// A callback about one pod: F(PodHost&, PodRecord&, args...); nothing if the pod is forgotten.
  template <class F>
  auto bound(Uid uid, F f) {
    return guarded([uid, f = std::move(f)](PodHost& host, auto&&... args) mutable {
      if (PodRecord* record = host.pods.find(uid)) {
        f(host, *record, std::forward<decltype(args)>(args)...);
      }
    });
  }
};

template <class F>
class Guarded {
 public:
  Guarded(Ref<KubeletLife> life, F f) : life_(std::move(life)), f_(std::move(f)) {}

  template <class... Args>
  void operator()(Args&&... args) {
    PodHost* host = life_->host;
    if (!host) return;
    if (host->frozen) {
      host->deferred.push_back(
          [self = std::move(*this),
           kept = std::tuple<std::decay_t<Args>...>(std::forward<Args>(args)...)]() mutable {
            std::apply([&](auto&... each) { self(std::move(each)...); }, kept);
          });
      return;
    }
    f_(*host, std::forward<Args>(args)...);
  }

 private:
  Ref<KubeletLife> life_;
  F f_;
};

template <class F>
auto PodHost::guarded(F f) {
  return Guarded<F>(life, std::move(f));
}

}  // namespace orrery::kubelet
