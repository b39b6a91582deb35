// The escalation check: nobody writes a role, or binds one, that grants more than they hold, unless
// they have the verb `escalate` (roles) or `bind` (bindings). The API server calls it for each
// create, update and patch of the four RBAC kinds, once the object to be stored is known.
#pragma once

#include "core/api/object.h"
#include "core/apiserver/auth/rbac_authorizer.h"

namespace orrery::apiserver {

/// Forbidden with upstream's text if `request.user` may not write `fresh` over `old` (null: it is
/// new); NotFound if `fresh` binds a role that is not there. `request` is the write's own; objects
/// of other kinds pass.
Status check_escalation(RbacAuthorizer& authorizer, const RequestAttributes& request,
                        const api::Object& fresh, const api::Object* old);

}  // namespace orrery::apiserver
