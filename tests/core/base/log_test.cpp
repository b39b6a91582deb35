#include "core/base/log.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace orrery {
namespace {

struct Lines {
  std::vector<std::string> lines;
  Log log(LogLevel threshold) {
    return Log(threshold, [this](LogLevel, std::string_view line) { lines.emplace_back(line); });
  }
};

TEST(Log, WritesOneLineWithTimeEventAndFields) {
  Lines out;
  Log log = out.log(LogLevel::kInfo);
  const Time now{1795407220s};
  log.set_clock(&now);
  LOG(log, kInfo, "pod bound", {"pod", "default/web-0"}, {"attempts", 2});
  ASSERT_EQ(1u, out.lines.size());
  EXPECT_EQ("I2026-11-23T04:13:40.000000Z \"pod bound\" pod=\"default/web-0\" attempts=\"2\"",
            out.lines[0]);
}

TEST(Log, AValueCannotEndItsQuotesOrItsLine) {
  Lines out;
  Log log = out.log(LogLevel::kError);
  LOG(log, kError, "x", {"why", "a \"b\"\nE1970 \\ c"});
  EXPECT_NE(std::string::npos, out.lines.at(0).find("why=\"a \\\"b\\\"\\nE1970 \\\\ c\""));
}

TEST(Log, FieldsAreEvaluatedOnlyWhenTheLevelIsOn) {
  Lines out;
  Log log = out.log(LogLevel::kWarning);
  int evaluated = 0;
  const auto costly = [&] {
    ++evaluated;
    return std::string_view("x");
  };
  LOG(log, kDebug, "quiet", {"x", costly()});
  EXPECT_EQ(0, evaluated);
  LOG(log, kWarning, "loud", {"x", costly()});
  EXPECT_EQ(1, evaluated);
  EXPECT_EQ(1u, out.lines.size());
}

TEST(Log, DefaultIsSilent) {
  Log log;
  EXPECT_FALSE(log.is_on(LogLevel::kError));
  LOG(log, kError, "nobody hears");
}

}  // namespace
}  // namespace orrery
