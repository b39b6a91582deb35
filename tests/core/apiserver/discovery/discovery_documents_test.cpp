#include "core/apiserver/discovery/discovery_documents.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/apiserver/discovery/content_hash.h"
#include "tests/core/apiserver/discovery/catalog_world.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

constexpr std::string_view kV2 =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

struct Documents : ::testing::Test {
  CatalogWorld world;
  DiscoveryDocuments documents{world.catalog,
                               {"10.0.0.1:6443", nullptr,
                                [](const std::string& text) { return "pb:" + text.substr(0, 8); }}};

  DiscoveryAnswer get(std::string_view path, std::string_view query = {},
                      std::string_view accept = {}, std::string_view if_none_match = {}) {
    const auto answer = documents.answer({path, query, accept, if_none_match});
    EXPECT_TRUE(answer.has_value()) << path;
    return answer.value_or(DiscoveryAnswer{.status = 404});
  }

  std::string hashed_url(const std::string& name) {
    return json::parse(get("/openapi/v3").body->bytes)["paths"][name]["serverRelativeURL"];
  }
};

TEST_F(Documents, LeavesOtherPathsToOthers) {
  for (const char* path :
       {"/", "/version", "/api/v2", "/api/v1/pods", "/apis/nobody", "/apis/apps/v9",
        "/apis/apps/v1/deployments", "/apiserver", "/openapi", "/openapi/v3/apis/nobody/v1",
        "/openapi/v3/apis/fix.com", "/apis//v1", "/api//"}) {
    EXPECT_FALSE(documents.answer({path, "", "", ""}).has_value()) << path;
  }
}

TEST_F(Documents, AnswersTheSameWithASlashAtTheEnd) {
  EXPECT_EQ(get("/apis/apps/v1/").body->bytes, get("/apis/apps/v1").body->bytes);
  EXPECT_EQ(get("/api/").body->bytes, get("/api").body->bytes);
}

TEST_F(Documents, TagsAggregatedDiscoveryWithTheHashOfItsBytes) {
  const DiscoveryAnswer answer = get("/apis", "", kV2);
  EXPECT_EQ(answer.content_type, kV2);
  EXPECT_EQ(answer.etag, "\"" + content_hash(answer.body->bytes) + "\"");
  EXPECT_EQ(answer.vary, "Accept");
  const DiscoveryAnswer again = get("/apis", "", kV2, answer.etag);
  EXPECT_EQ(again.status, 304);
  EXPECT_FALSE(again.body);
  EXPECT_EQ(get("/apis", "", kV2, "\"OLD\"").status, 200);
}

TEST_F(Documents, RefusesAForbiddenFormWith406) {
  EXPECT_EQ(get("/apis", "", "text/html").status, 406);
  EXPECT_EQ(get("/apis/apps/v1", "", "text/html").status, 406);
  EXPECT_EQ(get("/openapi/v3", "", "text/html").status, 406);
  EXPECT_EQ(get("/openapi/v2", "", "text/html").status, 406);
  EXPECT_FALSE(documents.answer({"/api/v1/pods", "", "text/html", ""}).has_value());
}

TEST_F(Documents, AsksItsCallerToRecodeLegacyListsForProtobufClients) {
  EXPECT_EQ(get("/api/v1", "", "application/vnd.kubernetes.protobuf, */*").recode_to,
            "application/vnd.kubernetes.protobuf");
  EXPECT_EQ(get("/api/v1").recode_to, "");
}

TEST_F(Documents, GivesHashedOpenApiUrlsForEver) {
  const std::string url = hashed_url("apis/apps/v1");
  const std::size_t query = url.find('?');
  const std::string path = url.substr(0, query), parameters = url.substr(query + 1);
  const DiscoveryAnswer answer = get(path, parameters, "application/json");
  EXPECT_EQ(answer.cache_control, "public, immutable");
  EXPECT_TRUE(answer.is_immutable);
  EXPECT_EQ("hash=" + content_hash(answer.body->bytes), parameters);
  EXPECT_EQ(get(path, parameters, "", answer.etag).status, 304);
  EXPECT_FALSE(get(path).is_immutable);

  const DiscoveryAnswer moved = get(path, "hash=OLD");
  EXPECT_EQ(moved.status, 301);
  EXPECT_EQ(moved.location, url);
}

TEST_F(Documents, ServesEveryDocumentOfTheOpenApiIndex) {
  world.put_custom("foos.fix.com", kFooTable);
  const json index = json::parse(get("/openapi/v3").body->bytes);
  EXPECT_TRUE(index["paths"].contains("api/v1"));
  EXPECT_TRUE(index["paths"].contains("apis/fix.com/v1"));
  EXPECT_TRUE(index["paths"].contains("version"));
  for (const auto& [name, entry] : index["paths"].items()) {
    const std::string url = entry["serverRelativeURL"];
    const std::size_t query = url.find('?');
    const DiscoveryAnswer answer = get(url.substr(0, query), url.substr(query + 1));
    ASSERT_EQ(answer.status, 200) << name;
    EXPECT_EQ(json::parse(answer.body->bytes)["openapi"], "3.0.0") << name;
  }
}

TEST_F(Documents, ForgetsWhatAChangeOfTheCatalogMadeOld) {
  const std::string apps = hashed_url("apis/apps/v1");
  const BlobRef kept = get("/openapi/v3/apis/apps/v1").body;
  const BlobRef remembered = get("/apis").body;
  EXPECT_EQ(get("/apis").body.get(), remembered.get());
  world.put_custom("foos.fix.com", kFooTable);
  EXPECT_NE(get("/apis").body->bytes, remembered->bytes);
  EXPECT_NE(get("/apis").body->bytes.find("fix.com/v1"), std::string::npos);
  EXPECT_FALSE(hashed_url("apis/fix.com/v1").empty());
  EXPECT_EQ(hashed_url("apis/apps/v1"), apps);
  EXPECT_EQ(get("/openapi/v3/apis/apps/v1").body.get(), kept.get());
  world.catalog.remove("foos.fix.com");
  EXPECT_EQ(get("/apis").body->bytes, remembered->bytes);
  EXPECT_FALSE(documents.answer({"/openapi/v3/apis/fix.com/v1", "", "", ""}).has_value());
}

TEST_F(Documents, EncodesOpenApiV2ForProtobufClients) {
  const DiscoveryAnswer answer =
      get("/openapi/v2", "", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
  EXPECT_EQ(answer.content_type, "application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
  EXPECT_EQ(answer.body->bytes, "pb:{\"swagge");
  EXPECT_EQ(get("/openapi/v2").content_type, "application/json");
}

TEST(StorageVersionHash, IsUpstreams) {
  EXPECT_EQ(storage_version_hash("", "v1", "Pod"), "xPOwRZ+Yhw8=");
  EXPECT_EQ(storage_version_hash("apps", "v1", "Deployment"), "8aSe+NMegvE=");
}

}  // namespace
}  // namespace orrery::apiserver
