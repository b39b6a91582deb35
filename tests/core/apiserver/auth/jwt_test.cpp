#include "core/apiserver/auth/jwt.h"

#include <gtest/gtest.h>

namespace orrery::apiserver {
namespace {

TEST(Jwt, Base64urlRoundTripsBytesOfEveryLength) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(from_base64url(base64url(bytes)), bytes);
    bytes += static_cast<char>(i * 37);
  }
  EXPECT_EQ(base64url("\xfb\xff"), "-_8");
  EXPECT_EQ(base64url("{}"), "e30");
}

TEST(Jwt, TextThatIsNotThreeBase64urlPartsIsNoToken) {
  for (const char* text : {"", "a", "YQ.YQ", "YQ.YQ.Y", "YQ.Y Q.YQ", "YQ.YQ.YQ=", "YQ.YQ.YQ.YQ"}) {
    EXPECT_FALSE(Jwt::split(text).has_value()) << text;
  }
  const std::optional<Jwt> jwt = Jwt::split("e30.YQ.Yg");
  ASSERT_TRUE(jwt.has_value());
  EXPECT_EQ(jwt->signed_text, "e30.YQ");
  EXPECT_EQ(jwt->header, "{}");
  EXPECT_EQ(jwt->payload, "a");
  EXPECT_EQ(jwt->signature, "b");
}

}  // namespace
}  // namespace orrery::apiserver
