// Each recorded create and update of a CRD through the checks' table, and the status that
// upstream's controllers gave.
#include <gtest/gtest.h>

#include "core/api/checks/checks.h"
#include "core/api/custom/definition_status.h"
#include "tests/core/api/custom/recorded_custom.h"

namespace orrery::api {
namespace {

constexpr char kGroup[] = "apiextensions.k8s.io";
constexpr char kKind[] = "CustomResourceDefinition";
constexpr char kPath[] = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

bool is_definition_request(const Json& record, const char* method) {
  return record["method"] == method && record["path"].get<std::string>().starts_with(kPath) &&
         record.contains("body") && !record["body"].is_null();
}

Json prepared(Json body) {
  apply_defaults(kGroup, kKind, body);
  prepare_create(kGroup, kKind, body);
  return body;
}

std::string create_difference(const Json& record) {
  const Json object = prepared(body_of(record));
  const FieldErrors errors = validate_create(kGroup, kKind, object);
  const Json& response = record["response"];
  if (record["status"] == 422) {
    return status_difference(kKind, kGroup, object["metadata"]["name"], errors, response);
  }
  if (!errors.empty()) return errors.message();
  for (const char* key : {"spec", "status"}) {
    if (object[key] != response[key]) {
      return object[key].dump() + "\n  should be: " + response[key].dump();
    }
  }
  return object["metadata"]["generation"] == 1 ? "" : "generation";
}

TEST(DefinitionGolden, CreatesAnswerAsRecorded) {
  const auto cases = recorded("cases.jsonl");
  if (!cases) GTEST_SKIP() << "recorded data not found";
  int seen = 0, rules = 0;
  for (const Json& record : *cases) {
    if (!is_definition_request(record, "POST")) continue;
    ++seen;
    const std::string difference = create_difference(record);
    // CEL rules are not compiled: a listed difference.
    if (record["name"].get<std::string>().find("x-kubernetes-validations") != std::string::npos) {
      ++rules;
      EXPECT_NE(difference, "") << "rules are compiled now: take this case in";
      continue;
    }
    EXPECT_EQ(difference, "") << record["name"];
  }
  EXPECT_EQ(seen, 13);
  EXPECT_EQ(rules, 1);
}

TEST(DefinitionGolden, UpdatesAnswerAsRecorded) {
  const auto cases = recorded("cases.jsonl");
  const auto fixtures = recorded("fixtures.jsonl");
  if (!cases || !fixtures) GTEST_SKIP() << "recorded data not found";
  Json fixture;
  for (const Json& record : *fixtures) {
    if (is_definition_request(record, "POST")) fixture = prepared(body_of(record));
  }
  int seen = 0;
  for (const Json& record : *cases) {
    if (!is_definition_request(record, "PUT")) continue;
    ++seen;
    Json now = body_of(record);
    Json old = fixture;
    old["metadata"] = now["metadata"];
    old["status"] = now["status"];
    apply_defaults(kGroup, kKind, now);
    prepare_update(kGroup, kKind, now, old);
    EXPECT_EQ(status_difference(kKind, kGroup, now["metadata"]["name"],
                                validate_update(kGroup, kKind, now, old), record["response"]),
              "")
        << record["name"];
  }
  EXPECT_EQ(seen, 2);
}

Json without_times(Json status) {
  for (Json& condition : status["conditions"]) condition["lastTransitionTime"] = "<ts>";
  return status;
}

// Replays the CRD steps of a sequence: what a create answers, and the status that a GET shows.
void replay(const Json& sequence, int& creates, int& reads) {
  std::vector<Json> definitions;
  for (const Json& step : sequence["steps"]) {
    const std::string path = step["path"];
    if (!path.starts_with(kPath)) continue;
    if (step["method"] == "POST") {
      ++creates;
      EXPECT_EQ(create_difference(step), "");
      definitions.push_back(step["response"]);
      std::vector<const Json*> all;
      for (const Json& definition : definitions) all.push_back(&definition);
      definitions.back()["status"] = accepted_status(definitions.back(), all, Time{});
    } else if (step["method"] == "GET" && step["status"] == 200) {
      ++reads;
      for (const Json& definition : definitions) {
        if (!path.ends_with("/" + definition["metadata"]["name"].get<std::string>())) continue;
        EXPECT_EQ(without_times(definition["status"]), without_times(step["response"]["status"]));
      }
    }
  }
}

TEST(DefinitionGolden, StatusIsWhatTheControllersWrote) {
  const auto sequences = recorded("sequences.jsonl");
  if (!sequences) GTEST_SKIP() << "recorded data not found";
  int creates = 0, reads = 0;
  for (const Json& sequence : *sequences) {
    if (sequence["name"].get<std::string>().starts_with("crd: ")) replay(sequence, creates, reads);
  }
  EXPECT_EQ(creates, 3);
  EXPECT_EQ(reads, 2);
}

}  // namespace
}  // namespace orrery::api
