// PodMemo: specs and labels of pods that were defaulted, admitted and validated before. Pods made
// from one template share their spec, so all but the first skip that work and share the admitted
// spec. Entries hold what they are keyed by, so an address cannot come to mean something else.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

#include "core/api/pod.h"

namespace orrery::apiserver {

class PodMemo {
 public:
  static constexpr std::size_t kEntriesMax = 16384;  // the oldest is forgotten first
  static constexpr std::size_t kContentsMax = 256;

  struct Admitted {
    api::Shared<api::PodSpec> given;
    api::Shared<api::PodSpec> spec;
    Symbol node_name;
    Symbol qos_class;
    Symbol namespace_;
    std::optional<api::LabelSet> labels;  // of the pod, if the spec took values from them
  };
  /// What this spec became in this namespace, or null.
  const Admitted* find(const api::Shared<api::PodSpec>& given, Symbol ns) const;
  void remember(Admitted admitted);
  /// By content, for pods that clients create one by one: `hash` is of the given spec's document.
  const Admitted* find_like(std::uint64_t hash, const api::PodSpec& given, Symbol ns) const;
  void remember_like(std::uint64_t hash, Admitted admitted);
  /// Priority classes or other admission inputs changed.
  void forget_specs();

  bool knows_labels(const api::LabelSet& labels) const;
  void remember_labels(const api::LabelSet& labels);

 private:
  std::unordered_map<const void*, Admitted> specs_;  // lookup only
  std::deque<const void*> order_;
  std::unordered_map<std::uint64_t, Admitted> contents_;  // lookup only
  std::deque<std::uint64_t> content_order_;
  std::unordered_map<const void*, api::LabelSet> labels_;  // lookup only
  std::deque<const void*> label_order_;
};

}  // namespace orrery::apiserver
