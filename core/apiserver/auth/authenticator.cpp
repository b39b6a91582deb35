#include "core/apiserver/auth/authenticator.h"

#include <algorithm>

#include "core/apiserver/auth/jwt.h"
#include "core/apiserver/auth/service_account_name.h"

namespace orrery::apiserver {
namespace {

constexpr std::string_view kProtocol = "base64url.bearer.authorization.k8s.io.";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_bearer(std::string_view word) {
  constexpr std::string_view kWord = "bearer";
  return std::equal(word.begin(), word.end(), kWord.begin(), kWord.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

std::optional<std::string> protocol_token(std::string_view protocols) {
  while (!protocols.empty()) {
    const auto comma = protocols.find(',');
    const std::string_view protocol = trimmed(protocols.substr(0, comma));
    if (protocol.starts_with(kProtocol)) {
      return from_base64url(protocol.substr(kProtocol.size()));
    }
    protocols.remove_prefix(comma == std::string_view::npos ? protocols.size() : comma + 1);
  }
  return std::nullopt;
}

// group.AuthenticatedGroupAdder
User authenticated(User user) {
  if (user.name != kAnonymousUser && !user.is_in(kAuthenticatedGroup) &&
      !user.is_in(kUnauthenticatedGroup)) {
    user.groups.emplace_back(kAuthenticatedGroup);
  }
  return user;
}

Status unauthorized() { return Status(Reason::kUnauthorized, "Unauthorized"); }

}  // namespace

std::optional<std::string> bearer_token(const HttpRequest& request) {
  const std::string_view value = trimmed(request.header("authorization"));
  const auto space = value.find(' ');
  if (space != std::string_view::npos && is_bearer(value.substr(0, space))) {
    const std::string_view rest = value.substr(space + 1);
    const std::string_view token = rest.substr(0, rest.find(' '));
    if (!token.empty()) return std::string(token);
  }
  for (const HttpHeader& header : request.headers) {
    if (header.name != "sec-websocket-protocol") continue;
    if (std::optional<std::string> token = protocol_token(header.value)) return token;
  }
  return std::nullopt;
}

Authenticator::Authenticator(Options options, ServiceAccountTokens* accounts)
    : options_(std::move(options)), accounts_(accounts) {
  if (options_.audiences.empty() && accounts_) options_.audiences = accounts_->audiences();
}

Result<User> Authenticator::authenticate(const HttpRequest& request) {
  if (request.certificate && !request.certificate->common_name.empty()) {
    User user;
    user.name = request.certificate->common_name;
    user.groups = request.certificate->organizations;
    return authenticated(std::move(user));
  }
  if (const std::optional<std::string> token = bearer_token(request)) {
    Result<TokenUser> found = authenticate_token(*token, {});
    if (!found.ok()) return unauthorized();
    return std::move(found->user);
  }
  if (!options_.anonymous) return unauthorized();
  User anonymous;
  anonymous.name = kAnonymousUser;
  anonymous.groups.emplace_back(kUnauthenticatedGroup);
  return anonymous;
}

std::optional<TokenUser> Authenticator::find_static(
    std::string_view token, const std::vector<std::string>& wanted_audiences) const {
  const auto it = options_.tokens.find(token);
  if (it == options_.tokens.end()) return std::nullopt;
  TokenUser out{it->second, {}};
  for (const std::string& own : options_.audiences) {
    const bool wanted =
        wanted_audiences.empty() ||
        std::find(wanted_audiences.begin(), wanted_audiences.end(), own) != wanted_audiences.end();
    if (wanted) out.audiences.push_back(own);
  }
  if (out.audiences.empty() && !wanted_audiences.empty()) return std::nullopt;
  return out;
}

Result<TokenUser> Authenticator::authenticate_token(
    std::string_view token, const std::vector<std::string>& wanted_audiences) {
  constexpr std::string_view kInvalid = "invalid bearer token";
  std::optional<TokenUser> user = find_static(token, wanted_audiences);
  std::string why;
  if (!user && accounts_) {
    Result<TokenUser> verified = accounts_->verify(token, wanted_audiences);
    if (verified.ok()) {
      user = std::move(*verified);
    } else {
      why = verified.status().message();
    }
  }
  if (!user) {
    std::string message(kInvalid);
    if (!why.empty()) message = "[" + message + ", " + why + "]";
    return Status(Reason::kUnauthorized, std::move(message));
  }
  user->user = authenticated(std::move(user->user));
  return std::move(*user);
}

}  // namespace orrery::apiserver
