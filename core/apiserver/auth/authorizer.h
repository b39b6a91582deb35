// Authorizer: may this user do this? Asked once per request by the API server's front, again by
// impersonation, escalation checks and access reviews. The rule: fill RequestAttributes as
// upstream's RequestInfo does (verb in lower case; an empty namespace is the cluster scope).
#pragma once

#include <string>
#include <string_view>

#include "core/apiserver/auth/user.h"
#include "core/base/status.h"

namespace orrery::apiserver {

/// authorizer.Attributes. Of a request for no resource only `verb` (the method in lower case) and
/// `path` count.
struct RequestAttributes {
  User user;
  std::string verb;  // get list watch create update patch delete deletecollection, or a special one
  std::string api_group;
  std::string api_version;
  std::string resource;
  std::string subresource;
  std::string name;
  std::string namespace_;
  bool is_resource = true;
  std::string path;
};

struct Decision {
  bool allowed = false;
  std::string reason;  // why, in upstream's words; "" when no rule says anything
};

class Authorizer {
 public:
  virtual ~Authorizer() = default;
  virtual Decision authorize(const RequestAttributes& attributes) = 0;
};

/// The 403 for a request that was not allowed: `pods is forbidden: User "bob" cannot list resource
/// "pods" in API group "" in the namespace "x"`, followed by `: REASON` if there is one.
Status forbidden(const RequestAttributes& attributes, std::string_view reason);

/// apierrors.NewForbidden: `roles.rbac.authorization.k8s.io "x" is forbidden: WHY`.
Status forbidden_because(std::string_view group, std::string_view resource, std::string_view name,
                         std::string_view why);

}  // namespace orrery::apiserver
