#include "core/controller/owner_claim.h"

namespace orrery::controller {

api::Selector compile(const api::Shared<api::LabelSelector>& selector) {
  return selector ? api::Selector::from(*selector).value_or(api::Selector::nothing())
                  : api::Selector::nothing();
}

Claim decide_claim(const api::ObjectMeta& object, const Uid& owner, bool owner_deleting,
                   const api::Selector& selector) {
  const bool match = selector.matches(*object.labels);
  if (const api::OwnerReference* controller = api::controller_of(object)) {
    if (controller->uid != owner) return Claim::kIgnore;
    if (match) return Claim::kKeep;
    return owner_deleting ? Claim::kIgnore : Claim::kRelease;
  }
  if (!match || owner_deleting || object.is_being_deleted()) return Claim::kIgnore;
  return Claim::kAdopt;
}

api::OwnerReference controller_reference(const api::Object& owner, Symbol api_version,
                                         Symbol kind) {
  api::OwnerReference reference;
  reference.api_version = api_version;
  reference.kind = kind;
  reference.name = owner.meta.name;
  reference.uid = owner.meta.uid;
  reference.controller = true;
  reference.block_owner_deletion = true;
  return reference;
}

api::List<api::OwnerReference> with_owner(const api::List<api::OwnerReference>& owners,
                                          const api::OwnerReference& owner) {
  api::List<api::OwnerReference> out = without_owner(owners, owner.uid);
  out.edit().push_back(owner);
  return out;
}

api::List<api::OwnerReference> without_owner(const api::List<api::OwnerReference>& owners,
                                             const Uid& owner) {
  std::vector<api::OwnerReference> kept;
  for (const api::OwnerReference& o : owners) {
    if (o.uid != owner) kept.push_back(o);
  }
  return api::List<api::OwnerReference>(std::move(kept));
}

}  // namespace orrery::controller
