#include "core/apiserver/pod_memo.h"

namespace orrery::apiserver {

const PodMemo::Admitted* PodMemo::find(const api::Shared<api::PodSpec>& given, Symbol ns) const {
  const auto it = specs_.find(given.identity());
  return it == specs_.end() || !(it->second.namespace_ == ns) ? nullptr : &it->second;
}

void PodMemo::remember(Admitted admitted) {
  const void* key = admitted.given.identity();
  if (specs_.insert_or_assign(key, std::move(admitted)).second) order_.push_back(key);
  if (order_.size() > kEntriesMax) {
    specs_.erase(order_.front());
    order_.pop_front();
  }
}

const PodMemo::Admitted* PodMemo::find_like(std::uint64_t hash, const api::PodSpec& given,
                                            Symbol ns) const {
  const auto it = contents_.find(hash);
  if (it == contents_.end() || !(it->second.namespace_ == ns)) return nullptr;
  return *it->second.given == given ? &it->second : nullptr;
}

void PodMemo::remember_like(std::uint64_t hash, Admitted admitted) {
  if (contents_.insert_or_assign(hash, std::move(admitted)).second) content_order_.push_back(hash);
  if (content_order_.size() > kContentsMax) {
    contents_.erase(content_order_.front());
    content_order_.pop_front();
  }
}

void PodMemo::forget_specs() {
  specs_.clear();
  order_.clear();
  contents_.clear();
  content_order_.clear();
}

bool PodMemo::knows_labels(const api::LabelSet& labels) const {
  return labels.empty() || labels_.count(labels.identity()) != 0;
}

void PodMemo::remember_labels(const api::LabelSet& labels) {
  if (labels.empty() || !labels_.emplace(labels.identity(), labels).second) return;
  label_order_.push_back(labels.identity());
  if (label_order_.size() > kEntriesMax) {
    labels_.erase(label_order_.front());
    label_order_.pop_front();
  }
}

}  // namespace orrery::apiserver
