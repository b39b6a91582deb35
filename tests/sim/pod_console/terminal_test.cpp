#include "sim/pod_console/terminal.h"

#include <gtest/gtest.h>

namespace orrery::sim {
namespace {

struct Typed {
  std::string echo, lines;
  int interrupts = 0, ends = 0;
  Terminal terminal{TerminalEvents{[this](std::string_view b) { echo += b; },
                                   [this](std::string_view l) { lines += l; },
                                   [this] { ++interrupts; }, [this] { ++ends; }}};
};

TEST(Terminal, EditsALine) {
  Typed t;
  t.terminal.feed(
      "ab\x7f"
      "c\r");
  EXPECT_EQ(t.lines, "ac\n");
  t.terminal.feed("wrong\x15right\n");
  EXPECT_EQ(t.lines, "ac\nright\n");
  t.terminal.feed("\xc3\xa9\x7f\r");  // a letter of two bytes goes at once
  EXPECT_EQ(t.lines, "ac\nright\n\n");
}

TEST(Terminal, RecallsEarlierLinesAndSwallowsOtherKeys) {
  Typed t;
  t.terminal.feed("one\rtwo\r\x1b[A\x1b[A\x1b[C\r\x1b[A\x1b[B\x1b[3~x\r");
  EXPECT_EQ(t.lines, "one\ntwo\none\nx\n");
}

TEST(Terminal, EndsOnlyAnEmptyLine) {
  Typed t;
  t.terminal.feed("a\x04");
  EXPECT_EQ(t.ends, 0);
  t.terminal.feed("\x03\x04");
  EXPECT_EQ(t.interrupts, 1);
  EXPECT_EQ(t.ends, 1);
}

}  // namespace
}  // namespace orrery::sim
