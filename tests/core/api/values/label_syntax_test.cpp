#include "core/api/values/label_syntax.h"

#include <gtest/gtest.h>

#include "core/api/values/quoted.h"
#include "core/api/values/utf8.h"

namespace orrery::api {
namespace {

TEST(LabelSyntax, AcceptsWhatTheRegularExpressionsAccept) {
  for (const char* key : {"a", "A1", "a.b_c-d", "example.com/x", "a-b.c/Y", "0"}) {
    EXPECT_TRUE(label_key_problems(key).empty()) << key;
  }
  for (const char* value : {"", "x", "1.2", "a_B-c"}) {
    EXPECT_TRUE(label_value_problems(value).empty()) << value;
  }
}

TEST(LabelSyntax, RefusesTheRest) {
  for (const char* key : {"", "-a", "a-", "a b", "/x", "x/", "A.com/x", "a..b/x", "a/b/c", "ü"}) {
    EXPECT_FALSE(label_key_problems(key).empty()) << key;
  }
  for (const char* value : {"-x", "x.", "a b", "a/b"}) {
    EXPECT_FALSE(label_value_problems(value).empty()) << value;
  }
}

TEST(LabelSyntax, CountsBytesAgainstTheLimits) {
  EXPECT_TRUE(label_value_problems(std::string(63, 'a')).empty());
  EXPECT_EQ(label_value_problems(std::string(64, 'a')),
            std::vector<std::string>{"must be no more than 63 bytes"});
  EXPECT_EQ(label_key_problems(std::string(254, 'a') + "/x"),
            std::vector<std::string>{"prefix part must be no more than 253 bytes"});
}

TEST(LabelSyntax, AnEmptyNameHasTwoProblems) {
  EXPECT_EQ(label_key_problems("").size(), 2u);
  EXPECT_EQ(label_key_problems("").front(), "name part must be non-empty");
}

TEST(Quoted, EscapesLikeGo) {
  EXPECT_EQ(quoted("a\"\\\n\x01"), "\"a\\\"\\\\\\n\\x01\"");
  EXPECT_EQ(quoted("ü€😀"), "\"ü€😀\"");
  EXPECT_EQ(quoted("\xff\xc3"), "\"\\xff\\xc3\"");
  EXPECT_EQ(quoted("\xc2\x85"), "\"\\u0085\"");
}

TEST(Utf8, KnowsBrokenTextAndCutsBetweenCharacters) {
  EXPECT_TRUE(is_utf8("") && is_utf8("ü€😀"));
  for (const char* text : {"\xff", "a\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
  EXPECT_EQ(utf8_prefix("a€b", 3), "a");
  EXPECT_EQ(utf8_prefix("a€b", 4), "a€");
  EXPECT_EQ(utf8_prefix("ab", 9), "ab");
}

}  // namespace
}  // namespace orrery::api
