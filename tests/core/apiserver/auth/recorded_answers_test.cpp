// Reviews, token requests and refusals against the recorded answers of a real server.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "core/apiserver/auth/reviews.h"
#include "tests/core/apiserver/auth/auth_world.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;
using test::AuthWorld;
using test::request;
using test::user;

std::vector<json> recorded(const std::string& name) {
  const char* folder = std::getenv("ORRERY_GOLDEN");
  std::ifstream file(std::string(folder ? folder : "../shared/data/golden") + "/api/" + name);
  std::vector<json> out;
  for (std::string line; std::getline(file, line);) {
    out.push_back(json::parse(line, nullptr, false));
  }
  return out;
}

json answer_of(const Result<json>& result) {
  if (result.ok()) return *result;
  const Status& status = result.status();
  json details = json::object();
  const StatusDetails& d = status.details();
  if (!d.name.empty()) details["name"] = d.name;
  if (!d.group.empty()) details["group"] = d.group;
  if (!d.kind.empty()) details["kind"] = d.kind;
  for (const StatusCause& cause : d.causes) {
    details["causes"].push_back(
        {{"reason", cause.reason}, {"message", cause.message}, {"field", cause.field}});
  }
  return {{"kind", "Status"},
          {"apiVersion", "v1"},
          {"metadata", json::object()},
          {"status", "Failure"},
          {"message", status.message()},
          {"reason", std::string(to_string(status.reason()))},
          {"details", details},
          {"code", status.code()}};
}

// Tokens bind at their first use; <ts> and <token> stand for anything; managedFields are added by
// the server around.
struct Comparison {
  std::map<std::string, std::string> bound;

  bool same(json expected, const json& got) {
    if (expected.is_string()) {
      const std::string text = expected.get<std::string>();
      if (text == "<ts>" || text == "<token>") return got.is_string() && !got.empty();
      const auto at = text.find("<uid:");
      if (at != std::string::npos && got.is_string()) {
        const std::string value = got.get<std::string>().substr(at);
        return bound.emplace(text.substr(at), value).first->second == value;
      }
    }
    if (expected.is_object()) expected.erase("managedFields");
    if (expected.type() != got.type() || expected.size() != got.size()) return expected == got;
    if (expected.is_object()) {
      for (const auto& [key, value] : expected.items()) {
        if (!got.contains(key) || !same(value, got[key])) return false;
      }
      return true;
    }
    if (!expected.is_array()) return expected == got;
    return std::equal(expected.begin(), expected.end(), got.begin(),
                      [&](const json& a, const json& b) { return same(a, b); });
  }
};

void sort_rules(json& answer) {
  for (const char* name : {"resourceRules", "nonResourceRules"}) {
    json& rules = answer["status"][name];
    std::sort(rules.begin(), rules.end());
  }
}

User user_of(const json& row) {
  const std::string name = row.value("user", json()).is_string() ? row["user"] : json("admin");
  if (name.starts_with("alice")) {
    User alice = user("alice", {"devs", "system:authenticated"});
    alice.uid = "alice";
    return alice;
  }
  return user("admin", {"system:masters", "system:authenticated"});
}

struct RecordedAnswers : testing::Test {
  AuthWorld world;
  test::HashSigner signer;
  ServiceAccountTokens accounts{world.env, world.store, signer, {}};
  Authenticator authenticator{{}, &accounts};

  RecordedAnswers() { world.bootstrap(); }

  Result<json> review(const User& who, const json& document) {
    const std::string kind = document["kind"];
    if (kind == "TokenReview") return review_token(authenticator, document);
    if (kind == "SubjectAccessReview") return review_subject_access(world.rbac, document);
    if (kind == "SelfSubjectAccessReview") return review_self_access(world.rbac, who, document);
    if (kind == "SelfSubjectRulesReview") return review_self_rules(world.rbac, who, document);
    if (kind == "SelfSubjectReview") return review_self(who, world.env.now());
    return review_local_access(world.rbac, document, "default");
  }
};

