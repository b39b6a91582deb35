#include "core/apiserver/discovery/accept.h"

#include <gtest/gtest.h>

namespace orrery::apiserver {
namespace {

constexpr std::string_view kV2 =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
constexpr std::string_view kV2Beta1 =
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";

TEST(NegotiateDiscovery, TakesTheFirstClauseThatCanBeServed) {
  struct Case {
    std::string accept;
    DiscoveryForm form;
    std::string_view media_type = "application/json";
  };
  const Case cases[] = {
      {"", DiscoveryForm::kLegacy},
      {"*/*", DiscoveryForm::kLegacy},
      {"application/json", DiscoveryForm::kLegacy},
      {"application/json, */*", DiscoveryForm::kLegacy},
      {std::string(kV2), DiscoveryForm::kAggregatedV2},
      {std::string(kV2Beta1), DiscoveryForm::kAggregatedV2Beta1},
      {std::string(kV2) + "," + std::string(kV2Beta1) + ",application/json",
       DiscoveryForm::kAggregatedV2},
      {std::string(kV2Beta1) + ",application/json", DiscoveryForm::kAggregatedV2Beta1},
      {"application/json;q=0.9, " + std::string(kV2) + ";q=1", DiscoveryForm::kAggregatedV2},
      {"application/json;g=apidiscovery.k8s.io;v=v9;as=APIGroupDiscoveryList,application/json",
       DiscoveryForm::kLegacy},
      {"application/json;as=Table;g=meta.k8s.io;v=v1, application/json", DiscoveryForm::kLegacy},
      {"application/vnd.kubernetes.protobuf, */*", DiscoveryForm::kLegacy,
       "application/vnd.kubernetes.protobuf"},
      {"application/yaml", DiscoveryForm::kLegacy, "application/yaml"},
  };
  for (const Case& c : cases) {
    const auto wish = negotiate_discovery(c.accept);
    ASSERT_TRUE(wish.has_value()) << c.accept;
    EXPECT_EQ(wish->form, c.form) << c.accept;
    EXPECT_EQ(wish->media_type, c.media_type) << c.accept;
  }
}

TEST(NegotiateDiscovery, RefusesWhatItHasNoFormFor) {
  EXPECT_FALSE(negotiate_discovery("text/html").has_value());
  EXPECT_FALSE(negotiate_discovery("application/json;q=0").has_value());
  EXPECT_FALSE(negotiate_discovery("application/json;as=Table;g=meta.k8s.io;v=v1").has_value());
}

TEST(NegotiateOpenApi, OffersProtobufOnlyWhereThereIsOne) {
  for (const char* accept : {"application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
                             "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"}) {
    EXPECT_EQ(negotiate_openapi(accept, true), OpenApiForm::kProtobuf);
    EXPECT_EQ(negotiate_openapi(accept, false), std::nullopt);
  }
  EXPECT_EQ(negotiate_openapi("application/json, */*", true), OpenApiForm::kJson);
  EXPECT_EQ(negotiate_openapi("", false), OpenApiForm::kJson);
  EXPECT_EQ(negotiate_openapi("text/html", true), std::nullopt);
}

}  // namespace
}  // namespace orrery::apiserver
