#include "sim/benchmarks/measurer.h"

namespace orrery::sim {

void Measurer::start(std::string name, const PodCounter& pods, Time now) {
  current_ = {};
  current_.name = std::move(name);
  scheduled_ms_.clear();
  unschedulable_ms_.clear();
  began_ = now;
  pods_ = &pods;
  tasks_ = 0;
  sampler_.start(stopwatch_());
}

void Measurer::stop(Time now) {
  sampler_.stop(stopwatch_(), pods_->watched());
  pods_ = nullptr;
  current_.throughput = sampler_.summarise();
  current_.points = sampler_.points();
  current_.virtual_seconds = seconds(now - began_);
  current_.attempt_ms = percentiles_of(std::move(scheduled_ms_));
  current_.unschedulable_attempt_ms = percentiles_of(std::move(unschedulable_ms_));
  scheduled_ms_ = {};
  unschedulable_ms_ = {};
  done_.push_back(std::move(current_));
}

void Measurer::on_attempt_end(scheduler::Placement::Kind outcome) {
  if (!pods_) return;
  const double ms = static_cast<double>(stopwatch_() - attempt_began_) / 1e6;
  std::vector<double>* kept = nullptr;
  switch (outcome) {
    case scheduler::Placement::Kind::kPlaced:
      ++current_.attempts_scheduled;
      kept = &scheduled_ms_;
      break;
    case scheduler::Placement::Kind::kUnschedulable:
      ++current_.attempts_unschedulable;
      kept = &unschedulable_ms_;
      break;
    case scheduler::Placement::Kind::kError:
      ++current_.attempts_failed;
      return;
  }
  if (kept->size() < kAttemptsMax) kept->push_back(ms);
}

}  // namespace orrery::sim
