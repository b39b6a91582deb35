#include "core/apiserver/discovery/sha2.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace orrery::apiserver {
namespace {

/// The first 16 bytes in hexadecimal.
std::string start_of(const std::string& digest) {
  std::string out;
  for (const char byte : digest.substr(0, 16)) {
    out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return out;
}

TEST(Sha2, HashesTextsOfEveryPaddingAsTheStandardSays) {
  struct Case {
    std::size_t length;  // of 'a'
    const char *sha256, *sha512;
  };
  const Case cases[] = {
      {0, "e3b0c44298fc1c149afbf4c8996fb924", "cf83e1357eefb8bdf1542850d66d8007"},
      {3, "9834876dcfb05cb167a5c24953eba58c", "d6f644b19812e97b5d871658d6d3400e"},
      {55, "9f4390f8d30c2dd92ec9f095b65e2b9a", "b0220c772cbf6c1822e2cb38a437d0e1"},
      {56, "b35439a4ac6f0948b6d6f9e3c6af0f5f", "962b64aae357d2a4fee3ded8b539bdc9"},
      {64, "ffe054fe7ae0cb6dc65c3af9b61d5209", "01d35c10c6c38c2dcf48f7eebb3235fb"},
      {111, "6374f73208854473827f6f6a3f43b1f5", "fa9121c7b32b9e01733d034cfc78cbf6"},
      {112, "f54353008a2553262ecdc4a34749563b", "c01d080efd492776a1c43bd23dd99d0a"},
      {119, "31eba51c313a5c08226adf18d4a359cf", "130396a75cb483f2eee8c56d8a668bb3"},
      {120, "2f3d335432c70b580af0e8e1b3674a7c", "f241de612b01aa2fa3cf01531d2a8e5e"},
      {128, "6836cf13bac400e9105071cd6af47084", "b73d1929aa615934e61a871596b3f3b3"},
      {1000, "41edece42d63e8d9bf515a9ba6932e1c", "67ba5535a46e3f86dbfbed8cbbaf0125"},
  };
  for (const Case& c : cases) {
    const std::string text(c.length, 'a');
    EXPECT_EQ(sha256(text).size(), 32u);
    EXPECT_EQ(sha512(text).size(), 64u);
    EXPECT_EQ(start_of(sha256(text)), c.sha256) << c.length;
    EXPECT_EQ(start_of(sha512(text)), c.sha512) << c.length;
  }
}

}  // namespace
}  // namespace orrery::apiserver
