// TokenRequests beyond the recorded ones: bound objects, extension, discovery documents.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/apiserver/auth/jwt.h"
#include "core/apiserver/auth/service_account_tokens.h"
#include "tests/core/apiserver/auth/auth_world.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;
using test::AuthWorld;

struct TokenRequest : testing::Test {
  AuthWorld world;
  test::HashSigner signer;
  ServiceAccountTokens accounts{world.env, world.store, signer, {}};
  std::string account_uid, pod_uid;

  TokenRequest() {
    account_uid = world
                      .put(R"({"apiVersion":"v1","kind":"ServiceAccount",
        "metadata":{"name":"robot","namespace":"ns"}})")
                      ->meta.uid.str();
    pod_uid = world
                  .put(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web",
        "namespace":"ns"},"spec":{"serviceAccountName":"robot","nodeName":"n0",
        "containers":[{"name":"c","image":"i"}]}})")
                  ->meta.uid.str();
    world.put(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"other","namespace":"ns"},
        "spec":{"serviceAccountName":"default","containers":[{"name":"c","image":"i"}]}})");
    world.put(R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"ns"}})");
  }
  Result<json> issue(std::string_view spec) {
    return accounts.issue("ns", "robot", {{"spec", json::parse(spec)}});
  }
  json claims(std::string_view spec) {
    const Result<json> answer = issue(spec);
    if (!answer.ok()) return answer.status().message();
    const std::string token = (*answer)["status"]["token"].get<std::string>();
    return json::parse(Jwt::split(token)->payload);
  }
};

TEST_F(TokenRequest, TheTokenCarriesUpstreamsClaims) {
  const json made = claims(R"({"expirationSeconds":600,"boundObjectRef":
      {"kind":"Pod","apiVersion":"v1","name":"web"}})");
  const std::string id = made["jti"].get<std::string>();
  EXPECT_EQ(id.size(), 36u);
  const json expected = {{"aud", json::array({"https://kubernetes.default.svc"})},
                         {"exp", AuthWorld::kStart + 600},
                         {"iat", AuthWorld::kStart},
                         {"nbf", AuthWorld::kStart},
                         {"iss", "https://kubernetes.default.svc"},
                         {"jti", id},
                         {"sub", "system:serviceaccount:ns:robot"},
                         {"kubernetes.io",
                          {{"namespace", "ns"},
                           {"node", {{"name", "n0"}}},  // that node is not there: no uid
                           {"pod", {{"name", "web"}, {"uid", pod_uid}}},
                           {"serviceaccount", {{"name", "robot"}, {"uid", account_uid}}}}}};
  EXPECT_EQ(made, expected);
}

TEST_F(TokenRequest, APodsTokenOf3607SecondsLivesAYearAndWarnsAfterItsTime) {
  const Result<json> answer = issue(R"({"expirationSeconds":3607,"boundObjectRef":
      {"kind":"Pod","apiVersion":"v1","name":"web"}})");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ((*answer)["status"]["expirationTimestamp"], "2026-01-01T01:00:07Z");
  const json made = claims(R"({"expirationSeconds":3607,"boundObjectRef":
      {"kind":"Pod","apiVersion":"v1","name":"web"}})");
  EXPECT_EQ(made["exp"], AuthWorld::kStart + 365 * 24 * 3600);
  EXPECT_EQ(made["kubernetes.io"]["warnafter"], AuthWorld::kStart + 3607);
  EXPECT_EQ(claims(R"({"expirationSeconds":3607})")["exp"], AuthWorld::kStart + 3607);
}

TEST_F(TokenRequest, WhatItCannotBeBoundToIsSaidInUpstreamsWords) {
  const struct {
    std::string_view ref, message;
    Reason reason;
  } kRows[] = {
      {R"({"kind":"Pod","apiVersion":"v1","name":"other"})",
       "cannot bind token for serviceaccount \"robot\" to pod running with different "
       "serviceaccount name.",
       Reason::kBadRequest},
      {R"({"kind":"ConfigMap","apiVersion":"v1","name":"c"})",
       "cannot bind token to object of type /v1, Kind=ConfigMap", Reason::kBadRequest},
      {R"({"kind":"Deployment","apiVersion":"apps/v1","name":"c"})",
       "cannot bind token to object of type apps/v1, Kind=Deployment", Reason::kBadRequest},
      {R"({"kind":"Secret","apiVersion":"v1","name":"gone"})", "secrets \"gone\" not found",
       Reason::kNotFound},
      {R"({"kind":"Secret","apiVersion":"v1","name":"s","uid":"u"})",
       "Operation cannot be fulfilled on Secret \"s\": the UID in the bound object reference (u) "
       "does not match the UID in record. The object might have been deleted and then recreated",
       Reason::kConflict},
  };
  for (const auto& row : kRows) {
    const Status status =
        issue(std::string(R"({"boundObjectRef":)").append(row.ref).append("}")).status();
    EXPECT_EQ(status.message(), row.message);
    EXPECT_TRUE(status.is(row.reason)) << row.message;
  }
  EXPECT_TRUE(issue(R"({"boundObjectRef":{"kind":"Secret","apiVersion":"v1","name":"s"}})").ok());
}

TEST_F(TokenRequest, TheDiscoveryDocumentNamesIssuerKeysAndAlgorithm) {
  EXPECT_EQ(json::parse(accounts.openid_configuration("https://10.0.0.1:6443")),
            json::parse(R"({"issuer":"https://kubernetes.default.svc",
                "jwks_uri":"https://10.0.0.1:6443/openid/v1/jwks",
                "response_types_supported":["id_token"],"subject_types_supported":["public"],
                "id_token_signing_alg_values_supported":["TEST"]})"));
  EXPECT_EQ(accounts.jwks(), signer.jwks());
}

}  // namespace
}  // namespace orrery::apiserver
