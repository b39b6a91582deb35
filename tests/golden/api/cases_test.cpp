// The recorded single requests, each against one world with the recorded fixtures: status, body and
// warnings must be equal, but for those that docs/api-differences.md names.
#include <gtest/gtest.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "tests/golden/api/golden_lines.h"
#include "tests/golden/api/recorded_request.h"

namespace orrery::test {
namespace {

constexpr double kEqualWanted = 0.95;

// The tokens of an update stand for values of the object that is updated.
void bind_current(WireWorld& world, const json& recorded, Tokens& tokens) {
  json get = {{"method", "GET"}, {"path", recorded["path"]}};
  const std::shared_ptr<WireAnswer> answer = world.send(recorded_request(get, tokens));
  const json object = json::parse(answer->body, nullptr, false);
  if (answer->status != 200) return;
  // Where the case writes another uid or version, the token is that one.
  const std::string name = recorded["name"].get<std::string>();
  const bool other_uid = name.find("metadata/uid=") != std::string::npos;
  const bool other_version = name.find("metadata/resourceVersion=") != std::string::npos;
  if (!other_uid) tokens.bind("<uid:1>", object["metadata"]["uid"].get<std::string>());
  tokens.bind("<rv:1>",
              other_version ? "1" : object["metadata"]["resourceVersion"].get<std::string>());
  // The volume that the server mounted; a body that says another name changes it.
  const json volume = object.value(json::json_pointer("/spec/volumes/0/name"), json());
  constexpr std::string_view kMounted = "kube-api-access-";
  if (volume.is_string() && volume.get_ref<const std::string&>().starts_with(kMounted)) {
    tokens.bind("<rand>", volume.get<std::string>().substr(kMounted.size()));
  }
  const json ip = object.value(json::json_pointer("/spec/clusterIP"), json());
  if (ip.is_string()) tokens.bind("<clusterIP:1>", ip.get<std::string>());
}

TEST(RecordedCases, AreAnsweredAsByTheRealServer) {
  const std::vector<json> cases = golden_lines("api/cases.jsonl");
  if (cases.empty()) GTEST_SKIP() << "no recorded cases under ORRERY_GOLDEN";
  const std::set<std::string> known = known_differences();
  WireWorld world;
  for (const json& fixture : golden_lines("api/fixtures.jsonl")) {
    Tokens tokens;
    const auto answer = world.send(recorded_request(fixture, tokens));
    EXPECT_EQ(fixture["status"], answer->status) << fixture["name"] << "\n" << answer->body;
    world.run(100);
  }
  DifferenceReport report;
  for (const json& recorded : cases) {
    Tokens tokens;
    if (recorded["group"] == "update") bind_current(world, recorded, tokens);
    const auto answer = world.send(recorded_request(recorded, tokens));
    report.add(recorded["name"].get<std::string>(), differences_of(recorded, *answer, tokens),
               known);
  }
  std::cout << report.equal << " of " << cases.size() << " recorded cases are equal\n";
  EXPECT_EQ(json(report.unlisted), json::array());
  EXPECT_EQ(json(report.listed_equal), json::array());
  EXPECT_GE(static_cast<double>(report.equal), kEqualWanted * static_cast<double>(cases.size()));
}

}  // namespace
}  // namespace orrery::test
