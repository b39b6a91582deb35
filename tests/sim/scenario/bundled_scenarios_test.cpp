// The scenarios and documents that come with the program are right.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/scenario/input_files.h"
#include "sim/scenario/manifest_reader.h"
#include "sim/scenario/scenario_reader.h"
#include "sim/scenario/scenario_reference.h"
#include "sim/scenario/trace_import.h"
#include "sim/scenario/workload_manifests.h"

namespace orrery::sim {
namespace {

std::vector<std::string> bundled() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator("scenarios")) {
    if (entry.path().extension() == ".yaml") out.push_back(entry.path().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

Result<Scenario> read_bundled(const std::string& file) {
  auto text = read_text_file(file);
  if (!text.ok()) return text.status();
  return parse_scenario(*text, file, file != "scenarios/openb.yaml");  // its data may be absent
}

TEST(BundledScenarios, AreTheNineThatAreAnnounced) {
  EXPECT_EQ(bundled(), (std::vector<std::string>{
                           "scenarios/daemonset-and-jobs.yaml", "scenarios/first-deployment.yaml",
                           "scenarios/gang.yaml", "scenarios/openb.yaml",
                           "scenarios/resources.yaml", "scenarios/rolling-update.yaml",
                           "scenarios/scale-5000.yaml", "scenarios/scale-million.yaml",
                           "scenarios/self-healing.yaml"}));
}

TEST(BundledScenarios, ParseAndBearTheirFilesName) {
  for (const std::string& file : bundled()) {
    const auto scenario = read_bundled(file);
    ASSERT_TRUE(scenario.ok()) << scenario.status().message();
    EXPECT_EQ("scenarios/" + scenario->name + ".yaml", file);
    EXPECT_FALSE(scenario->description.empty()) << file;
  }
}

TEST(BundledScenarios, StartWithACommentThatTeachesWhatToWatch) {
  for (const std::string& file : bundled()) {
    const auto text = read_text_file(file);
    ASSERT_TRUE(text.ok());
    EXPECT_TRUE(text->starts_with("# ")) << file;
    EXPECT_NE(text->find("# Watch\n"), std::string::npos) << file;
  }
}

TEST(BundledScenarios, ReadTheirFullFormBackUnchanged) {
  for (const std::string& file : bundled()) {
    const auto scenario = read_bundled(file);
    ASSERT_TRUE(scenario.ok());
    const std::string full = to_json_text(to_tree(*scenario), 2);
    const auto again = parse_scenario(full, file, false);
    ASSERT_TRUE(again.ok()) << again.status().message();
    EXPECT_EQ(to_json_text(to_tree(*again), 2), full);
  }
}

TEST(BundledScenarios, HaveManifestsThatParseAndObjectsForTheNamesTheyUse) {
  for (const std::string& file : bundled()) {
    const auto scenario = read_bundled(file);
    ASSERT_TRUE(scenario.ok());
    std::set<std::string> names;
    std::vector<std::string> paths = scenario->manifests;
    for (const Action& action : scenario->actions) {
      if (action.verb == Verb::kApply) paths.push_back(action.apply);
    }
    for (const std::string& path : paths) {
      const auto documents = read_manifests(scenario->path_of(path));
      ASSERT_TRUE(documents.ok()) << documents.status().message();
      for (const ManifestDocument& d : *documents) names.insert((*d.json)["metadata"]["name"]);
    }
    for (const Action& action : scenario->actions) {
      EXPECT_TRUE(!action.scale || names.contains(action.scale->name)) << file;
      EXPECT_TRUE(!action.set || names.contains(action.set->image->deployment)) << file;
    }
    for (const Expectation& e : scenario->expect) {
      if (!e.available.empty() && e.available != "all") {
        EXPECT_TRUE(names.contains(e.available)) << file << ": " << e.available;
      }
    }
  }
}

TEST(BundledScenarios, HaveAShopOfElevenServices) {
  const auto documents = read_manifests("scenarios/workloads/shop");
  ASSERT_TRUE(documents.ok()) << documents.status().message();
  const auto count = [&](const char* kind) {
    return std::count_if(documents->begin(), documents->end(),
                         [kind](const ManifestDocument& d) { return (*d.json)["kind"] == kind; });
  };
  EXPECT_EQ(count("Deployment"), 11);
  EXPECT_EQ(count("Service"), 11);
  EXPECT_EQ(count("PodDisruptionBudget"), 3);
}

TEST(BundledScenarios, HaveTheSizesTheyPromise) {
  const std::pair<const char*, std::pair<std::int64_t, std::int64_t>> sizes[] = {
      {"scenarios/scale-5000.yaml", {5'000, 150'000}},
      {"scenarios/scale-million.yaml", {50'000, 1'000'000}}};
  for (const auto& [file, size] : sizes) {
    const auto scenario = read_bundled(file);
    ASSERT_TRUE(scenario.ok());
    EXPECT_EQ(pool_nodes(*scenario), size.first);
    std::int64_t pods = 0;
    for (const ManifestDocument& d : workload_manifests(scenario->workloads.at(0), file)) {
      if ((*d.json)["kind"] == "Deployment")
        pods += (*d.json)["spec"]["replicas"].get<std::int64_t>();
    }
    EXPECT_EQ(pods, size.second);
  }
}

TEST(BundledScenarios, FindTheOpenbTraceWhereTheDataIs) {
  const std::string file = "scenarios/openb.yaml";
  const auto text = read_text_file(file);
  ASSERT_TRUE(text.ok());
  const auto scenario = parse_scenario(*text, file, false);
  ASSERT_TRUE(scenario.ok());
  if (!is_folder(scenario->path_of(scenario->trace->dir))) GTEST_SKIP() << "openb is not here";
  const auto trace = read_trace(*scenario);
  ASSERT_TRUE(trace.ok()) << trace.status().message();
  EXPECT_EQ(trace->nodes.size(), 1523u);
  EXPECT_EQ(trace->pods.size(), 8152u);
  EXPECT_LT(trace->end(), scenario->until);
}

// Renew the reference with ORRERY_UPDATE_DOCS=1 in the environment.
TEST(ScenarioDocument, HoldsTheReferenceOfTheFieldTables) {
  const std::string file = "docs/scenario.md";
  const std::string begin = "<!-- reference: begin -->\n", end = "<!-- reference: end -->";
  auto text = read_text_file(file);
  ASSERT_TRUE(text.ok()) << text.status().message();
  const std::size_t from = text->find(begin), to = text->find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  const std::string renewed =
      text->substr(0, from + begin.size()) + scenario_reference() + text->substr(to);
  if (std::getenv("ORRERY_UPDATE_DOCS")) {
    ASSERT_TRUE(write_text_file(file, renewed).ok());
    return;
  }
  EXPECT_EQ(*text, renewed)
      << "docs/scenario.md is behind the field tables: run the test with ORRERY_UPDATE_DOCS=1";
}

TEST(ScenarioDocument, HasExamplesThatParse) {
  const auto text = read_text_file("docs/scenario.md");
  ASSERT_TRUE(text.ok());
  int examples = 0;
  for (std::size_t at = text->find("```yaml\n"); at != std::string::npos;
       at = text->find("```yaml\n", at)) {
    at += 8;
    const std::string example = text->substr(at, text->find("```", at) - at);
    const bool whole = example.find("kind: Scenario") != std::string::npos;
    const auto parsed = parse_scenario(
        whole ? example
              : "apiVersion: orrery.dev/v1alpha1\nkind: Scenario\nmetadata: {name: x}\n" + example,
        "docs/scenario.md", false);
    EXPECT_TRUE(parsed.ok()) << parsed.status().message() << "\n" << example;
    ++examples;
  }
  EXPECT_GE(examples, 8);
}

}  // namespace
}  // namespace orrery::sim
