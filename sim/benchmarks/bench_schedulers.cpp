#include "sim/benchmarks/bench_schedulers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/scheduler/config/configuration.h"
#include "core/scheduler/plugin.h"
#include "sim/scenario/document_reader.h"
#include "sim/scenario/input_files.h"
#include "sim/scenario/line_index.h"

namespace orrery::sim {
namespace {

constexpr std::uint64_t kSeedsMax = 1000;

bool read_number(std::string_view text, std::uint64_t& number) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

}  // namespace

Result<BenchScheduler> bench_scheduler_from_file(const std::string& file) {
  const Result<std::string> text = read_text_file(file);
  if (!text.ok()) return text.status();
  InputErrors errors(file);
  const std::vector<Tree> trees = read_documents(text.value(), errors);
  if (!errors.empty()) return errors.status();
  if (trees.size() != 1) return bad_request(file + ": must hold one document");
  const LineIndex lines(trees.front());
  const auto config = scheduler::parse_scheduler_configuration(
      to_json(trees.front()), file, [&](std::string_view path) { return lines.line_of(path); });
  if (!config.ok()) return config.status();
  if (!config.value().extenders.empty()) {
    return bad_request(file + ": extenders: a benchmark has no network to call them over");
  }
  BenchScheduler out;
  out.name = std::filesystem::path(file).stem().string();
  out.profiles = config.value().profiles;
  out.queue.backoff_initial = config.value().pod_initial_backoff;
  out.queue.backoff_max = config.value().pod_max_backoff;
  return out;
}

Result<BenchScheduler> bench_scheduler_of_policy(std::string_view policy) {
  BenchScheduler out;
  out.name = policy;
  if (policy == "default") return out;
  const scheduler::PluginRegistry registry = scheduler::built_in_plugins();
  std::string plugin(policy);
  if (!registry.contains(plugin)) plugin += "Score";
  if (!registry.contains(plugin)) {
    std::string known;
    for (const auto& [name, factory] : registry) {
      if (name.ends_with("Score")) known += ", " + name.substr(0, name.size() - 5);
    }
    return bad_request(fmt::format("--policy: there is no policy \"{}\"; there are default{}",
                                   policy, known));
  }
  scheduler::Profile& profile = out.profiles.front();
  for (scheduler::EnabledPlugin& one : profile.plugins) one.points.remove(scheduler::Point::kScore);
  std::erase_if(profile.plugins,
                [&](const scheduler::EnabledPlugin& one) { return one.name == plugin; });
  profile.plugins.push_back({plugin});
  return out;
}

Result<std::vector<std::uint64_t>> parse_seeds(std::string_view text) {
  const Status wrong = bad_request(
      fmt::format("--seeds: must be a number, a list such as 1,2,5 or a range such as 1..10 of at "
                  "most {} seeds, got \"{}\"",
                  kSeedsMax, text));
  std::vector<std::uint64_t> out;
  if (const std::size_t dots = text.find(".."); dots != std::string_view::npos) {
    std::uint64_t first = 0, last = 0;
    if (!read_number(text.substr(0, dots), first) || !read_number(text.substr(dots + 2), last) ||
        last < first || last - first >= kSeedsMax) {
      return wrong;
    }
    for (std::uint64_t seed = first; seed <= last; ++seed) out.push_back(seed);
    return out;
  }
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    out.emplace_back();
    if (!read_number(text.substr(0, comma), out.back())) return wrong;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return out.empty() ? Result<std::vector<std::uint64_t>>(wrong) : out;
}

}  // namespace orrery::sim
