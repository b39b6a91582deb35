// The recorded request sequences, played against the server: one test a sequence that must be
// equal, and the list of those that are left out for now.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/golden/api/sequence_player.h"

namespace orrery::test {
namespace {

using nlohmann::json;

constexpr const char* kEqual[] = {
    "smp deployment: replace list",
    "smp deployment: env merge",
    "smp deployment: setElementOrder",
    "smp deployment: retainKeys",
    "smp deployment: atomic lists",
    "smp deployment: bad patches",
    "smp deployment: null and empty",
    "smp deployment: resources",
    "smp service ports (merge key port)",
    "smp node taints, conditions",
    "merge patch configmap: bad",
    "merge patch deployment lists replace",
    "json patch configmap: ops",
    "scale subresource",
    "scale of rs, sts, rc",
    "stale resourceVersion 409 and unconditional put",
    "generation bump rules",
    "generateName",
    "delete deployment propagation Foreground",
    "delete deployment propagation Background",
    "delete deployment propagation Orphan",
    "delete pods: grace",
    "delete uses body and ignores query",
    "dry-run delete",
    "deletecollection",
    "delete responses per kind",
    "namespace lifecycle",
    "list limit/continue",
    "list consistency across writes with continue",
    "label selectors",
    "label selector Gt/Lt",
    "field selectors",
    "watch resourceVersion=0",
    "watch with label selector: enter and leave",
    "watch with field selector spec.nodeName",
    "watch bookmarks",
    "watch too old",
    "eviction without PDB",
    "eviction with PDB: blocked",
    "eviction with PDB: allowed",
    "eviction with PDB: unhealthy AlwaysAllow",
    "eviction with PDB: unhealthy IfHealthyBudget",
    "eviction: two PDBs",
    "default storage class and ingress class",
    "priority class default and delete",
    "service allocation",
    "list continue after compaction: 410 with inconsistent continue",
    "create with server-owned metadata",
};

struct LeftOut {
  const char* name;
  const char* reason;
};
constexpr const char* kSsa = "server-side apply is a later issue";
constexpr LeftOut kLeftOut[] = {
    {"ssa configmap create, conflict, force, remove", kSsa},
    {"ssa no-op keeps resourceVersion", kSsa},
    {"ssa over update manager", kSsa},
    {"ssa deployment two managers: containers", kSsa},
    {"ssa service ports keys", kSsa},
    {"ssa finalizers and ownerReferences", kSsa},
    {"ssa errors", kSsa},
    {"ssa upgrade from client-side-apply annotation", kSsa},
    {"deprecated watch path", "a path of the wire"},
    {"TokenRequest", "tokens come with authentication"},
    {"pod ephemeral containers and resize", "subresources of a later issue"},
    {"service account defaults in pods", "needs legacy token secrets"},
    {"events series and v1 conversion", "one stored kind under two groups comes with the wire"},
    {"crd: create, validate, default, prune, status, scale", "custom resources are a later issue"},
    {"crd: name conflicts", "custom resources are a later issue"},
    {"validating admission policy", "admission policies are a later issue"},
    {"discovery", "comes with the wire"},
    {"http corner cases", "comes with the wire"},
};

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

std::vector<json> lines_of(const std::string& file) {
  const char* given = std::getenv("ORRERY_GOLDEN");
  std::ifstream in(std::string(given ? given : "../shared/data/golden") + "/api/" + file);
  std::vector<json> out;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) out.push_back(json::parse(line));
  }
  return out;
}

const std::vector<json>& sequences() {
  static const std::vector<json> kAll = lines_of("sequences.jsonl");
  return kAll;
}

const json* sequence_named(const std::string& name) {
  for (const json& s : sequences()) {
    if (s["name"] == name) return &s;
  }
  return nullptr;
}

std::vector<std::string> play(const json& sequence) {
  const std::string name = sequence["name"].get<std::string>();
  const auto it = presets().find(name);
  return play_sequence(sequence, lines_of("fixtures.jsonl"),
                       it == presets().end() ? Presets{} : it->second);
}

std::string shown(const std::vector<std::string>& differences) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(differences.size(), 40); ++i) {
    text += differences[i].substr(0, 1200) + "\n";
  }
  return text;
}

class RecordedSequence : public ::testing::TestWithParam<const char*> {};

TEST_P(RecordedSequence, IsAnsweredAsByTheRealServer) {
  if (sequences().empty()) GTEST_SKIP() << "no recorded sequences under ORRERY_GOLDEN";
  const json* sequence = sequence_named(GetParam());
  ASSERT_NE(sequence, nullptr) << GetParam();
  const std::vector<std::string> differences = play(*sequence);
  EXPECT_TRUE(differences.empty()) << GetParam() << "\n" << shown(differences);
}

std::string test_name(const ::testing::TestParamInfo<const char*>& info) {
  std::string name;
  bool up = true;
  for (const char* c = info.param; *c; ++c) {
    const auto byte = static_cast<unsigned char>(*c);
    if (!std::isalnum(byte)) {
      up = true;
      continue;
    }
    name += static_cast<char>(up ? std::toupper(byte) : byte);
    up = false;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Api, RecordedSequence, ::testing::ValuesIn(kEqual), test_name);

TEST(RecordedSequences, AreAllEitherPlayedOrLeftOutForAReason) {
  if (sequences().empty()) GTEST_SKIP() << "no recorded sequences under ORRERY_GOLDEN";
  for (const json& s : sequences()) {
    const std::string name = s["name"].get<std::string>();
    const bool played = std::any_of(std::begin(kEqual), std::end(kEqual),
                                    [&](const char* n) { return name == n; });
    const bool left_out = std::any_of(std::begin(kLeftOut), std::end(kLeftOut),
                                      [&](const LeftOut& row) { return name == row.name; });
    EXPECT_TRUE(played != left_out) << name << (played ? " is in both lists" : " is in no list");
  }
}

}  // namespace
}  // namespace orrery::test
