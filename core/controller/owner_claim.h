// owner_claim: who owns what. Decides for one object whether a controller with a selector keeps,
// adopts, releases or ignores it (upstream: BaseControllerRefManager), and makes owner references.
// Pure; the controllers do the writes.
#pragma once

#include "core/api/meta.h"
#include "core/api/object.h"
#include "core/api/values/selector.h"

namespace orrery::controller {

enum class Claim {
  kIgnore,   // somebody else's, or not to be touched
  kKeep,     // ours
  kAdopt,    // nobody's and it matches: take it
  kRelease,  // ours, but it no longer matches: let it go
};

/// The selector compiled; null or invalid ones select nothing.
api::Selector compile(const api::Shared<api::LabelSelector>& selector);

/// `owner_deleting`: an owner on its way out adopts and releases nothing.
Claim decide_claim(const api::ObjectMeta& object, const Uid& owner, bool owner_deleting,
                   const api::Selector& selector);

/// metav1.NewControllerRef: controller and blockOwnerDeletion are true.
api::OwnerReference controller_reference(const api::Object& owner, Symbol api_version, Symbol kind);

/// The list with this owner's reference put in (replacing one of the same uid), or taken out.
api::List<api::OwnerReference> with_owner(const api::List<api::OwnerReference>& owners,
                                          const api::OwnerReference& owner);
api::List<api::OwnerReference> without_owner(const api::List<api::OwnerReference>& owners,
                                             const Uid& owner);

}  // namespace orrery::controller
