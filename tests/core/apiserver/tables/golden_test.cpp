// Recorded tables of a real server, made again from the objects that were recorded beside them.
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "core/apiserver/tables/partial_metadata.h"
#include "tests/core/apiserver/tables/printed.h"

namespace orrery::test {
namespace {

using apiserver::CustomColumn;
using apiserver::TablePrinter;
using nlohmann::json;

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

/// The recording has placeholders for times and ages; any that fit each other will do.
std::string with_times(std::string line) {
  replace_all(line, "<ts>", "2025-12-31T23:55:00Z");
  replace_all(line, "<age>", "5m");
  return line;
}

std::vector<json> recorded(const std::string& file) {
  const char* folder = std::getenv("ORRERY_GOLDEN");
  std::ifstream in((folder ? std::string(folder) : "../shared/data/golden") + "/api/" + file);
  std::vector<json> out;
  for (std::string line; std::getline(in, line);) {
    out.push_back(json::parse(with_times(std::move(line))));
  }
  return out;
}

bool asks_for(const json& step, std::string_view what) {
  return step.contains("accept") && step["accept"].is_string() &&
         step["accept"].get<std::string>().find(what) != std::string::npos;
}

/// The columns of version `v1` of the definition that a step created.
std::vector<CustomColumn> columns_of(const json& definition) {
  std::vector<CustomColumn> out;
  for (const json& version : definition["spec"]["versions"]) {
    if (version["name"] != "v1") continue;
    for (const json& c : version.value("additionalPrinterColumns", json::array())) {
      out.push_back({c["name"], c["type"], c.value("format", ""), c.value("description", ""),
                     c.value("priority", 0), c["jsonPath"]});
    }
  }
  return out;
}

/// The table made from the last state of each custom object that the steps before showed.
json made_again(const json& sequence, const json& asked) {
  std::vector<CustomColumn> columns;
  std::map<std::string, json> objects;
  for (const json& step : sequence["steps"]) {
    if (&step == &asked) break;
    if (!step.contains("response") || !step["response"].is_object()) continue;
    const json& response = step["response"];
    const std::string kind = response.value("kind", "");
    if (kind == "CustomResourceDefinition" && columns.empty()) columns = columns_of(response);
    if (kind == "Foo") objects[response["metadata"]["name"]] = response;
    if (kind == "Scale") {  // .spec.size is the definition's specReplicasPath
      objects[response["metadata"]["name"]]["spec"]["size"] = response["spec"]["replicas"];
    }
  }
  json list = {{"kind", "FooList"}, {"items", json::array()}};
  list["metadata"] = asked["response"]["metadata"];
  for (const json& row : asked["response"]["rows"]) {
    json object = objects[row["cells"][0]];
    object["metadata"] = row["object"]["metadata"];
    list["items"].push_back(std::move(object));
  }
  return json::parse(table_text(TablePrinter(columns), {.now = kNow}, list));
}

TEST(RecordedTables, OfCustomResourcesAreMadeAgain) {
  const std::vector<json> sequences = recorded("sequences.jsonl");
  if (sequences.empty()) GTEST_SKIP() << "no recorded sequences; set ORRERY_GOLDEN";
  int compared = 0;
  for (const json& sequence : sequences) {
    for (const json& step : sequence["steps"]) {
      if (!asks_for(step, "as=Table") || step["status"] != 200) continue;
      EXPECT_EQ(made_again(sequence, step), step["response"]) << sequence["name"];
      ++compared;
    }
  }
  EXPECT_GT(compared, 0);
}

TEST(RecordedTables, OfAFixtureAreMadeAgain) {
  const std::vector<json> cases = recorded("cases.jsonl");
  if (cases.empty()) GTEST_SKIP() << "no recorded cases; set ORRERY_GOLDEN";
  json fixture;
  for (const json& f : recorded("fixtures.jsonl")) {
    if (f["name"] == "fixture cm") fixture = json::parse(f["body"].get<std::string>());
  }
  ASSERT_TRUE(fixture.is_object());
  int compared = 0;
  for (const json& c : cases) {
    if (c["status"] != 200) continue;
    if (asks_for(c, "as=Table")) {
      json object = fixture;
      object["metadata"] = c["response"]["rows"][0]["object"]["metadata"];
      const TablePrinter printer(*table().find_kind("v1", "ConfigMap"));
      EXPECT_EQ(json::parse(table_text(printer, {.now = kNow}, object)), c["response"]);
      ++compared;
    }
    if (asks_for(c, "as=PartialObjectMetadata;")) {
      json object = fixture;
      object["metadata"] = c["response"]["metadata"];
      EXPECT_EQ(apiserver::partial_metadata(object, "v1"), c["response"]);
      ++compared;
    }
  }
  EXPECT_EQ(compared, 2);
}

}  // namespace
}  // namespace orrery::test
