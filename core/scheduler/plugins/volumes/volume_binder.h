// VolumeBinder: carries out what VolumeBinding decided for a pod: PersistentVolumes are written
// with their claim, claims with the selected node, one after the other; then it looks once a second
// whether the PV controller and the provisioner did their part (BindPodVolumes). One entry a pod
// between Reserve and the end of PreBind.
//
//     assume -> bind: update ... update -> look, look, ... -> done (entry dropped)
//        `------------ revert (entry dropped, assumptions taken back)
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "core/scheduler/plugin.h"
#include "core/scheduler/plugins/volumes/pod_claims.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class VolumeBinder {
 public:
  VolumeBinder(Env& env, Client& client, SchedulerCache& cache, AssumedVolumes& assumed,
               Duration timeout)
      : env_(env), client_(client), cache_(cache), assumed_(assumed), timeout_(timeout) {}
  ~VolumeBinder();
  VolumeBinder(const VolumeBinder&) = delete;
  VolumeBinder& operator=(const VolumeBinder&) = delete;

  /// From now on these volumes and claims are the pod's.
  void assume(const api::Pod& pod, Symbol node, FoundVolumes found);
  /// Nothing happens if there is nothing to take back.
  void revert(const api::Pod& pod);
  /// False if nothing was assumed for the pod.
  bool bind(const api::Pod& pod, Completion done);
  std::size_t pending() const { return pods_.size(); }

 private:
  struct Entry {
    Symbol node;
    std::vector<FoundVolumes::Binding> bindings;  // volumes as they are to be, then as written
    std::vector<Ref<const api::PersistentVolumeClaim>> provisions;
    std::vector<bool> is_mine;  // of bindings: assumed by this pod, not by an earlier one
    std::size_t written = 0;
    std::uint64_t number = 0;
    std::optional<Completion> done;
    Time deadline;
    TimerId timer;
  };
  enum class State : std::uint8_t { kBound, kWaiting, kFailed };

  void write_next(const Uid& uid, Entry& entry);
  template <class T>
  void write(const Uid& uid, const Entry& entry, Ref<const T> object, Ref<const T>& written);
  void look(const Uid& uid, Entry& entry);
  void look_later(const Uid& uid, Entry& entry);
  State check(const Entry& entry, std::string& error) const;
  State check_binding(const FoundVolumes::Binding& binding, const NodeInfo& node,
                      std::string& error) const;
  State check_provision(const api::PersistentVolumeClaim& claim, const NodeInfo& node,
                        std::string& error) const;
  void finish(const Uid& uid, const std::string& error);
  void forget(const Entry& entry);
  Entry* find(const Uid& uid, std::uint64_t number);

  Env& env_;
  Client& client_;
  SchedulerCache& cache_;
  AssumedVolumes& assumed_;
  Duration timeout_;
  std::map<Uid, Entry> pods_;
  std::uint64_t numbers_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace orrery::scheduler
