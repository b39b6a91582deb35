// KubeletEvents: the Events that a kubelet writes about pods, with upstream's reasons and texts.
// Costs nothing without a recorder: texts are made only if somebody wants them.
#pragma once

#include <fmt/format.h>

#include "core/api/pod.h"
#include "core/client/event_recorder.h"
#include "core/kubelet/words.h"

namespace orrery::kubelet {

class KubeletEvents {
 public:
  KubeletEvents(EventRecorder* recorder, const api::Pod& pod) : recorder_(recorder), pod_(pod) {}

  template <class... Args>
  void normal(const char* reason, fmt::format_string<Args...> text, Args&&... args) const {
    if (recorder_ && recorder_->is_enabled())
      write(words().normal, reason, fmt::format(text, std::forward<Args>(args)...));
  }
  template <class... Args>
  void warning(const char* reason, fmt::format_string<Args...> text, Args&&... args) const {
    if (recorder_ && recorder_->is_enabled())
      write(words().warning, reason, fmt::format(text, std::forward<Args>(args)...));
  }

 private:
  void write(Symbol type, const char* reason, const std::string& text) const {
    recorder_->event(pod_, words().v1, words().pod, type, Symbol(reason), Text(text));
  }
  EventRecorder* recorder_;
  const api::Pod& pod_;
};

}  // namespace orrery::kubelet
