#include "core/api/custom/regular_expression.h"

#include <gtest/gtest.h>

#include <string>

namespace orrery::api {
namespace {

struct MatchCase {
  const char* pattern;
  const char* text;
  bool matches;
};

TEST(RegularExpression, MatchesAsGoDoes) {
  const MatchCase cases[] = {
      {"^[a-z]+$", "abc", true},
      {"^[a-z]+$", "abC", false},
      {"b", "abc", true},
      {"^b", "abc", false},
      {"a|b|", "", true},
      {"^(ab|cd)*$", "abcdab", true},
      {"^(ab|cd)*$", "abcda", false},
      {"^a{2,3}$", "a", false},
      {"^a{2,3}$", "aaa", true},
      {"^a{2,3}$", "aaaa", false},
      {"^a{2}$", "aa", true},
      {"^a{2,}$", "aaaaa", true},
      {"^a{,2}$", "a{,2}", true},
      {"^\\d+\\.\\d+$", "12.5", true},
      {"^\\w+$", "a_1", true},
      {"^\\W$", "-", true},
      {"^\\s$", "\t", true},
      {"^[^a-c]$", "d", true},
      {"^[^a-c]$", "b", false},
      {"^[]a]$", "]", true},
      {"^[a\\-z]$", "-", true},
      {"^[[:alpha:]-]+$", "a-b", true},
      {"^[a-c-\\d]+$", "a-1", true},
      {"(?i)^ABC$", "aBc", true},
      {"^(?i:a)b$", "Ab", true},
      {"^(?i:a)b$", "AB", false},
      {"a.c", "a\nc", false},
      {"(?s)a.c", "a\nc", true},
      {"(?m)^b$", "a\nb\nc", true},
      {"\\bfoo\\b", "a foo b", true},
      {"\\bfoo\\b", "afoob", false},
      {"^\\x41\\x{42}\\103$", "ABC", true},
      {"^\\Qa.b\\E$", "a.b", true},
      {"^\\Qa.b\\E$", "axb", false},
      {"^.$", "\xC3\xA9", true},
      {"^\xC3\xA9$", "\xC3\xA9", true},
      {"^[\xC3\xA0-\xC3\xBF]$", "\xC3\xA9", true},
      {"^\\p{L}+$", "ab", true},
      {"^\\PL$", "1", true},
      {"^(?P<name>a+)$", "aaa", true},
      {"^(a*)*$", "aaaa", true},
      {"x*", "yyy", true},
      {"^$", "", true},
  };
  for (const MatchCase& c : cases) {
    const auto made = RegularExpression::compile(c.pattern);
    ASSERT_TRUE(made.ok()) << c.pattern << ": " << made.status().message();
    EXPECT_EQ(made.value().matches(c.text), c.matches) << c.pattern << " on " << c.text;
  }
}

TEST(RegularExpression, SaysWhatIsWrongInGosWords) {
  const std::pair<const char*, const char*> cases[] = {
      {"[a", "error parsing regexp: missing closing ]: `[a`"},
      {"(a", "error parsing regexp: missing closing ): `(a`"},
      {"a)", "error parsing regexp: unexpected ): `a)`"},
      {"*a", "error parsing regexp: missing argument to repetition operator: `*`"},
      {"a**", "error parsing regexp: invalid nested repetition operator: `**`"},
      {"a{1001}", "error parsing regexp: invalid repeat count: `{1001}`"},
      {"(a{1000}){1000}", "error parsing regexp: invalid repeat count: `{1000}`"},
      {"[z-a]", "error parsing regexp: invalid character class range: `z-a`"},
      {"a\\", "error parsing regexp: trailing backslash at end of expression: ``"},
      {"\\y", "error parsing regexp: invalid escape sequence: `\\y`"},
      {"(?=a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`"},
  };
  for (const auto& [pattern, message] : cases) {
    const auto made = RegularExpression::compile(pattern);
    ASSERT_FALSE(made.ok()) << pattern;
    EXPECT_EQ(made.status().message(), message);
  }
}

TEST(RegularExpression, TakesLinearTimeWhereBacktrackingWouldNotEnd) {
  const auto made = RegularExpression::compile("^(a|a)*(a|a)*(a|a)*b$");
  ASSERT_TRUE(made.ok());
  EXPECT_FALSE(made.value().matches(std::string(20000, 'a')));
}

TEST(RegularExpression, RefusesNestingWithoutEnd) {
  EXPECT_FALSE(RegularExpression::compile(std::string(100000, '(')).ok());
}

}  // namespace
}  // namespace orrery::api
