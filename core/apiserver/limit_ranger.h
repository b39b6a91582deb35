// Plugin LimitRanger: the LimitRanges of a namespace give containers default requests and limits,
// and bound what containers, pods and claims may ask for. Called by admission, before validation.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/kind_registry.h"
#include "core/api/pod.h"
#include "core/store/store.h"

namespace orrery::apiserver {

class LimitRanger {
 public:
  LimitRanger(const api::Kinds& kinds, const store::Store& store);

  api::KindId kind() const { return kind_; }
  /// Sets defaults, then checks. Forbidden in upstream's words.
  Status admit(api::Pod& pod) const;
  /// Storage of a PersistentVolumeClaim document.
  Status admit_claim(const api::ObjectMeta& meta, const nlohmann::json& claim) const;

 private:
  const api::Kinds& kinds_;
  const store::Store& store_;
  api::KindId kind_ = api::KindId::kNone;
};

}  // namespace orrery::apiserver
