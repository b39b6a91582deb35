#include "core/base/uid.h"

#include <gtest/gtest.h>

#include <set>

namespace orrery {
namespace {

TEST(Uid, TextRoundTrips) {
  const std::string text = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
  EXPECT_EQ(text, Uid::parse(text).str());
  EXPECT_EQ((Uid{0x3f2504e04f8941d3, 0x9a0c0305e82c3301}), Uid::parse(text));
}

TEST(Uid, NotSetIsEmptyText) {
  EXPECT_TRUE(Uid{}.empty());
  EXPECT_EQ("", Uid{}.str());
  EXPECT_TRUE(Uid::parse("").empty());
}

TEST(Uid, DrawnOnesAreDistinctVersion4) {
  RandomStream stream(1);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = Uid::draw(stream).str();
    ASSERT_EQ(36u, text.size());
    EXPECT_EQ('4', text[14]) << text;
    EXPECT_NE(std::string::npos, std::string("89ab").find(text[19])) << text;
    EXPECT_EQ(text, Uid::parse(text).str());
    seen.insert(text);
  }
  EXPECT_EQ(1000u, seen.size());
}

TEST(Uid, TextThatIsNoUuidKeepsAnIdentityOfItsOwn) {
  const char* const texts[] = {"a", "b", "my-uid", "3f2504e0-4f89-41d3-9a0c-0305e82c330g",
                               // 32 digits and four dashes, but in other places
                               "3f2504e04f89-41d3-9a0c-0305e82c-3301",
                               "3f2504e0-4f89-41d3-9a0c-0305e82c3301-"};
  std::set<Uid> seen = {Uid::parse("3f2504e0-4f89-41d3-9a0c-0305e82c3301")};
  for (const char* text : texts) {
    EXPECT_FALSE(Uid::parse(text).empty());
    EXPECT_EQ(Uid::parse(text), Uid::parse(text));
    EXPECT_TRUE(seen.insert(Uid::parse(text)).second) << text;
  }
}

TEST(Uid, ShortTextThatIsNoUuidIsWrittenAsItCame) {
  for (const char* text : {"u", "my-uid", "1234567890123", "f0-0"}) {
    EXPECT_EQ(text, Uid::parse(text).str());
  }
}

}  // namespace
}  // namespace orrery
