#include "core/scheduler/plugins/tolerations.h"

#include "core/api/pod.h"

namespace orrery::scheduler {

bool tolerates(const api::Toleration& toleration, const api::Taint& taint) {
  static const Symbol kEqual{"Equal"};
  static const Symbol kExists{"Exists"};
  if (!toleration.effect.empty() && toleration.effect != taint.effect) return false;
  if (!toleration.key.empty() && toleration.key != taint.key) return false;
  if (toleration.operator_.empty() || toleration.operator_ == kEqual) {
    return toleration.value == taint.value;
  }
  return toleration.operator_ == kExists;
}

bool tolerates(const api::List<api::Toleration>& tolerations, const api::Taint& taint) {
  for (const api::Toleration& t : tolerations) {
    if (tolerates(t, taint)) return true;
  }
  return false;
}

void sign_tolerations(const api::Pod& pod, Signature& signature) {
  const std::size_t count = pod.spec ? pod.spec->tolerations.size() : 0;
  signature.add(static_cast<std::int64_t>(count));
  for (std::size_t i = 0; i < count; ++i) {
    const api::Toleration& t = pod.spec->tolerations[i];
    signature.add(t.key);
    signature.add(t.operator_);
    signature.add(t.value);
    signature.add(t.effect);
  }
}

}  // namespace orrery::scheduler
