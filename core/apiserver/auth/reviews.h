// Access, rule, token and self reviews: the virtual kinds of authorization.k8s.io and
// authentication.k8s.io, answered at once and never stored. The API server hands over the decoded
// request document and sends what comes back with 201; managedFields are its own matter.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "core/apiserver/auth/authenticator.h"
#include "core/apiserver/auth/rbac_authorizer.h"
#include "core/base/time.h"

namespace orrery::apiserver {

/// SubjectAccessReview: may the user named in its spec do this?
Result<nlohmann::json> review_subject_access(Authorizer& authorizer, const nlohmann::json& review);
/// LocalSubjectAccessReview posted to namespace `ns`.
Result<nlohmann::json> review_local_access(Authorizer& authorizer, const nlohmann::json& review,
                                           std::string_view ns);
/// SelfSubjectAccessReview (kubectl auth can-i).
Result<nlohmann::json> review_self_access(Authorizer& authorizer, const User& user,
                                          const nlohmann::json& review);
/// SelfSubjectRulesReview (kubectl auth can-i --list).
Result<nlohmann::json> review_self_rules(const RbacAuthorizer& authorizer, const User& user,
                                         const nlohmann::json& review);
/// TokenReview.
Result<nlohmann::json> review_token(Authenticator& authenticator, const nlohmann::json& review);
/// A user as documents name one: username, uid, groups, extra; what is empty is left out.
nlohmann::json user_document(const User& user);
/// SelfSubjectReview (kubectl auth whoami).
nlohmann::json review_self(const User& user, Time now);

}  // namespace orrery::apiserver
