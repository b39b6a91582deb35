// ExpectationChecker: checks a scenario's `expect` list against the recorder. `within: 2m, after:
// 10m` holds if the condition is true at 12m; without `within` it must be true at the end.
// maxUnavailable must hold at every change from `after` on.
#pragma once

#include <string>
#include <vector>

#include "core/results/summary.h"
#include "core/runtime/env.h"
#include "sim/cluster/recorder.h"
#include "sim/scenario/scenario.h"

namespace orrery::sim {

class ExpectationChecker {
 public:
  ExpectationChecker(Env& env, const Recorder& recorder, const Scenario& scenario);

  /// The run begins: sets the timers of expectations that count from the start or an instant.
  void start();
  /// A fault or action happened now.
  void on_action(bool is_fault);
  /// Called after every change; cheap unless a maxUnavailable is being watched.
  void on_change();
  /// The run is over: what held and what did not.
  std::vector<results::ExpectationOutcome> finish();
  /// What the expectation says, in words: "available: all within 4m after each fault".
  static std::string describe(const Expectation& expectation);

 private:
  struct Watched {
    const Expectation* expectation;
    bool active = false;  // maxUnavailable: from `after` on
    int checks = 0;
    int broken = 0;
    std::string detail;  // of the first breach
  };
  /// Empty if it holds now; else what is the case instead.
  std::string breach(const Expectation& expectation) const;
  void check_later(Watched& watched, Duration after);
  void check(Watched& watched);

  Env& env_;
  const Recorder& recorder_;
  Time start_;
  std::vector<Watched> watched_;
  bool watches_changes_ = false;
};

}  // namespace orrery::sim
