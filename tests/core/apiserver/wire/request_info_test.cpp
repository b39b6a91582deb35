// What paths and methods mean: upstream's RequestInfo.
#include "core/apiserver/wire/request_info.h"

#include <gtest/gtest.h>

#include "core/apiserver/wire/negotiation.h"

namespace orrery::apiserver {
namespace {

struct Row {
  const char *method, *path, *query;
  const char *verb, *group, *version, *space, *resource, *name, *subresource;
};

constexpr Row kRows[] = {
    {"GET", "/api/v1/pods", "", "list", "", "v1", "", "pods", "", ""},
    {"GET", "/api/v1/namespaces/a/pods/b", "", "get", "", "v1", "a", "pods", "b", ""},
    {"GET", "/api/v1/namespaces/a/pods", "watch=true", "watch", "", "v1", "a", "pods", "", ""},
    {"GET", "/api/v1/namespaces/a/pods", "watch=0", "list", "", "v1", "a", "pods", "", ""},
    {"GET", "/api/v1/watch/namespaces/a/pods", "", "watch", "", "v1", "a", "pods", "", ""},
    {"GET", "/api/v1/namespaces/a", "", "get", "", "v1", "a", "namespaces", "a", ""},
    {"PUT", "/api/v1/namespaces/a/finalize", "", "update", "", "v1", "a", "namespaces", "a",
     "finalize"},
    {"POST", "/apis/apps/v1/namespaces/a/deployments", "", "create", "apps", "v1", "a",
     "deployments", "", ""},
    {"PATCH", "/apis/apps/v1/namespaces/a/deployments/d/scale", "", "patch", "apps", "v1", "a",
     "deployments", "d", "scale"},
    {"DELETE", "/api/v1/namespaces/a/pods", "", "deletecollection", "", "v1", "a", "pods", "", ""},
    {"DELETE", "/api/v1/nodes/n", "", "delete", "", "v1", "", "nodes", "n", ""},
    {"GET", "/api/v1/namespaces/a/pods", "fieldSelector=metadata.name%3Db", "list", "", "v1", "a",
     "pods", "b", ""},
};

TEST(RequestInfo, ReadsPathsAsUpstreamDoes) {
  for (const Row& row : kRows) {
    const Query query = Query::parse(row.query);
    const RequestInfo info = request_info_of(row.method, row.path, query);
    SCOPED_TRACE(std::string(row.method) + " " + row.path + "?" + row.query);
    EXPECT_TRUE(info.is_resource);
    EXPECT_EQ(info.verb, row.verb);
    EXPECT_EQ(info.group, row.group);
    EXPECT_EQ(info.version, row.version);
    EXPECT_EQ(info.space, row.space);
    EXPECT_EQ(info.resource, row.resource);
    EXPECT_EQ(info.name, row.name);
    EXPECT_EQ(info.subresource, row.subresource);
  }
}

TEST(RequestInfo, TakesDiscoveryAndHealthForNoResources) {
  for (const char* path : {"/", "/api", "/api/v1", "/apis/apps/v1", "/healthz", "/openapi/v3"}) {
    EXPECT_FALSE(request_info_of("GET", path, Query()).is_resource) << path;
  }
}

TEST(Query, DecodesNamesAndValuesAndKeepsRepeatedOnes) {
  const Query query = Query::parse("a=1&a=2&l=x%3Dy+z&empty=&bad;part=1");
  EXPECT_EQ(query.all("a"), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(query.get("l"), "x=y z");
  EXPECT_TRUE(query.has("empty"));
  EXPECT_FALSE(query.has("bad"));
  EXPECT_EQ(query.get("absent"), "");
}

TEST(Negotiation, TakesTheFirstClauseThatItCanGive) {
  const auto wanted = negotiate(
      "application/json;as=Table;v=v2;g=meta.k8s.io,application/json;as=Table;v=v1;g=meta.k8s.io",
      true);
  ASSERT_TRUE(wanted.ok());
  EXPECT_EQ(wanted->shaping, Shaping::kTable);
  EXPECT_EQ(negotiate("application/yaml, */*", true)->encoding, Encoding::kYaml);
  EXPECT_EQ(negotiate("application/vnd.kubernetes.protobuf,application/json", true)->encoding,
            Encoding::kProtobuf);
  EXPECT_TRUE(negotiate("text/html", true).status().is(Reason::kNotAcceptable));
  EXPECT_TRUE(negotiate("application/json;as=Table;v=v1;g=meta.k8s.io", false)
                  .status()
                  .is(Reason::kNotAcceptable));
}

}  // namespace
}  // namespace orrery::apiserver
