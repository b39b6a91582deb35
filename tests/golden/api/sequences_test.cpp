// The recorded request sequences, played against the server: all must be equal, but for those that
// docs/api-differences.md names.
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/golden/api/golden_lines.h"
#include "tests/golden/api/sequence_player.h"

namespace orrery::test {
namespace {

using nlohmann::json;

// Values that recorded requests carry before an answer could name them.
const std::map<std::string, Presets>& presets() {
  static const std::map<std::string, Presets> kPresets = {
      {"service allocation",
       {{"<clusterIP:2>", "10.96.44.44"},
        {"<clusterIP:4>", "10.96.1.1"},
        {"<nodePort:1>", "31234"},
        {"<nodePort:2>", "80"}}},
      {"stale resourceVersion 409 and unconditional put", {{"<rv:5>", "abc"}}},
  };
  return kPresets;
}

std::vector<std::string> play(const json& sequence) {
  const std::string name = sequence["name"].get<std::string>();
  const auto it = presets().find(name);
  return play_sequence(sequence, golden_lines("api/fixtures.jsonl"),
                       it == presets().end() ? Presets{} : it->second);
}

TEST(RecordedSequences, AreAnsweredAsByTheRealServer) {
  const std::vector<json> sequences = golden_lines("api/sequences.jsonl");
  if (sequences.empty()) GTEST_SKIP() << "no recorded sequences under ORRERY_GOLDEN";
  const std::set<std::string> known = known_differences();
  DifferenceReport report;
  for (const json& sequence : sequences) {
    report.add(sequence["name"].get<std::string>(), play(sequence), known);
  }
  std::cout << report.equal << " of " << sequences.size() << " recorded sequences are equal\n";
  EXPECT_EQ(json(report.unlisted), json::array());
  EXPECT_EQ(json(report.listed_equal), json::array());
}

}  // namespace
}  // namespace orrery::test
