// Impersonation: a request's Impersonate-User, -Group, -Uid and -Extra-* headers (kubectl --as),
// each checked with the verb `impersonate`. Called after authentication; what it returns is the
// user that the request runs as.
#pragma once

#include "core/apiserver/auth/authorizer.h"
#include "core/base/result.h"
#include "core/ports/http_exchange.h"

namespace orrery::apiserver {

/// True if the request carries any Impersonate-* header.
bool wants_impersonation(const HttpRequest& request);

/// The user to act as; `requestor` itself if no header asks for another. Forbidden if it may not
/// impersonate one of the parts; InternalError for groups, uid or extra without a user.
Result<User> impersonate(Authorizer& authorizer, const User& requestor, const HttpRequest& request);

}  // namespace orrery::apiserver
