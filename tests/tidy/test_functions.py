"""The brace matcher sees functions where a reader sees them, and counts only their code."""

import unittest

from functions import functions_of
from source import Source

SAMPLE = r'''
#include <x>
#define BRACE {
namespace orrery {
namespace {

constexpr Row kRows[] = {
    {"a", 1},
    {"b", 2},
};

int one() { return 1; }

}  // namespace

Thing::Thing(int a)
    : a_{a},
      b_(a) {
  go();
}

template <class T>
  requires std::is_enum_v<T>
auto Thing::two(std::vector<T> v = {}) const noexcept -> Result<T> {
  if (v.empty()) {
    return {};
  }
  const auto f = [&](int x) {
    return x;
  };
  static const char* const kNames[] = {
      "a",
      "b",
  };
  const char* text = R"(
    { not a brace
  )";
  return f(1);
}

class Three final : public Two<Three> {
 public:
  Three() = default;
  explicit Three(int x) : x_(x) {}
  int three() const override {
    return '{';
  }

 private:
  int x_{3};
};

const Op kOps[] = {
    {"first",
     [](int x) {
       return x;
     }},
};

}  // namespace orrery

TEST(Three, IsThree) {
  EXPECT_EQ(3, three());
}
'''


class Functions(unittest.TestCase):
    def test_names_and_lengths(self):
        found = [(f.name, f.length) for f in functions_of(Source("a.cpp", SAMPLE))]
        self.assertEqual([
            ("one", 1),
            ("Thing::Thing", 5),
            # 18 lines from `template` on, less 3 of the table and 2 of the raw string.
            ("Thing::two", 13),
            ("Three", 1),
            ("three", 3),
            ("lambda", 3),
            ("TEST", 3),
        ], found)

    def test_lines_are_where_the_signature_starts(self):
        by_name = {f.name: f.line for f in functions_of(Source("a.cpp", SAMPLE))}
        lines = SAMPLE.split("\n")
        self.assertTrue(lines[by_name["Thing::Thing"] - 1].startswith("Thing::Thing("))
        self.assertTrue(lines[by_name["three"] - 1].startswith("  int three()"))


if __name__ == "__main__":
    unittest.main()
