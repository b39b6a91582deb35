// Discovery against what a real 1.36 server answered, and against what kubectl printed of it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "core/apiserver/discovery/discovery_documents.h"
#include "tests/core/apiserver/discovery/catalog_world.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

std::vector<json> golden_lines(const std::string& file) {
  const char* root = std::getenv("ORRERY_GOLDEN");
  std::ifstream in(std::string(root ? root : "../shared/data/golden") + "/" + file);
  std::vector<json> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line));
  return lines;
}

std::string text_of(const json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

class DiscoveryGolden : public ::testing::Test {
 protected:
  DiscoveryGolden() { world_.put_custom("foos.fix.com", kFooTable); }

  std::optional<json> get(const std::string& path, const std::string& accept) {
    const auto answer = documents_.answer({path, "", accept, ""});
    if (!answer || answer->status != 200) return std::nullopt;
    return json::parse(answer->body->bytes);
  }

  /// Compares one recorded step; false if it belongs to another part of the server.
  bool compare(const json& step) {
    const std::string path = text_of(step, "path");
    if (path == "/version" || path == "/healthz" || path == "/livez" || path == "/readyz") {
      return false;
    }
    if (path == "/") {
      compare_root(step["response"]["paths"]);
      return true;
    }
    const auto got = get(path, text_of(step, "accept"));
    const json& expected = step["response"];
    EXPECT_EQ(got.value_or(json()), expected)
        << path << " differs: " << json::diff(got.value_or(json()), expected).dump(1);
    return true;
  }

  /// Of the index of all paths, discovery's are served, and no group version is missing in it.
  void compare_root(const json& paths) {
    std::set<std::string> recorded;
    for (const json& path : paths) {
      const auto text = path.get<std::string>();
      if (!text.starts_with("/api") && !text.starts_with("/openapi/")) continue;
      recorded.insert(text);
      EXPECT_TRUE(get(text, "").has_value()) << text;
    }
    for (const ServedGroup& group : served_groups(world_.catalog)) {
      for (const ServedVersion& version : group.versions) {
        const std::string root = group.name.empty() ? "/api/" : "/apis/";
        EXPECT_TRUE(recorded.contains(root + group_version_text(group.name, version.name)));
      }
    }
  }

  CatalogWorld world_;
  DiscoveryDocuments documents_{world_.catalog, {"192.0.2.2:36443", nullptr, {}}};
};

TEST_F(DiscoveryGolden, AnswersTheRecordedSequence) {
  const auto sequences = golden_lines("api/sequences.jsonl");
  if (sequences.empty()) GTEST_SKIP() << "no recorded sequences";
  int compared = 0, elsewhere = 0;
  for (const json& sequence : sequences) {
    if (text_of(sequence, "name") != "discovery") continue;
    for (const json& step : sequence["steps"]) ++(compare(step) ? compared : elsewhere);
  }
  EXPECT_EQ(compared, 24);
  EXPECT_EQ(elsewhere, 4);  // /version and the three health checks
}

TEST_F(DiscoveryGolden, ListsACustomResourceWithItsSubresourcesAsRecorded) {
  const auto sequences = golden_lines("api/sequences.jsonl");
  if (sequences.empty()) GTEST_SKIP() << "no recorded sequences";
  world_.put_custom("foos.seq1.example.com", kScaledFooTable);
  int compared = 0;
  for (const json& sequence : sequences) {
    for (const json& step : sequence["steps"]) {
      if (text_of(step, "path") == "/apis/seq1.example.com/v1") compared += compare(step);
    }
  }
  EXPECT_EQ(compared, 1);
}

/// The lines of a printed table after its head, columns joined by one blank.
std::vector<std::string> printed_rows(const std::string& text) {
  std::vector<std::string> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string row;
    for (std::string word; words >> word;) row += (row.empty() ? "" : " ") + word;
    rows.push_back(row);
  }
  return rows;
}

TEST_F(DiscoveryGolden, HasWhatKubectlPrintedOfItsApiResources) {
  const auto commands = golden_lines("kubectl/kubectl.jsonl");
  if (commands.empty()) GTEST_SKIP() << "no recorded kubectl commands";
  int compared = 0;
  for (const json& command : commands) {
    if (!text_of(command, "cmd").starts_with("kubectl api-resources --namespaced=true")) continue;
    auto rows = printed_rows(text_of(command, "stdout"));
    ASSERT_FALSE(rows.empty());
    const std::multiset<std::string> expected(rows.begin() + 1, rows.end());
    std::multiset<std::string> got;
    world_.catalog.remove("foos.fix.com");  // recorded without it
    for (const ServedGroup& group : served_groups(world_.catalog)) {
      const ServedVersion& preferred = group.versions.front();
      for (const Served* served : preferred.resources) {
        const api::ResourceRow& row = *served->row;
        if (!row.namespaced) continue;
        std::string line(row.plural);
        for (std::size_t i = 0; i < row.short_names.size(); ++i) {
          line.append(i == 0 ? " " : ",").append(row.short_names[i]);
        }
        line += " " + group_version_text(group.name, preferred.name) + " true ";
        got.insert(line.append(row.kind));
      }
    }
    EXPECT_EQ(got, expected);
    ++compared;
  }
  EXPECT_EQ(compared, 1);
}

}  // namespace
}  // namespace orrery::apiserver
