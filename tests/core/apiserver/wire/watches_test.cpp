// Watches over the wire: where they start, what they are shown, how they end.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/core/apiserver/wire/wire_client.h"

namespace orrery::test {
namespace {

using nlohmann::json;

constexpr const char* kConfigs = "/api/v1/namespaces/default/configmaps";

std::vector<json> events(const WireAnswer& answer) {
  std::vector<json> all;
  std::istringstream in(answer.body);
  for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
  return all;
}

std::vector<std::string> types(const WireAnswer& answer) {
  std::vector<std::string> out;
  for (const json& e : events(answer)) {
    const json& meta = e["object"].value("metadata", json::object());
    out.push_back(e["type"].get<std::string>() + " " + meta.value("name", ""));
  }
  return out;
}

using Texts = std::vector<std::string>;

TEST(WireWatch, WithoutARevisionShowsFirstWhatIsThere) {
  WireClient client;
  client.make_config("a");
  const auto watch = client.get(std::string(kConfigs) + "?watch=true");
  client.make_config("b");
  EXPECT_EQ(types(*watch), (Texts{"ADDED a", "ADDED b"}));
  EXPECT_FALSE(watch->finished);
}

TEST(WireWatch, FromARevisionShowsOnlyLaterChanges) {
  WireClient client;
  client.make_config("a");
  const json list = json::parse(client.get(kConfigs)->body);
  const auto watch = client.get(std::string(kConfigs) + "?watch=1&resourceVersion=" +
                                list["metadata"].value("resourceVersion", ""));
  client.make_config("b");
  client.send("DELETE", std::string(kConfigs) + "/a");
  EXPECT_EQ(types(*watch), (Texts{"ADDED b", "DELETED a"}));
}

TEST(WireWatch, ListsThroughAWatchEndsWithAMarkedBookmark) {
  WireClient client;
  client.make_config("a");
  const auto watch = client.get(
      std::string(kConfigs) +
      "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
  const std::vector<json> all = events(*watch);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0]["type"], "ADDED");
  EXPECT_EQ(all[1]["type"], "BOOKMARK");
  EXPECT_EQ(all[1]["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"], "true");
}

TEST(WireWatch, InitialEventsNeedNotOlderThan) {
  WireClient client;
  const auto answer = client.get(std::string(kConfigs) + "?watch=1&sendInitialEvents=true");
  EXPECT_EQ(answer->status, 422);
  EXPECT_NE(answer->body.find("sendInitialEvents requires setting resourceVersionMatch"),
            std::string::npos);
}

TEST(WireWatch, EndsAtItsTimeoutWithABookmarkBefore) {
  WireClient client;
  const auto watch =
      client.get(std::string(kConfigs) + "?watch=1&timeoutSeconds=10&allowWatchBookmarks=true");
  client.run(7'000);
  EXPECT_FALSE(watch->finished);
  client.run(4'000);
  EXPECT_TRUE(watch->finished);
  EXPECT_EQ(types(*watch), (Texts{"BOOKMARK "}));
}

TEST(WireWatch, OfTablesSendsTheColumnsOnce) {
  WireClient client;
  client.make_config("a");
  client.make_config("b");
  const auto watch = client.get(std::string(kConfigs) + "?watch=1",
                                "application/json;as=Table;v=v1;g=meta.k8s.io");
  const std::vector<json> all = events(*watch);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_TRUE(all[0]["object"]["columnDefinitions"].is_array());
  EXPECT_TRUE(all[1]["object"]["columnDefinitions"].is_null());
  EXPECT_EQ(all[1]["object"]["rows"][0]["cells"][0], "b");
}

TEST(WireWatch, InProtobufSendsFramesWithTheirLength) {
  WireClient client;
  client.make_config("a");
  const auto watch =
      client.get(std::string(kConfigs) + "?watch=1", "application/vnd.kubernetes.protobuf");
  EXPECT_EQ(watch->header("Content-Type"), "application/vnd.kubernetes.protobuf;stream=watch");
  ASSERT_GT(watch->body.size(), 4u);
  std::size_t length = 0;
  for (int i = 0; i < 4; ++i) {
    length = length << 8 | static_cast<unsigned char>(watch->body[static_cast<std::size_t>(i)]);
  }
  EXPECT_EQ(length, watch->body.size() - 4);
}

TEST(WireWatch, OfAnEventsViewSeesCoreEvents) {
  WireClient client;
  const auto watch = client.get("/apis/events.k8s.io/v1/namespaces/default/events?watch=1");
  const auto made = client.post(
      "/api/v1/namespaces/default/events",
      R"({"metadata":{"name":"e","namespace":"default"},"involvedObject":{"kind":"Pod","name":"p",)"
      R"("namespace":"default"},"reason":"R","message":"m","type":"Normal"})");
  ASSERT_EQ(made->status, 201) << made->body;
  const std::vector<json> all = events(*watch);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0]["object"]["apiVersion"], "events.k8s.io/v1");
  EXPECT_EQ(all[0]["object"]["note"], "m");
}

// "get-selected/x" stands before "get/x": pages go on by the bytes of the key.
TEST(WireList, PagesGoThroughNamespacesWhoseNamesBeginAlike) {
  WireClient client;
  Texts wanted;
  for (const char* ns : {"get-selected", "get", "get0"}) {
    client.post("/api/v1/namespaces", std::string(R"({"metadata":{"name":")") + ns + R"("}})");
    client.post(std::string("/api/v1/namespaces/") + ns + "/configmaps",
                R"({"metadata":{"name":"c"}})");
    wanted.push_back(ns);
  }
  Texts got;
  std::string token;
  do {
    const json page = json::parse(
        client.get("/api/v1/configmaps?limit=1" + (token.empty() ? "" : "&continue=" + token))
            ->body);
    for (const json& item : page["items"]) {
      got.push_back(item["metadata"]["namespace"].get<std::string>());
    }
    token = page["metadata"].value("continue", "");
  } while (!token.empty() && got.size() < 10);
  EXPECT_EQ(got, wanted);
}

}  // namespace
}  // namespace orrery::test
