#include "core/base/text.h"

#include <gtest/gtest.h>

namespace orrery {
namespace {

TEST(Text, IsOneWordAndEmptyIsNull) {
  static_assert(sizeof(Text) == sizeof(void*));
  EXPECT_TRUE(Text().empty());
  EXPECT_TRUE(Text("").empty());
  EXPECT_EQ("", Text().view());
}

TEST(Text, CopiesShareAndOutliveTheOriginal) {
  Text copy;
  {
    const Text original(std::string(100, 'a'));
    copy = original;
    EXPECT_EQ(original.view().data(), copy.view().data());
  }
  EXPECT_EQ(std::string(100, 'a'), copy.str());
}

TEST(Text, AMovedFromTextIsEmpty) {
  Text a("abc");
  const Text b = std::move(a);
  EXPECT_TRUE(a.empty());
  EXPECT_EQ("abc", b.view());
}

TEST(Text, ComparesByContent) {
  EXPECT_EQ(Text("abc"), Text(std::string("abc")));
  EXPECT_TRUE(Text("abc") == "abc");
  EXPECT_LT(Text("abc"), Text("abd"));
  EXPECT_LT(Text(), Text("a"));
  EXPECT_NE(Text("a"), Text(std::string_view("a\0", 2)));
}

}  // namespace
}  // namespace orrery
