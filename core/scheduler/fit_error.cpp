#include "core/scheduler/fit_error.h"

#include <algorithm>
#include <map>

namespace orrery::scheduler {

void Diagnosis::add(const Verdict& verdict, std::int64_t nodes) {
  if (verdict.plugin >= 0) plugins |= std::uint64_t{1} << verdict.plugin;
  for (Rejection& r : rejections) {
    if (r.verdict == verdict) {
      r.nodes += nodes;
      return;
    }
  }
  rejections.push_back({verdict, nodes});
}

std::string fit_error_text(const Diagnosis& diagnosis) {
  if (diagnosis.nodes_total == 0) return "no nodes available to schedule pods";
  std::string text = "0/" + std::to_string(diagnosis.nodes_total) + " nodes are available";
  if (!diagnosis.pre_filter_message.empty()) {
    text += ": " + diagnosis.pre_filter_message + ".";
  } else {
    std::map<std::string_view, std::int64_t> counts;
    for (const Diagnosis::Rejection& r : diagnosis.rejections) {
      for (const Symbol reason : r.verdict.reasons) counts[reason.view()] += r.nodes;
    }
    std::vector<std::string> parts;
    for (const auto& [reason, count] : counts) {
      parts.push_back(std::to_string(count) + " " + std::string(reason));
    }
    std::sort(parts.begin(), parts.end());  // by text, the count first, as upstream
    for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? ": " : ", ") + parts[i];
    if (!parts.empty()) text += ".";
  }
  if (!diagnosis.post_filter_message.empty()) text += " " + diagnosis.post_filter_message;
  return text;
}

std::string message_of(const Verdict& verdict) {
  std::string text;
  for (const Symbol reason : verdict.reasons) {
    if (!text.empty()) text += ", ";
    text += reason.view();
  }
  return text;
}

}  // namespace orrery::scheduler
