#include "sim/cluster/manifest_check.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "sim/cluster/simulation.h"
#include "sim/scenario/scenario_reader.h"

namespace orrery::sim {
namespace {

// Lines 1 to 10; `replicas` is on line 6, `image` on line 10.
std::string deployment(std::string_view replicas, std::string_view last) {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart}\nspec:\n"
         "  selector: {matchLabels: {app: cart}}\n  replicas: " +
         std::string(replicas) +
         "\n  template:\n    metadata: {labels: {app: cart}}\n    spec:\n      " +
         std::string(last) + "\n";
}
const std::string kGood = "containers: [{name: c, image: \"cart:1\"}]";

std::vector<std::string> check(std::string_view text) {
  const api::ApiTable table = api::ApiTable::built_in();
  api::Kinds kinds;
  add_table_kinds(kinds, table);
  const auto documents = read_manifest_text(text, "cart.yaml");
  if (!documents.ok()) {
    ADD_FAILURE() << documents.status().message();
    return {};
  }
  return check_manifests(kinds, table, *documents);
}

TEST(ManifestCheck, AGoodManifestHasNoErrors) {
  EXPECT_EQ(check(deployment("3", kGood)), std::vector<std::string>{});
}

TEST(ManifestCheck, EachErrorNamesFileLineObjectAndField) {
  struct Case {
    std::string text, place, what;
  };
  const Case cases[] = {
      {deployment("many", kGood), "cart.yaml:6: ", "spec.replicas"},
      {deployment("-1", kGood), "cart.yaml:6: ", "spec.replicas"},
      {deployment("3", "containers: [{name: c, image: \"cart:1\", imagge: x}]"),
       "cart.yaml:10: ", "imagge"},
      {"apiVersion: apps/v1\nkind: Deploymet\nmetadata: {name: cart}\n",
       "cart.yaml:2: ", "no matches for kind \"Deploymet\""},
  };
  for (const Case& c : cases) {
    const std::vector<std::string> errors = check(c.text);
    ASSERT_EQ(errors.size(), 1u) << c.text;
    EXPECT_EQ(errors[0].find(c.place), 0u) << errors[0];
    EXPECT_NE(errors[0].find("\"cart\""), std::string::npos) << errors[0];
    EXPECT_NE(errors[0].find(c.what), std::string::npos) << errors[0];
  }
}

TEST(ManifestCheck, AJobWithoutASelectorIsGood) {
  EXPECT_EQ(check("apiVersion: batch/v1\nkind: Job\nmetadata: {name: sum}\nspec:\n  template:\n"
                  "    spec: {restartPolicy: Never, containers: [{name: c, image: \"sum:1\"}]}\n"),
            std::vector<std::string>{});
}

TEST(ManifestCheck, ARunWithBadManifestsIsRefusedWithAllErrorsBeforeAnythingRuns) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / "orrery-manifest-check";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "cart.yaml") << deployment("-1", kGood) << "---\n"
                                      << deployment("many", kGood);
  const auto scenario = parse_scenario(
      "apiVersion: orrery.dev/v1alpha1\nkind: Scenario\nmetadata: {name: bad}\nspec:\n"
      "  cluster: {nodePools: [{name: node, count: 3, cpu: \"2\", memory: 4Gi}]}\n"
      "  manifests: [cart.yaml]\n",
      (folder / "bad.yaml").string(), true);
  ASSERT_TRUE(scenario.ok()) << scenario.status().message();
  Simulation run(*scenario);
  const Status prepared = run.prepare();
  std::filesystem::remove_all(folder);
  EXPECT_TRUE(prepared.is(Reason::kInvalid));
  ASSERT_EQ(prepared.details().causes.size(), 2u) << prepared.message();
  EXPECT_NE(prepared.details().causes[0].message.find("cart.yaml:6: "), std::string::npos);
  EXPECT_NE(prepared.details().causes[1].message.find("cart.yaml:17: "), std::string::npos)
      << prepared.message();
  EXPECT_EQ(run.recorder().changes(), 0u);
  EXPECT_EQ(run.env().loop.events_run(), 0u);
}

}  // namespace
}  // namespace orrery::sim