TEST_F(RecordedAnswers, ReviewsAreAnsweredAsARealServerDid) {
  const std::vector<json> rows = recorded("cases.jsonl");
  if (rows.empty()) GTEST_SKIP() << "no recorded answers; set ORRERY_GOLDEN";
  int compared = 0;
  for (const json& row : rows) {
    const std::string path = row["path"];
    if (!path.starts_with("/apis/authorization.k8s.io/") &&
        !path.starts_with("/apis/authentication.k8s.io/")) {
      continue;
    }
    json got = answer_of(review(user_of(row), json::parse(row["body"].get<std::string>())));
    json expected = row["response"];
    if (expected["kind"] == "SelfSubjectRulesReview") {
      sort_rules(got);
      sort_rules(expected);
    }
    EXPECT_TRUE(Comparison().same(expected, got))
        << row["name"] << "\nexpected " << expected << "\ngot      " << got;
    ++compared;
  }
  EXPECT_EQ(compared, 8);
}

TEST_F(RecordedAnswers, RefusalsReadAsARealServersDid) {
  const std::map<std::string, std::string> kAsked{
      {"invalid/anonymous", "list pods in default"},
      {"invalid/alice forbidden list", "list pods in default"},
      {"invalid/alice forbidden create", "create pods in default"},
      {"invalid/alice forbidden cluster", "get nodes x"},
      {"invalid/alice nonresource", "get /metrics"},
  };
  const std::vector<json> rows = recorded("cases.jsonl");
  if (rows.empty()) GTEST_SKIP() << "no recorded answers; set ORRERY_GOLDEN";
  std::size_t compared = 0;
  for (const json& row : rows) {
    const auto asked = kAsked.find(row["name"].get<std::string>());
    if (asked == kAsked.end()) continue;
    const bool anonymous = asked->first == "invalid/anonymous";
    const RequestAttributes a =
        request(anonymous ? user("system:anonymous", {"system:unauthenticated"}) : user_of(row),
                asked->second);
    const Decision decision = world.rbac.authorize(a);
    EXPECT_FALSE(decision.allowed);
    const json got = answer_of(forbidden(a, decision.reason));
    EXPECT_TRUE(Comparison().same(row["response"], got)) << row["response"] << "\n" << got;
    ++compared;
  }
  EXPECT_EQ(compared, kAsked.size());
}

TEST_F(RecordedAnswers, TokenRequestsAreAnsweredAsARealServerDid) {
  Comparison comparison;
  std::string token;
  int compared = 0;
  for (const json& sequence : recorded("sequences.jsonl")) {
    if (sequence["name"] != "TokenRequest") continue;
    for (const json& step : sequence["steps"]) {
      const std::string path = step["path"];
      json body = step.value("body", json());
      if (body.is_string()) body = json::parse(body.get<std::string>());
      json got;
      if (path.ends_with("/serviceaccounts")) {
        body["metadata"]["namespace"] = "g-077";
        const api::ObjectRef made = world.put(body.dump());
        comparison.bound["<uid:2>"] = made->meta.uid.str();
        continue;
      }
      if (path.ends_with("/token")) {
        const std::string name = path.find("/nope/") != std::string::npos ? "nope" : "default";
        got = answer_of(accounts.issue("g-077", name, body));
        if (token.empty()) token = got["status"]["token"].get<std::string>();
      } else if (path.ends_with("/selfsubjectreviews")) {
        HttpRequest shown;
        shown.headers = {{"authorization", "Bearer " + token}};
        const Result<User> robot = authenticator.authenticate(shown);
        ASSERT_TRUE(robot.ok());
        got = review_self(*robot, world.env.now());
      } else {
        continue;
      }
      EXPECT_TRUE(comparison.same(step["response"], got))
          << "expected " << step["response"] << "\ngot      " << got;
      ++compared;
    }
  }
  if (token.empty()) GTEST_SKIP() << "no recorded answers; set ORRERY_GOLDEN";
  EXPECT_EQ(compared, 7);
}

}  // namespace
}  // namespace orrery::apiserver
