#include "core/apiserver/auth/impersonation.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/api/values/quoted.h"
#include "core/apiserver/auth/service_account_name.h"

namespace orrery::apiserver {
namespace {

constexpr std::string_view kUser = "impersonate-user";
constexpr std::string_view kGroup = "impersonate-group";
constexpr std::string_view kUid = "impersonate-uid";
constexpr std::string_view kExtra = "impersonate-extra-";
constexpr std::string_view kAuthenticationGroup = "authentication.k8s.io";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// url.PathUnescape; text that is not well escaped stays as it is (unescapeExtraKey).
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::string(text);
    const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::string(text);
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

// What the headers ask for.
struct Wanted {
  User user;  // without what is added for its kind
  bool groups_given = false;
};

Wanted read_headers(const HttpRequest& request) {
  Wanted out;
  out.user.name = request.header(kUser);
  out.user.uid = request.header(kUid);
  for (const HttpHeader& header : request.headers) {
    const std::string_view name = header.name;
    if (name == kGroup) {
      out.user.groups.push_back(header.value);
      out.groups_given = true;
    } else if (name.starts_with(kExtra)) {
      out.user.extra[unescaped(name.substr(kExtra.size()))].push_back(header.value);
    }
  }
  return out;
}

// One question to the authorizer for each part of the wanted user.
std::vector<RequestAttributes> questions(const User& requestor, const Wanted& wanted) {
  std::vector<RequestAttributes> out;
  const auto ask = [&](std::string_view group, std::string_view resource, std::string_view name) {
    RequestAttributes& a = out.emplace_back();
    a.user = requestor;
    a.verb = "impersonate";
    a.api_group = group;
    a.api_version = group.empty() ? "" : "v1";
    a.resource = resource;
    a.name = name;
    return &a;
  };
  if (const auto account = split_service_account(wanted.user.name)) {
    ask("", "serviceaccounts", account->second)->namespace_ = account->first;
  } else {
    ask("", "users", wanted.user.name);
  }
  for (const std::string& group : wanted.user.groups) ask("", "groups", group);
  for (const auto& [key, values] : wanted.user.extra) {
    for (const std::string& value : values) {
      ask(kAuthenticationGroup, "userextras", value)->subresource = key;
    }
  }
  if (!wanted.user.uid.empty()) ask(kAuthenticationGroup, "uids", wanted.user.uid);
  return out;
}

User complete(Wanted wanted) {
  User user = std::move(wanted.user);
  if (!wanted.groups_given) {
    if (const auto account = split_service_account(user.name)) {
      user.groups = service_account_groups(account->first);
    }
  }
  const bool anonymous = user.name == kAnonymousUser;
  const bool has_it =
      user.is_in(kUnauthenticatedGroup) || (!anonymous && user.is_in(kAuthenticatedGroup));
  if (!has_it) user.groups.emplace_back(anonymous ? kUnauthenticatedGroup : kAuthenticatedGroup);
  return user;
}

}  // namespace

bool wants_impersonation(const HttpRequest& request) {
  return std::any_of(request.headers.begin(), request.headers.end(), [](const HttpHeader& h) {
    return h.name == kUser || h.name == kGroup || h.name == kUid || h.name.starts_with(kExtra);
  });
}

Result<User> impersonate(Authorizer& authorizer, const User& requestor,
                         const HttpRequest& request) {
  if (!wants_impersonation(request)) return requestor;
  Wanted wanted = read_headers(request);
  if (wanted.user.name.empty()) {
    return internal_error(
        fmt::format("Internal Server Error: {}: requested groups, uid or extra without "
                    "impersonating a user",
                    api::quoted(request.path)));
  }
  for (const RequestAttributes& question : questions(requestor, wanted)) {
    const Decision decision = authorizer.authorize(question);
    if (!decision.allowed) return forbidden(question, decision.reason);
  }
  return complete(std::move(wanted));
}

}  // namespace orrery::apiserver
