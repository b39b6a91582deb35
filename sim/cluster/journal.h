// Journal: the run's own account of what happened, for people: faults, actions, what healed when.
// Goes to the summary's timeline and to events.ndjson. It only reads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/results/run_files.h"
#include "core/results/summary.h"
#include "core/runtime/env.h"

namespace orrery::sim {

class Journal {
 public:
  static constexpr std::size_t kTimelineMax = 200;  // lines of the summary; the file has all

  Journal(Env& env, Time start) : env_(env), start_(start) {}
  /// Where events also go; may be null.
  void set_file(results::EventFile* file) { file_ = file; }

  /// An event for the file only.
  void event(std::string_view kind, std::string_view what, std::string_view object,
             std::string_view message);
  /// An event that people should see: also a line of the timeline. Returns the line's number, or
  /// -1.
  int note(std::string_view kind, std::string_view what, std::string_view object,
           std::string_view message);
  /// Says later what came of a line.
  void amend(int line, std::string_view message);
  void problem(std::string text) { problems_.push_back(std::move(text)); }

  std::vector<results::Happening>& timeline() { return timeline_; }
  std::vector<std::string>& problems() { return problems_; }
  double now_seconds() const { return seconds(env_.now() - start_); }
  Time start() const { return start_; }

 private:
  Env& env_;
  Time start_;
  results::EventFile* file_ = nullptr;
  std::vector<results::Happening> timeline_;
  std::vector<std::string> problems_;
};

}  // namespace orrery::sim
