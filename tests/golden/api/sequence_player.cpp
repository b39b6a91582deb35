#include "tests/golden/api/sequence_player.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/api/object_codec.h"
#include "core/api/schema/api_table.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/response_body.h"
#include "sim/clock/sim_driver.h"
#include "sim/cluster/local_client.h"
#include "sim/storage/memory_storage.h"
#include "tests/golden/api/request_reader.h"
#include "tests/golden/api/token_match.h"

namespace orrery::test {
namespace {

// What is not compared, and why. All else must be equal.
//   metadata.managedFields     comes with server-side apply
//   metadata.resourceVersion   of a list: that it equals an object's is incidental; it binds tokens
//   the order of keys          in the object that an invalid patch's message quotes is Go's; the
//                              object is compared as JSON, without managedFields
//   a cause like the last      upstream checks metadata up to four times in one update
constexpr const char* kManagedFields = "managedFields";

constexpr Duration kStep = std::chrono::seconds(1);

api::Kinds all_kinds(const api::ApiTable& table) {
  api::Kinds kinds;
  for (const api::ResourceRow& r : table.resources()) {
    kinds.add(r.group, r.version, r.kind, r.plural, r.namespaced);
  }
  return kinds;
}

struct Cluster {
  sim::SimDriver driver{Time{std::chrono::seconds(1'767'225'600)}};
  EventLoop loop{driver};
  Random random{1};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  api::ApiTable table = api::ApiTable::built_in();
  api::Kinds kinds = all_kinds(table);
  sim::MemoryStorage storage{env, {}};
  store::Store store{env, kinds, storage, {}};
  apiserver::ApiServer server{
      env,
      kinds,
      table,
      store,
      {.service_account_tokens = true, .taint_new_nodes = true, .protect_storage = true}};
  sim::LocalClient client{env, server, {}, "golden"};

  Cluster() { server.bootstrap(); }

  Response call(Request request) {
    std::optional<Response> out;
    client.call(std::move(request), [&](Response r) { out = std::move(r); });
    loop.run(loop.now() + kStep);
    CHECK(out.has_value());
    return std::move(*out);
  }
};

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

json comparable(json body) {
  drop_managed_fields(body);
  drop_repeated_causes(body);
  spread_quoted_objects(body);
  return body;
}

struct OpenWatch final : WatchSink {
  void on_events(std::span<const WatchEvent> batch) override {
    for (const WatchEvent& e : batch) {
      static constexpr std::string_view kNames[] = {"ADDED", "MODIFIED", "DELETED", "BOOKMARK"};
      events.push_back({{"type", kNames[static_cast<std::size_t>(e.type)]},
                        {"object", api::encode_object(*kinds, *e.object)}});
      newest = e.revision;
    }
  }
  void on_closed(const Status& why) override {
    events.push_back({{"type", "ERROR"}, {"object", apiserver::status_body(why)}});
  }
  const api::Kinds* kinds = nullptr;
  std::size_t step = 0;
  bool bookmarks = false;
  api::KindId kind{};
  api::Revision newest = 0;
  std::vector<json> events;
  std::unique_ptr<Watch> watch;
};

class Player {
 public:
  Player(const Presets& presets, std::vector<std::string>& out) : out_(out) {
    for (const auto& [token, value] : presets) tokens_.bind(token, value);
  }

  void send_fixture(const json& fixture) {
    RecordedRequest recorded = read(fixture);
    recorded.body = fixture["body"].get<std::string>();
    const Translated request = translate(cluster_.kinds, recorded);
    if (request.problem.empty()) cluster_.call(request.request);
  }

  void play(const json& step, std::size_t number) {
    const Translated translated = translate(cluster_.kinds, read(step));
    if (!translated.problem.empty()) return note(number, translated.problem);
    if (translated.watch) return open(translated, number);
    const Response response = cluster_.call(translated.request);
    compare(step, translated.request, response, number);
  }

  void finish(const json& steps) {
    for (OpenWatch& w : watches_) {
      w.watch.reset();
      if (w.bookmarks) w.events.push_back(bookmark(w));
      const json recorded = comparable(steps[w.step]["watchEvents"]);
      match(recorded, comparable(json(w.events)), w.step, "events");
    }
  }

 private:
  RecordedRequest read(const json& step) {
    RecordedRequest recorded;
    recorded.method = step["method"].get<std::string>();
    recorded.path = tokens_.fill_text(step["path"].get<std::string>());
    recorded.query = read_query(tokens_.fill_text(step.value("query", "")));
    if (step.contains("contentType") && step["contentType"].is_string()) {
      recorded.content_type = step["contentType"].get<std::string>();
    }
    if (!step.contains("body")) return recorded;
    const json& body = step["body"];
    // Texts that are no JSON were recorded as they are, everything else as a value.
    const bool is_raw = body.is_string() && body.get_ref<const std::string&>().starts_with('{');
    recorded.body = is_raw ? body.get<std::string>() : tokens_.fill(body).dump();
    if (body.is_null() && recorded.method != "PATCH") recorded.body.reset();
    return recorded;
  }

  void open(const Translated& translated, std::size_t number) {
    OpenWatch& w = watches_.emplace_back();
    w.kinds = &cluster_.kinds;
    w.step = number;
    w.bookmarks = translated.bookmarks;
    w.kind = translated.watch->kind;
    w.newest = translated.watch->from;
    w.watch = cluster_.client.watch(*translated.watch, w);
    cluster_.loop.run(cluster_.loop.now() + kStep);
  }

  json bookmark(const OpenWatch& w) const {
    const api::KindInfo& info = cluster_.kinds.info(w.kind);
    return {{"type", "BOOKMARK"},
            {"object",
             {{"kind", info.kind.str()},
              {"apiVersion", info.api_version()},
              {"metadata", {{"resourceVersion", std::to_string(w.newest)}}}}}};
  }

  void compare(const json& step, const Request& request, const Response& response,
               std::size_t number) {
    const int code = apiserver::response_code(request, response);
    if (step["status"] != code) {
      note(number, "status " + step["status"].dump() + " is not " + std::to_string(code) + " " +
                       response.status.message());
    }
    json recorded = comparable(step.value("response", json()));
    json answered = comparable(apiserver::response_body(cluster_.kinds, request, response));
    if (recorded.contains("items") && answered.contains("items")) {
      const json version = recorded["metadata"]["resourceVersion"];
      tokens_.match_text(version.get<std::string>(),
                         answered["metadata"]["resourceVersion"].get<std::string>());
      recorded["metadata"].erase("resourceVersion");
      answered["metadata"].erase("resourceVersion");
    }
    match(recorded, answered, number, "");
    std::vector<std::string> warnings;
    for (const std::string& w : response.warnings) warnings.push_back("299 - " + json(w).dump());
    match(step.value("warnings", json::array()), json(warnings), number, "warnings");
  }

  void match(const json& recorded, const json& answered, std::size_t number,
             const std::string& path) {
    std::vector<std::string> differences;
    tokens_.match(recorded, answered, path, differences);
    for (const std::string& d : differences) note(number, d);
  }

  void note(std::size_t number, const std::string& what) {
    out_.push_back("step " + std::to_string(number) + ": " + what);
  }

  Cluster cluster_;
  Tokens tokens_;
  std::deque<OpenWatch> watches_;
  std::vector<std::string>& out_;
};

}  // namespace

std::vector<std::string> play_sequence(const json& sequence, const std::vector<json>& fixtures,
                                       const Presets& presets) {
  std::vector<std::string> differences;
  Player player(presets, differences);
  for (const json& fixture : fixtures) player.send_fixture(fixture);
  const json& steps = sequence["steps"];
  for (std::size_t i = 0; i < steps.size(); ++i) player.play(steps[i], i);
  player.finish(steps);
  return differences;
}

}  // namespace orrery::test
