#include "core/apiserver/auth/authenticator.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/core/apiserver/auth/auth_world.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;
using test::AuthWorld;
using Texts = std::vector<std::string>;

constexpr std::string_view kAccount =
    R"({"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"robot","namespace":"ns"}})";
constexpr std::string_view kPod = R"({"apiVersion":"v1","kind":"Pod",
    "metadata":{"name":"web","namespace":"ns"},"spec":{"serviceAccountName":"robot",
    "nodeName":"n0","containers":[{"name":"c","image":"i"}]}})";
constexpr std::string_view kNode = R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"n0"}})";

HttpRequest bearer(std::string_view token) {
  HttpRequest request;
  request.headers = {{"authorization", "Bearer " + std::string(token)}};
  return request;
}

struct Authentication : testing::Test {
  AuthWorld world;
  test::HashSigner signer;
  ServiceAccountTokens accounts{world.env, world.store, signer, {}};
  Authenticator authenticator{{false, {{"secret", {"alice", "uid-a", {"devs"}, {}}}}, {}},
                              &accounts};

  std::string issue(json spec = json::object()) {
    const Result<json> answer = accounts.issue("ns", "robot", {{"spec", std::move(spec)}});
    return answer.ok() ? (*answer)["status"]["token"].get<std::string>() : std::string();
  }
  std::string issue_for(std::string_view kind, std::string_view name) {
    const json ref = {
        {"kind", std::string(kind)}, {"apiVersion", "v1"}, {"name", std::string(name)}};
    return issue({{"boundObjectRef", ref}});
  }
  std::string why_not(std::string_view token, const Texts& audiences = {}) {
    return authenticator.authenticate_token(token, audiences).status().message();
  }
};

TEST_F(Authentication, RequestsWithoutCredentialsAreUnauthorizedUnlessAnonymousIsOn) {
  const Result<User> nobody = authenticator.authenticate(HttpRequest());
  EXPECT_TRUE(nobody.status().is(Reason::kUnauthorized));
  EXPECT_EQ(nobody.status().message(), "Unauthorized");
  EXPECT_EQ(nobody.status().code(), 401);
  Authenticator open({true, {}, {}}, nullptr);
  const Result<User> anonymous = open.authenticate(HttpRequest());
  ASSERT_TRUE(anonymous.ok());
  EXPECT_EQ(anonymous->name, "system:anonymous");
  EXPECT_EQ(anonymous->groups, Texts{"system:unauthenticated"});
  EXPECT_FALSE(open.authenticate(bearer("wrong")).ok());
}

TEST_F(Authentication, AClientCertificateNamesUserAndGroups) {
  HttpRequest request;
  request.certificate = CertificateIdentity{"admin", {"system:masters"}};
  const Result<User> admin = authenticator.authenticate(request);
  ASSERT_TRUE(admin.ok());
  EXPECT_EQ(admin->name, "admin");
  EXPECT_EQ(admin->groups, (Texts{"system:masters", "system:authenticated"}));
  request.certificate->common_name.clear();
  EXPECT_FALSE(authenticator.authenticate(request).ok());
}

TEST_F(Authentication, AStaticTokenIsItsUser) {
  const Result<User> alice = authenticator.authenticate(bearer("secret"));
  ASSERT_TRUE(alice.ok());
  EXPECT_EQ(alice->name, "alice");
  EXPECT_EQ(alice->uid, "uid-a");
  EXPECT_EQ(alice->groups, (Texts{"devs", "system:authenticated"}));
  EXPECT_FALSE(authenticator.authenticate(bearer("secre")).ok());
  EXPECT_EQ(why_not("secret", {"elsewhere"}), "invalid bearer token");
}

TEST_F(Authentication, BearerTokensAreReadFromHeadersAndWebSocketProtocols) {
  HttpRequest request;
  for (const auto& [value, token] :
       std::vector<std::pair<std::string, std::string>>{{"bearer  x", ""},
                                                        {"Bearer x", "x"},
                                                        {" BEARER x y", "x"},
                                                        {"Basic x", ""},
                                                        {"x", ""}}) {
    request.headers = {{"authorization", value}};
    EXPECT_EQ(bearer_token(request).value_or(""), token) << value;
  }
  request.headers = {{"sec-websocket-protocol",
                      "v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.c2VjcmV0"}};
  EXPECT_EQ(bearer_token(request).value_or(""), "secret");
}

