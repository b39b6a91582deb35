// DefaultBinder: binds by POST pods/NAME/binding.
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class DefaultBinder final : public Plugin, public BindPlugin {
 public:
  explicit DefaultBinder(Client& client) : client_(client) {}
  std::string_view name() const override { return "DefaultBinder"; }
  EventMask events() const override { return 0; }
  bool sign(const api::Pod&, Signature&) override { return true; }
  bool bind(CycleState& state, const Ref<const api::Pod>& pod, Symbol node,
            Completion done) override;

 private:
  Client& client_;
};

}  // namespace orrery::scheduler
