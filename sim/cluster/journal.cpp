#include "sim/cluster/journal.h"

namespace orrery::sim {

void Journal::event(std::string_view kind, std::string_view what, std::string_view object,
                    std::string_view message) {
  if (file_) file_->event(now_seconds(), kind, what, object, message);
}

int Journal::note(std::string_view kind, std::string_view what, std::string_view object,
                  std::string_view message) {
  event(kind, what, object, message);
  if (timeline_.size() >= kTimelineMax) return -1;
  std::string title(what);
  if (!object.empty()) title.append(" ").append(object);
  timeline_.push_back({now_seconds(), std::string(kind), std::move(title), std::string(message)});
  return static_cast<int>(timeline_.size()) - 1;
}

void Journal::amend(int line, std::string_view message) {
  if (line < 0) return;
  std::string& text = timeline_[static_cast<std::size_t>(line)].message;
  if (!text.empty()) text += "; ";
  text += message;
}

}  // namespace orrery::sim
