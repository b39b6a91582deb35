// EventRecorder: writes Kubernetes Events (core/v1) about objects, as client-go's recorder does:
// equal events of one object are counted up instead of repeated. One per component.
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>

#include "core/api/config.h"
#include "core/ports/client.h"
#include "core/runtime/env.h"

namespace orrery {

class EventRecorder {
 public:
  /// At most this many distinct recent events are remembered for counting; older ones repeat as
  /// new.
  static constexpr std::size_t kRecentMax = 4096;

  EventRecorder(Env& env, Client& client, Symbol component)
      : env_(env), client_(client), component_(component) {}

  /// type: "Normal" or "Warning".
  void event(const api::Object& about, Symbol api_version, Symbol kind, Symbol type, Symbol reason,
             Text message);
  /// Off: nothing is written (large simulations).
  void set_enabled(bool on) { enabled_ = on; }
  bool is_enabled() const { return enabled_; }

 private:
  Env& env_;
  Client& client_;
  Symbol component_;
  bool enabled_ = true;
  std::uint64_t sequence_ = 0;
  std::unordered_map<std::uint64_t, Ref<const api::Event>> recent_;  // lookup only
  std::deque<std::uint64_t> order_;
};

}  // namespace orrery
