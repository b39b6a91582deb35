#include "core/base/digest.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace orrery {
namespace {

std::string digest_of(std::initializer_list<std::string_view> texts) {
  Digest digest;
  for (const std::string_view text : texts) digest.add(text);
  return digest.hex();
}

TEST(Digest, TheSameEventsInTheSameOrderGiveTheSameDigest) {
  EXPECT_EQ(digest_of({"a", "b"}), digest_of({"a", "b"}));
  EXPECT_EQ(32u, digest_of({"a"}).size());
}

TEST(Digest, OrderBoundariesAndLengthCount) {
  const std::string_view with_zero("a\0", 2);
  const std::set<std::string> all = {
      digest_of({}),         digest_of({"a", "b"}), digest_of({"b", "a"}), digest_of({"ab"}),
      digest_of({"", "ab"}), digest_of({"ab", ""}), digest_of({"a"}),      digest_of({with_zero})};
  EXPECT_EQ(8u, all.size());
}

TEST(Digest, EveryBitOfAWordCounts) {
  std::set<std::string> seen;
  for (int bit = 0; bit < 64; ++bit) {
    Digest digest;
    digest.add(std::uint64_t{1} << bit);
    seen.insert(digest.hex());
  }
  EXPECT_EQ(64u, seen.size());
}

TEST(Digest, CountsItsWords) {
  Digest digest;
  digest.add(std::uint64_t{1});
  digest.add("ab");  // its hash and its length
  EXPECT_EQ(3u, digest.count());
}

// Pinned: golden digests of whole runs stand on these.
TEST(Digest, IsTheSameInEveryBuild) {
  EXPECT_EQ("a37ce30f5354f186e021ba6059d7618a",
            digest_of({"orrery", "a text longer than one word"}));
}

TEST(Hash, Fnv1aMatchesItsPublishedValues) {
  static_assert(fnv1a_32("") == 0x811c9dc5u);
  static_assert(fnv1a_32("a") == 0xe40c292cu);
  static_assert(fnv1a_32("foobar") == 0xbf9cf968u);
  static_assert(fnv1a_64("foobar") == 0x85944171f73967e8ull);
}

}  // namespace
}  // namespace orrery
