// Names of service accounts as users: "system:serviceaccount:NAMESPACE:NAME", and their groups.
// Used by RBAC, tokens and impersonation.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orrery::apiserver {

inline constexpr std::string_view kServiceAccountPrefix = "system:serviceaccount:";
inline constexpr std::string_view kAuthenticatedGroup = "system:authenticated";
inline constexpr std::string_view kUnauthenticatedGroup = "system:unauthenticated";
inline constexpr std::string_view kMastersGroup = "system:masters";
inline constexpr std::string_view kAnonymousUser = "system:anonymous";

inline std::string service_account_user_name(std::string_view ns, std::string_view name) {
  return std::string(kServiceAccountPrefix).append(ns).append(":").append(name);
}

/// serviceaccount.MakeGroupNames
inline std::vector<std::string> service_account_groups(std::string_view ns) {
  return {"system:serviceaccounts", std::string("system:serviceaccounts:").append(ns)};
}

/// (namespace, name) of such a user name; none for other users (serviceaccount.SplitUsername,
/// without its check of the names' form).
inline std::optional<std::pair<std::string, std::string>> split_service_account(
    std::string_view user) {
  if (!user.starts_with(kServiceAccountPrefix)) return std::nullopt;
  user.remove_prefix(kServiceAccountPrefix.size());
  const auto colon = user.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == user.size() ||
      user.find(':', colon + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return std::pair(std::string(user.substr(0, colon)), std::string(user.substr(colon + 1)));
}

}  // namespace orrery::apiserver
