#include "live/crypto/openssl_token_signer.h"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <nlohmann/json.hpp>

#include "core/api/config.h"
#include "core/apiserver/auth/authenticator.h"
#include "core/apiserver/auth/jwt.h"
#include "live/crypto/openssl_handles.h"
#include "sim/clock/sim_driver.h"
#include "sim/storage/memory_storage.h"

namespace orrery::live {
namespace {

using nlohmann::json;

const OpenSslTokenSigner& shared_signer() {
  static const std::unique_ptr<OpenSslTokenSigner> kSigner = std::move(*OpenSslTokenSigner::make());
  return *kSigner;
}

std::unique_ptr<OpenSslTokenSigner> signer() {
  return std::move(*OpenSslTokenSigner::load(shared_signer().private_key_pem()));
}

NumberHandle number(const json& key, const char* name) {
  const std::string bytes = *apiserver::from_base64url(key[name].get<std::string>());
  return NumberHandle(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                                static_cast<int>(bytes.size()), nullptr));
}

// The public key that a client builds from the JWKS.
KeyHandle public_key(const json& jwk) {
  const NumberHandle n = number(jwk, "n"), e = number(jwk, "e");
  OSSL_PARAM_BLD* build = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e.get());
  OSSL_PARAM* params = OSSL_PARAM_BLD_to_param(build);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(context);
  EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params);
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_free(params);
  OSSL_PARAM_BLD_free(build);
  return KeyHandle(key);
}

TEST(OpenSslTokenSigner, WhatItSignedItVerifiesAndNothingElse) {
  const auto mine = signer();
  const std::string signature = mine->sign("header.payload");
  EXPECT_EQ(signature.size(), 256u);
  EXPECT_TRUE(mine->is_signed(mine->key_id(), "header.payload", signature));
  EXPECT_TRUE(mine->is_signed("", "header.payload", signature));
  EXPECT_FALSE(mine->is_signed("other", "header.payload", signature));
  EXPECT_FALSE(mine->is_signed("", "header.payloae", signature));
  EXPECT_FALSE(mine->is_signed("", "header.payload", signature.substr(1)));
  EXPECT_FALSE(mine->is_signed("", "header.payload", ""));
}

TEST(OpenSslTokenSigner, OthersVerifyWithThePublishedKey) {
  const auto mine = signer();
  const json keys = json::parse(mine->jwks());
  ASSERT_EQ(keys["keys"].size(), 1u);
  const json& jwk = keys["keys"][0];
  EXPECT_EQ(jwk["kid"], mine->key_id());
  EXPECT_EQ(jwk["kty"], "RSA");
  EXPECT_EQ(jwk["alg"], "RS256");
  EXPECT_EQ(jwk["use"], "sig");
  EXPECT_EQ(jwk["e"], "AQAB");
  const KeyHandle key = public_key(jwk);
  const std::string text = "header.payload", signature = mine->sign(text);
  const DigestHandle context(EVP_MD_CTX_new());
  ASSERT_EQ(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()), 1);
  EXPECT_EQ(EVP_DigestVerify(
                context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                signature.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size()),
            1);
}

TEST(OpenSslTokenSigner, ComesBackFromItsPemWithTheSameKeyId) {
  EXPECT_EQ(signer()->key_id(), shared_signer().key_id());
  EXPECT_EQ(signer()->key_id().size(), 43u);
  EXPECT_FALSE(OpenSslTokenSigner::load("no key").ok());
}

TEST(OpenSslTokenSigner, AServiceAccountsTokenGoesThereAndBack) {
  sim::SimDriver driver(Time{std::chrono::seconds(1'767'225'600)});
  EventLoop loop(driver);
  Random random(1);
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  const api::Kinds kinds;
  sim::MemoryStorage storage(env, {});
  store::Store store(env, kinds, storage, {});
  auto account = make_ref<api::ServiceAccount>();
  account->meta.namespace_ = Symbol("ns");
  account->meta.name = "robot";
  account->meta.uid = Uid::draw(random.stream("test"));
  store.put(account, 0, [](Result<api::ObjectRef> written) { ASSERT_TRUE(written.ok()); });

  const auto mine = signer();
  apiserver::ServiceAccountTokens accounts(env, store, *mine, {});
  apiserver::Authenticator authenticator({}, &accounts);
  const Result<json> issued = accounts.issue("ns", "robot", json::object());
  ASSERT_TRUE(issued.ok());
  HttpRequest request;
  std::string token = (*issued)["status"]["token"].get<std::string>();
  request.headers = {{"authorization", "Bearer " + token}};
  const Result<apiserver::User> robot = authenticator.authenticate(request);
  ASSERT_TRUE(robot.ok());
  EXPECT_EQ(robot->name, "system:serviceaccount:ns:robot");

  const json header = json::parse(apiserver::Jwt::split(token)->header);
  EXPECT_EQ(header, (json{{"alg", "RS256"}, {"kid", mine->key_id()}}));
  token[token.size() / 2] = token[token.size() / 2] == 'A' ? 'B' : 'A';
  request.headers = {{"authorization", "Bearer " + token}};
  EXPECT_FALSE(authenticator.authenticate(request).ok());
}

}  // namespace
}  // namespace orrery::live
