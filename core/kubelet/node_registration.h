// NodeRegistration: the kubelet's own Node object and Lease: creates or takes them over at start,
// keeps the conditions posted and the lease renewed. With KubeletConfig::self_renewing_lease
// nothing here runs by timer: the Lease says that its holder renews it, and stands until somebody
// takes that mark away.
#pragma once

#include "core/api/config.h"
#include "core/kubelet/pod_host.h"

namespace orrery::kubelet {

class NodeRegistration {
 public:
  explicit NodeRegistration(PodHost& host) : host_(host) {}

  /// Registers `host.node` (capacity, allocatable, addresses, labels, taints, nodeInfo as it says).
  void start();
  void stop();
  /// The node answers again after a while: says so at once.
  void resume();
  /// The API's Node changed.
  void node_changed(Ref<const api::Node> node);
  bool is_registered() const { return registered_; }

 private:
  void create_node();
  void read_node();
  void post_status(const api::Node& current);
  void status_posted(Response response);
  void registered(Ref<const api::Node> node);
  void status_after(Duration delay);
  void write_lease();
  void read_lease();
  void lease_answered(Response response, bool created);
  void renew_after(Duration delay);
  bool is_posted(const api::Node& node) const;

  PodHost& host_;
  api::NodeStatus
      wanted_;  // what this kubelet knows of its machine; conditions come with each post
  Ref<const api::Lease> lease_;
  TimerId status_timer_, lease_timer_;
  bool registered_ = false;
};

/// nodeInfo and daemonEndpoints for NodeStatus::extra, equal on all nodes of this make.
api::RawRef node_info(std::string_view kubelet_version, std::string_view runtime_version);

}  // namespace orrery::kubelet
