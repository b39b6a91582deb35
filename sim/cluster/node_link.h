// NodeLink: a node's connection to the API server: the shared client of all nodes with a switch.
// While it is cut, requests time out and their writes never happen; answers under way are lost.
// Also the kubelet's own client: destroying it drops the kubelet's callbacks.
#pragma once

#include <memory>

#include "core/ports/client.h"
#include "core/runtime/env.h"

namespace orrery::sim {

class NodeLink final : public Client {
 public:
  /// How long a request into the void takes to fail (client-go's dial timeout).
  static constexpr Duration kTimeout = 30s;

  NodeLink(Env& env, Client& shared) : env_(env), shared_(shared) {}
  ~NodeLink() override {
    if (state_) state_->alive = false;
  }

  void cut() { state().up = false; }
  void restore() { state().up = true; }
  bool is_up() const { return !state_ || state_->up; }

  void call(Request request, Callback<void(Response)> done) override;
  /// Nodes learn of their pods through the fleet's shared informer, not through watches of their
  /// own.
  std::unique_ptr<Watch> watch(WatchRequest request, WatchSink& sink) override {
    return shared_.watch(std::move(request), sink);
  }

 private:
  struct State final : RefCounted {
    bool up = true;
    bool alive = true;
  };
  State& state() {
    if (!state_) state_ = make_ref<State>();
    return *state_;
  }
  Env& env_;
  Client& shared_;
  Ref<State> state_;
};

}  // namespace orrery::sim
