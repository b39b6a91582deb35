// Admission: may this pod run on this node? The kubelet's last word after the scheduler's:
// resources, node selector and affinity, NoExecute taints. Pure functions, and the sums they need.
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/api/node.h"
#include "core/api/pod.h"

namespace orrery::kubelet {

/// Amounts by resource: cpu in thousandths, everything else in units. Few entries, in order of
/// name.
class Amounts final : public RefCounted {
 public:
  std::int64_t get(Symbol resource) const;
  /// Adds `amount`, which may be negative.
  void add(Symbol resource, std::int64_t amount);
  void set(Symbol resource, std::int64_t amount);
  bool has(Symbol resource) const;
  const std::vector<std::pair<Symbol, std::int64_t>>& entries() const { return entries_; }

 private:
  std::int64_t& at(Symbol resource);
  std::vector<std::pair<Symbol, std::int64_t>> entries_;
};

/// A list of quantities as amounts.
Amounts amounts_of(const api::ResourceList& list);
/// api::pod_requests as amounts, remembered for specs that many pods share.
class RequestCache {
 public:
  static constexpr std::size_t kSlotsMax = 256;
  Ref<const Amounts> of(const api::Shared<api::PodSpec>& spec);

 private:
  struct Slot {
    api::Shared<api::PodSpec> spec;
    Ref<const Amounts> requests;
  };
  std::vector<Slot> slots_{kSlotsMax};
};

struct Rejection {
  Symbol reason;  // OutOfcpu, NodeAffinity, ...
  Text message;   // "Pod was rejected: ..."
};

struct AdmissionInput {
  const api::Pod& pod;
  const api::Node& node;
  const Amounts& requests;     // of the pod
  const Amounts& allocatable;  // of the node
  const Amounts& used;         // by the pods admitted before
  std::int64_t pods = 0;       // how many these are
};

/// Nothing if the pod may run.
std::optional<Rejection> check_admission(const AdmissionInput& in);

/// nodeSelector and required node affinity (component-helpers/nodeaffinity).
bool matches_node(const api::PodSpec& spec, const api::Node& node);
bool tolerates(const api::PodSpec& spec, const api::Taint& taint);

}  // namespace orrery::kubelet
