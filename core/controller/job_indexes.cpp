#include <algorithm>
#include <charconv>

#include "core/controller/job_plan.h"

namespace orrery::controller {
namespace {

std::optional<std::int32_t> number(std::string_view text) {
  std::int32_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

bool exit_code_matches(const api::PodFailurePolicyOnExitCodes& rule,
                       const api::ContainerStatus& container) {
  if (rule.container_name && *rule.container_name != container.name) return false;
  if (container.state.kind != api::ContainerState::Kind::kTerminated) return false;
  const std::int32_t code = container.state.exit_code;
  if (code == 0) return false;
  const bool in = std::find(rule.values.begin(), rule.values.end(), code) != rule.values.end();
  return rule.operator_ == "In" ? in : rule.operator_ == "NotIn" && !in;
}

/// How the rule matches, in upstream's words; "" if it does not.
std::string match(const api::PodFailurePolicyRule& rule, const api::Pod& pod) {
  if (rule.on_exit_codes) {
    for (const auto* list : {&pod.status.container_statuses, &pod.status.init_container_statuses}) {
      for (const api::ContainerStatus& c : *list) {
        if (!exit_code_matches(*rule.on_exit_codes, c)) continue;
        return "Container " + c.name.str() + " for pod " + api::key_of(pod) +
               " failed with exit code " + std::to_string(c.state.exit_code);
      }
    }
    return {};
  }
  for (const api::PodConditionPattern& pattern : rule.on_pod_conditions) {
    const api::PodCondition* c = api::find_condition(pod.status, pattern.type.view());
    if (c && c->status == pattern.status) {
      return "Pod " + api::key_of(pod) + " has condition " + pattern.type.str();
    }
  }
  return {};
}

}  // namespace

std::set<std::int32_t> parse_indexes(std::string_view text) {
  std::set<std::int32_t> out;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view part = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const std::size_t dash = part.find('-');
    const auto first = number(part.substr(0, std::min(dash, part.size())));
    const auto last = dash == part.npos ? first : number(part.substr(dash + 1));
    if (!first || !last) continue;
    for (std::int32_t i = *first; i <= *last; ++i) out.insert(out.end(), i);
  }
  return out;
}

// Two neighbours are written "3,4", three or more "3-5".
std::string format_indexes(const std::set<std::int32_t>& indexes) {
  std::string out;
  for (auto it = indexes.begin(); it != indexes.end();) {
    const std::int32_t first = *it;
    std::int32_t last = first;
    while (++it != indexes.end() && *it == last + 1) last = *it;
    if (!out.empty()) out += ',';
    out += std::to_string(first);
    if (last > first) out += (last == first + 1 ? "," : "-") + std::to_string(last);
  }
  return out;
}

std::optional<std::int32_t> completion_index(const api::Pod& pod) {
  const Text* text = api::find(pod.meta.annotations, kJobIndex);
  return text ? number(text->view()) : std::nullopt;
}

bool is_indexed(const api::Job& job) {
  return job.spec.completion_mode && *job.spec.completion_mode == "Indexed";
}

bool is_finished(const api::Job& job) {
  for (const api::JobCondition& c : job.status.conditions) {
    if ((c.type == "Complete" || c.type == "Failed") && c.status == "True") return true;
  }
  return false;
}

FailureVerdict judge_failure(const api::Job& job, const api::Pod& pod) {
  using Action = FailureVerdict::Action;
  for (std::size_t i = 0; i < job.spec.pod_failure_policy.size(); ++i) {
    const api::PodFailurePolicyRule& rule = job.spec.pod_failure_policy[i];
    std::string how = match(rule, pod);
    if (how.empty()) continue;
    how += " matching " + rule.action.str() + " rule at index " + std::to_string(i);
    if (rule.action == "Ignore") return {Action::kIgnore, {}};
    if (rule.action == "FailIndex") return {Action::kFailIndex, {}};
    if (rule.action == "FailJob") return {Action::kFailJob, std::move(how)};
    return {};
  }
  return {};
}

}  // namespace orrery::controller
