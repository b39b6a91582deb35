#include "core/apiserver/auth/authorizer.h"

#include <fmt/format.h>

#include "core/api/values/quoted.h"

namespace orrery::apiserver {
namespace {

using api::quoted;

// responsewriters' sanitizer: the message may end in a browser.
std::string sanitized(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string what_is_forbidden(const RequestAttributes& a) {
  if (!a.is_resource) {
    return fmt::format("User {} cannot {} path {}", quoted(a.user.name), a.verb, quoted(a.path));
  }
  const std::string resource =
      a.subresource.empty() ? a.resource : a.resource + "/" + a.subresource;
  const std::string scope =
      a.namespace_.empty() ? "at the cluster scope" : "in the namespace " + quoted(a.namespace_);
  return fmt::format("User {} cannot {} resource {} in API group {} {}", quoted(a.user.name),
                     a.verb, quoted(resource), quoted(a.api_group), scope);
}

}  // namespace

Status forbidden(const RequestAttributes& attributes, std::string_view reason) {
  std::string why = sanitized(what_is_forbidden(attributes));
  if (!reason.empty()) why.append(": ").append(reason);
  if (!attributes.is_resource) return forbidden_because({}, {}, {}, why);
  return forbidden_because(attributes.api_group, attributes.resource, attributes.name, why);
}

Status forbidden_because(std::string_view group, std::string_view resource, std::string_view name,
                         std::string_view why) {
  StatusDetails details;
  details.name = name;
  details.group = group;
  details.kind = resource;
  if (resource.empty()) {
    return Status(Reason::kForbidden, fmt::format("forbidden: {}", why), std::move(details));
  }
  std::string subject(resource);
  if (!group.empty()) subject.append(".").append(group);
  if (!name.empty()) subject.append(" ").append(quoted(name));
  return Status(Reason::kForbidden, fmt::format("{} is forbidden: {}", subject, why),
                std::move(details));
}

}  // namespace orrery::apiserver
