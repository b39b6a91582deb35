#include "sim/cluster/expectation_checker.h"

#include <fmt/format.h>

namespace orrery::sim {
namespace {

constexpr std::string_view kOps[] = {"", "!= ", "< ", "<= ", "> ", ">= "};

struct Quantity {
  const std::optional<Comparison>* wanted;
  std::string_view name;
  std::int64_t actual;
};

std::vector<Quantity> quantities(const Expectation& e, const Recorder& r) {
  const PodTotals& p = r.pods();
  return {{&e.running, "running", p.running},
          {&e.pending, "pending", p.pending},
          {&e.ready, "ready", p.ready},
          {&e.succeeded, "succeeded", p.succeeded},
          {&e.failed, "failed", p.failed},
          {&e.restarts, "restarts", p.restarts},
          {&e.nodes_ready, "nodesReady", r.nodes_ready()}};
}

bool needs_every_change(const Expectation& e) { return e.max_unavailable.has_value(); }

}  // namespace

ExpectationChecker::ExpectationChecker(Env& env, const Recorder& recorder, const Scenario& scenario)
    : env_(env), recorder_(recorder), start_(env.now()) {
  for (const Expectation& e : scenario.expect) {
    watched_.push_back({&e, false, 0, 0, {}});
    watches_changes_ |= needs_every_change(e);
  }
}

void ExpectationChecker::start() {
  for (Watched& w : watched_) {
    const After& after = w.expectation->after;
    const bool from_start = after.mark == After::Mark::kStart;
    if (!from_start && after.mark != After::Mark::kInstant) continue;
    const Duration offset = from_start ? Duration{0} : after.instant;
    if (needs_every_change(*w.expectation)) {
      env_.loop.after(offset, [&w] { w.active = true; });
    } else if (w.expectation->within) {
      check_later(w, offset + *w.expectation->within);
    }
  }
}

void ExpectationChecker::on_action(bool is_fault) {
  for (Watched& w : watched_) {
    const After::Mark mark = w.expectation->after.mark;
    const bool counts = (mark == After::Mark::kEachFault && is_fault) ||
                        (mark == After::Mark::kEachAction && !is_fault);
    if (!counts) continue;
    if (needs_every_change(*w.expectation)) {
      w.active = true;
    } else if (w.expectation->within) {
      check_later(w, *w.expectation->within);
    }
  }
}

void ExpectationChecker::on_change() {
  if (!watches_changes_) return;
  for (Watched& w : watched_) {
    if (w.active) check(w);
  }
}

void ExpectationChecker::check_later(Watched& watched, Duration after) {
  env_.loop.after(after, [this, &watched] { check(watched); });
}

void ExpectationChecker::check(Watched& watched) {
  ++watched.checks;
  const std::string what = breach(*watched.expectation);
  if (what.empty()) return;
  if (watched.broken++ == 0) {
    watched.detail = fmt::format("at {}: {}", format_duration(env_.now() - start_), what);
  }
}

std::string ExpectationChecker::breach(const Expectation& e) const {
  const Availability& a = recorder_.availability();
  if (e.available == "all" && !a.is_all_available()) {
    const std::string missing = a.describe_missing(3);
    return missing.empty() ? "a rollout is still under way" : missing + " available";
  }
  if (!e.available.empty() && e.available != "all") {
    const Availability::Count* count = a.find(e.available);
    if (!count) return fmt::format("there is no workload \"{}\"", e.available);
    if (count->missing() > 0) {
      return fmt::format("{} of {} available", count->available, count->wanted);
    }
  }
  for (const Quantity& q : quantities(e, recorder_)) {
    if (*q.wanted && !(*q.wanted)->holds(q.actual)) return fmt::format("{} {}", q.actual, q.name);
  }
  if (e.no_pending && recorder_.pods().pending > 0) {
    return fmt::format("{} pods pending", recorder_.pods().pending);
  }
  if (e.max_unavailable) {
    const Availability::Count* one = e.of == "all" ? nullptr : a.find(e.of);
    if (e.of != "all" && !one) return "";  // not made yet, or gone: nothing is missing
    // A workload counts from when it was first complete.
    const std::int64_t missing = !one                ? a.missing_since_complete()
                                 : one->was_complete ? one->missing()
                                                     : 0;
    const std::int64_t allowed = e.max_unavailable->of(one ? one->wanted : a.wanted());
    if (missing > allowed) return fmt::format("{} unavailable, {} allowed", missing, allowed);
  }
  return "";
}

std::string ExpectationChecker::describe(const Expectation& e) {
  std::string out;
  if (!e.available.empty()) out = "available: " + e.available;
  const auto compare = [&](const std::optional<Comparison>& c, std::string_view name) {
    if (c) {
      out = fmt::format("{}: {}{}", name, kOps[static_cast<std::size_t>(c->op)], c->value);
    }
  };
  compare(e.running, "running");
  compare(e.pending, "pending");
  compare(e.ready, "ready");
  compare(e.succeeded, "succeeded");
  compare(e.failed, "failed");
  compare(e.restarts, "restarts");
  compare(e.nodes_ready, "nodesReady");
  if (e.no_pending) out = "noPending";
  if (e.max_unavailable) {
    out = fmt::format("maxUnavailable: {}{} of {}", e.max_unavailable->value,
                      e.max_unavailable->is_percent ? "%" : "", e.of);
  }
  if (e.within) out += " within " + format_duration(*e.within);
  switch (e.after.mark) {
    case After::Mark::kStart:
      break;
    case After::Mark::kEachFault:
      out += " after each fault";
      break;
    case After::Mark::kEachAction:
      out += " after each action";
      break;
    case After::Mark::kInstant:
      out += " after " + format_duration(e.after.instant);
      break;
  }
  return out;
}

std::vector<results::ExpectationOutcome> ExpectationChecker::finish() {
  std::vector<results::ExpectationOutcome> out;
  for (Watched& w : watched_) {
    const Expectation& e = *w.expectation;
    if (!e.within && !needs_every_change(e)) check(w);
    results::ExpectationOutcome outcome{describe(e), w.broken == 0 && w.checks > 0, w.detail};
    if (w.checks == 0 && needs_every_change(e)) outcome.held = w.active;
    if (w.checks == 0) outcome.detail = "the run ended before this could be checked";
    if (w.checks > 1 && w.broken > 0) {
      outcome.detail += fmt::format(" ({} of {} checks)", w.broken, w.checks);
    }
    out.push_back(std::move(outcome));
  }
  return out;
}

}  // namespace orrery::sim
