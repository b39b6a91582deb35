// Pod templates as sent and as a real server stored them (controllers/pod-template-hash.jsonl).
#include <gtest/gtest.h>

#include "tests/core/api/checks/golden_cases.h"

namespace orrery::api {
namespace {

TEST(ChecksGolden, PodTemplatesAreDefaultedAsRecorded) {
  const auto lines = golden_lines("controllers/pod-template-hash.jsonl");
  if (!lines) GTEST_SKIP() << "no golden data: set ORRERY_GOLDEN";
  int compared = 0;
  for (const std::string& line : *lines) {
    const Json record = Json::parse(line);
    Json ours = record["template"];
    default_pod_template(ours);
    EXPECT_EQ(first_difference(ours, record["defaultedTemplate"], record["template"]), "")
        << record["name"];
    EXPECT_EQ(validate_pod_template(ours).message(), "") << record["name"];
    ++compared;
  }
  EXPECT_GE(compared, 73);
}

TEST(ChecksGolden, DefaultingATemplateTwiceChangesNothing) {
  const auto lines = golden_lines("controllers/pod-template-hash.jsonl");
  if (!lines) GTEST_SKIP() << "no golden data: set ORRERY_GOLDEN";
  for (const std::string& line : *lines) {
    Json once = Json::parse(line)["template"];
    default_pod_template(once);
    Json twice = once;
    default_pod_template(twice);
    EXPECT_EQ(once, twice);
  }
}

}  // namespace
}  // namespace orrery::api
