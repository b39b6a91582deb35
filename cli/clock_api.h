// ClockApi: the clock of a served simulation over HTTP, at /orrery.dev/v1alpha1/clock: GET tells
// how it stands; POST and PUT steer it: {"action": "pause"}, resume, speed, step, until, with
// "value" for the last three. Steps answer when they are done. Only system:masters may.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/apiserver/wire/wire_server.h"
#include "live/scaled_driver.h"

namespace orrery::cli {

inline constexpr const char* kClockPath = "/orrery.dev/v1alpha1/clock";

/// A factor such as "30" or "0.5", or "max". BadRequest otherwise.
Result<double> parse_speed(const std::string& text);
std::string speed_text(double speed);

class ClockApi {
 public:
  /// All outlive it; `start` is what "elapsed" and `until 5m` count from.
  ClockApi(Env& env, ScaledDriver& driver, Time start);
  /// Adds the route; the server outlives no call of it.
  void add_to(apiserver::WireServer& server);

 private:
  struct Waiting {
    Time goal;
    apiserver::CallRef call;
  };
  void serve(apiserver::CallRef call);
  Status steer(const std::string& action, const std::string& value, Time& goal);
  void answer(apiserver::Call& call, bool arrived) const;
  void answer_arrived(bool all);

  Env& env_;
  ScaledDriver& driver_;
  const Time start_;
  std::vector<Waiting> waiting_;  // steps that are not done
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace orrery::cli
