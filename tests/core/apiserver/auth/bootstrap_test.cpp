#include "core/apiserver/auth/bootstrap.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

namespace orrery::apiserver {
namespace {

using nlohmann::json;

TEST(Bootstrap, TheBuiltInTextGivesEveryKindOfObject) {
  std::map<std::string, int> kinds;
  for (const json& document : bootstrap_documents()) {
    ASSERT_TRUE(document.is_object());
    ++kinds[document["kind"].get<std::string>()];
    EXPECT_FALSE(document["metadata"]["name"].get<std::string>().empty());
  }
  const std::map<std::string, int> expected{{"ClusterRole", 70}, {"ClusterRoleBinding", 51},
                                            {"Role", 7},         {"RoleBinding", 7},
                                            {"FlowSchema", 11},  {"PriorityLevelConfiguration", 8},
                                            {"PriorityClass", 2}};
  EXPECT_EQ(kinds, expected);
}

TEST(Bootstrap, TheDocumentsAreTheRecordedObjectsOfARealServer) {
  const char* folder = std::getenv("ORRERY_FACTS");
  const std::string path =
      std::string(folder ? folder : "../shared/facts") + "/bootstrap-objects-1.36.json";
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << path << " is not there; set ORRERY_FACTS";
  const json recorded = json::parse(file, nullptr, false);
  const std::vector<json> made = bootstrap_documents();
  ASSERT_EQ(recorded.size(), made.size());
  for (std::size_t i = 0; i < made.size(); ++i) EXPECT_EQ(made[i], recorded[i]);
}

}  // namespace
}  // namespace orrery::apiserver
