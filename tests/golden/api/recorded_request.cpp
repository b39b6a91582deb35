#include "tests/golden/api/recorded_request.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

namespace orrery::test {
namespace {

// What is not compared, and why. All else must be equal.
//   metadata.resourceVersion   of a list: that it equals an object's is incidental; it binds tokens
//   the order of keys          in the object that an invalid patch's message quotes is Go's; the
//                              object is compared as JSON, without managedFields
//   a cause like the last      upstream checks metadata up to four times in one update
//   "code" of a Status         that repeats the status line
constexpr const char* kManagedFields = "managedFields";

void drop_managed_fields(json& value) {
  if (value.is_object()) value.erase(kManagedFields);
  if (!value.is_structured()) return;
  for (json& child : value) drop_managed_fields(child);
}

// ` "" is invalid: patch: Invalid value: "{...}": why` as {"quoted": {...}, "why": ...}; null for
// others.
json quoted_object(const std::string& message) {
  const auto begin = message.find("Invalid value: \"{");
  if (begin == std::string::npos || message.find("apiVersion", begin) == std::string::npos)
    return {};
  std::size_t end = begin + 16;
  while (end < message.size() && message[end] != '"') end += message[end] == '\\' ? 2 : 1;
  const json text = json::parse(message.substr(begin + 15, end - begin - 14), nullptr, false);
  if (!text.is_string()) return {};
  json object = json::parse(text.get<std::string>(), nullptr, false);
  if (object.is_discarded()) return {};
  drop_managed_fields(object);
  return {{"before", message.substr(0, begin)}, {"quoted", object}, {"why", message.substr(end)}};
}

void spread_quoted_objects(json& value) {
  if (value.is_object() && value.contains("message") && value["message"].is_string()) {
    json spread = quoted_object(value["message"].get<std::string>());
    if (!spread.is_null()) value["message"] = std::move(spread);
  }
  if (!value.is_structured()) return;
  for (json& child : value) spread_quoted_objects(child);
}

void drop_repeated_causes(json& body) {
  if (!body.is_object() || !body.contains("details") || !body["details"].contains("causes")) return;
  json& causes = body["details"]["causes"];
  causes.erase(std::unique(causes.begin(), causes.end()), causes.end());
}

// "system:serviceaccount"s rules and the like are sets: their order carries no meaning.
void sort_rules(json& body) {
  if (!body.is_object() || body.value("kind", "") != "SelfSubjectRulesReview") return;
  for (const char* key : {"resourceRules", "nonResourceRules"}) {
    if (!body.contains("status") || !body["status"].contains(key)) continue;
    json& rules = body["status"][key];
    std::sort(rules.begin(), rules.end(),
              [](const json& a, const json& b) { return a.dump() < b.dump(); });
  }
}

bool is_structured_text(const std::string& type) {
  return type.empty() || type.find("json") != std::string::npos;
}

}  // namespace

json comparable(json body) {
  drop_repeated_causes(body);
  spread_quoted_objects(body);
  sort_rules(body);
  return body;
}

HttpRequest recorded_request(const json& line, Tokens& tokens) {
  HttpRequest request;
  request.method = line["method"].get<std::string>();
  request.path = tokens.fill_text(line["path"].get<std::string>());
  if (line.contains("query") && line["query"].is_string()) {
    request.query = tokens.fill_text(line["query"].get<std::string>());
  }
  const auto header = [&](const char* key, const char* name) {
    if (!line.contains(key) || !line[key].is_string()) return;
    const std::string value = line[key].get<std::string>();
    if (!value.empty()) request.headers.push_back({name, value});
  };
  header("contentType", "content-type");
  header("accept", "accept");
  // "alice (groups devs, system:authenticated)": the token is the name.
  const std::string user =
      line.contains("user") && line["user"].is_string() ? line["user"].get<std::string>() : "admin";
  if (!user.starts_with("(no ")) {
    const bool is_account = user == "serviceaccount token";
    request.headers.push_back(
        {"authorization", "Bearer " + (is_account ? tokens.fill_text("<account:1>")
                                                  : user.substr(0, user.find(' ')))});
  }
  request.headers.push_back({"user-agent", "golden/v1"});
  request.remote_address = "127.0.0.1:50000";
  if (!line.contains("body")) return request;
  const json& body = line["body"];
  // Of single cases the text was recorded; of sequences the value, or a text that is an object.
  const bool is_case =
      line.contains("group") || line.value("contentType", json()) == "application/apply-patch+yaml";
  if (body.is_string() && (is_case || body.get_ref<const std::string&>().starts_with('{'))) {
    const auto& text = body.get_ref<const std::string&>();
    const json parsed = json::parse(text, nullptr, false);
    const bool has_tokens =
        text.find("<uid:") != std::string::npos || text.find("<rv") != std::string::npos ||
        text.find("<clusterIP:") != std::string::npos ||
        text.find("<nodePort:") != std::string::npos || text.find("<ts>") != std::string::npos;
    request.body = has_tokens && !parsed.is_discarded() ? tokens.fill(parsed).dump() : text;
  } else if (!body.is_null() || request.method == "PATCH") {
    request.body = tokens.fill(body).dump();
  }
  return request;
}

json events_of(const WireAnswer& answer) {
  json events = json::array();
  std::istringstream in(answer.body);
  for (std::string line; std::getline(in, line);) {
    events.push_back(json::parse(line, nullptr, false));
  }
  return events;
}

std::vector<std::string> differences_of(const json& recorded, const WireAnswer& answer,
                                        Tokens& tokens) {
  std::vector<std::string> differences;
  const json wanted = recorded.value("response", json());
  if (recorded["status"] != answer.status) {
    differences.push_back("status " + recorded["status"].dump() + " is not " +
                          std::to_string(answer.status) + ": " + answer.body.substr(0, 600));
  }
  if (!wanted.is_null() && recorded["method"] != "HEAD") {
    const bool is_json = is_structured_text(answer.header("Content-Type"));
    if (answer.body.empty() && wanted == "") return differences;
    json got = is_json ? json::parse(answer.body, nullptr, false) : json(answer.body);
    if (got.is_discarded()) got = answer.body;
    json left = comparable(wanted), right = comparable(std::move(got));
    if (left.contains("items") && right.contains("items") && left["metadata"].is_object() &&
        left["metadata"].contains("resourceVersion") && right["metadata"].is_object() &&
        right["metadata"].contains("resourceVersion")) {
      const json version = left["metadata"]["resourceVersion"];
      tokens.match_text(version.get<std::string>(),
                        right["metadata"]["resourceVersion"].get<std::string>());
      left["metadata"].erase("resourceVersion");
      right["metadata"].erase("resourceVersion");
    }
    tokens.match(left, right, "", differences);
  }
  tokens.match(recorded.value("warnings", json::array()), json(answer.all("Warning")), "warnings",
               differences);
  return differences;
}

}  // namespace orrery::test