TEST_F(Authentication, AServiceAccountTokenIsTheAccountWithItsGroupsAndCredentialId) {
  const api::ObjectRef account = world.put(kAccount);
  const Result<User> robot = authenticator.authenticate(bearer(issue()));
  ASSERT_TRUE(robot.ok());
  EXPECT_EQ(robot->name, "system:serviceaccount:ns:robot");
  EXPECT_EQ(robot->uid, account->meta.uid.str());
  EXPECT_EQ(robot->groups,
            (Texts{"system:serviceaccounts", "system:serviceaccounts:ns", "system:authenticated"}));
  ASSERT_EQ(robot->extra.size(), 1u);
  EXPECT_TRUE(robot->extra.at("authentication.kubernetes.io/credential-id")[0].starts_with("JTI="));
}

TEST_F(Authentication, ATokenBoundToAPodTellsPodAndNode) {
  world.put(kAccount);
  const api::ObjectRef node = world.put(kNode), pod = world.put(kPod);
  const Result<User> robot = authenticator.authenticate(bearer(issue_for("Pod", "web")));
  ASSERT_TRUE(robot.ok());
  const std::string prefix = "authentication.kubernetes.io/";
  EXPECT_EQ(robot->extra.at(prefix + "pod-name"), Texts{"web"});
  EXPECT_EQ(robot->extra.at(prefix + "pod-uid"), Texts{pod->meta.uid.str()});
  EXPECT_EQ(robot->extra.at(prefix + "node-name"), Texts{"n0"});
  EXPECT_EQ(robot->extra.at(prefix + "node-uid"), Texts{node->meta.uid.str()});
}

TEST_F(Authentication, ATokenEndsWithItsTimeAndASkewOfAMinute) {
  world.put(kAccount);
  const std::string token = issue({{"expirationSeconds", 600}});
  EXPECT_EQ(why_not(token), "");
  world.run_for(660s);
  EXPECT_EQ(why_not(token), "");
  world.run_for(1s);
  EXPECT_EQ(why_not(token), "[invalid bearer token, service account token has expired]");
}

TEST_F(Authentication, ATokenEndsWithTheAccountAndThePodItIsBoundTo) {
  const api::ObjectRef account = world.put(kAccount);
  world.put(kPod);
  const std::string token = issue_for("Pod", "web");
  ASSERT_EQ(why_not(token), "");
  const std::string pod_uid =
      (*world.store.find(api::KindId::kPod, Symbol("ns"), "web"))->meta.uid.str();
  world.remove("v1", "Pod", "ns", "web");
  EXPECT_EQ(why_not(token), "[invalid bearer token, service account token has been invalidated]");
  const api::ObjectRef other = world.put(kPod);
  EXPECT_EQ(why_not(token), "[invalid bearer token, pod UID (" + other->meta.uid.str() +
                                ") does not match service account pod ref claim (" + pod_uid +
                                ")]");
  world.remove("v1", "ServiceAccount", "ns", "robot");
  EXPECT_EQ(why_not(token), "[invalid bearer token, serviceaccounts \"robot\" not found]");
  const api::ObjectRef again = world.put(kAccount);
  EXPECT_EQ(why_not(token), "[invalid bearer token, service account UID (" + again->meta.uid.str() +
                                ") does not match claim (" + account->meta.uid.str() + ")]");
}

TEST_F(Authentication, ATokenIsGoodForItsAudiencesOnly) {
  world.put(kAccount);
  const std::string token = issue({{"audiences", {"a", "b"}}});
  EXPECT_EQ(why_not(token),
            "[invalid bearer token, token audiences [\"a\" \"b\"] is invalid for the target "
            "audiences [\"https://kubernetes.default.svc\"]]");
  const Result<TokenUser> found = authenticator.authenticate_token(token, {"b", "c"});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->audiences, Texts{"b"});
}

TEST_F(Authentication, ATokenThatWasChangedOrComesFromElsewhereIsRefused) {
  world.put(kAccount);
  std::string token = issue();
  token.back() = token.back() == 'A' ? 'Q' : 'A';
  EXPECT_EQ(why_not(token),
            "[invalid bearer token, go-jose/go-jose: error in cryptographic primitive]");
  ServiceAccountTokens elsewhere(world.env, world.store, signer, {"https://other", {}, true});
  const Result<json> foreign = elsewhere.issue("ns", "robot", json::object());
  EXPECT_EQ(why_not((*foreign)["status"]["token"].get<std::string>()), "invalid bearer token");
  for (const char* text : {"", "x", "a.b.c", "e30.e30.e30"}) {
    EXPECT_EQ(why_not(text), "invalid bearer token") << text;
  }
}

}  // namespace
}  // namespace orrery::apiserver
