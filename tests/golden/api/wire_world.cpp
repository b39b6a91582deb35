#include "tests/golden/api/wire_world.h"

#include <nlohmann/json.hpp>

#include "core/api/schema/api_table.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/wire/front.h"
#include "core/base/hash.h"
#include "core/base/log.h"
#include "core/runtime/metrics.h"
#include "sim/clock/sim_driver.h"
#include "sim/storage/memory_storage.h"

namespace orrery::test {
namespace {

api::Kinds all_kinds(const api::ApiTable& table) {
  api::Kinds kinds;
  for (const api::ResourceRow& r : table.resources()) {
    kinds.add(r.group, r.version, r.kind, r.plural, r.namespaced);
  }
  return kinds;
}

class FakeStream final : public ReplyStream {
 public:
  explicit FakeStream(std::shared_ptr<WireAnswer> answer) : answer_(std::move(answer)) {}
  void write(BlobRef bytes) override { answer_->body.append(bytes->bytes); }
  void finish() override { answer_->finished = true; }
  std::size_t backlog() const override { return 0; }
  void when_drained(Callback<void()> then) override { then(); }
  void when_closed(Callback<void()> then) override { closed_ = std::move(then); }

 private:
  std::shared_ptr<WireAnswer> answer_;
  Callback<void()> closed_;
};

class FakeExchange final : public HttpExchange {
 public:
  FakeExchange(HttpRequest request, std::shared_ptr<WireAnswer> answer)
      : request_(std::move(request)), answer_(std::move(answer)) {}
  const HttpRequest& request() const override { return request_; }
  void reply(HttpReply reply) override {
    answer_->status = reply.status;
    answer_->headers = std::move(reply.headers);
    answer_->body = reply.shared ? reply.shared->bytes : std::move(reply.body);
    answer_->finished = true;
  }
  std::unique_ptr<ReplyStream> begin(HttpReply head) override {
    answer_->status = head.status;
    answer_->headers = std::move(head.headers);
    answer_->is_stream = true;
    return std::make_unique<FakeStream>(answer_);
  }
  std::unique_ptr<WebSocket> accept_websocket(std::string, WebSocketSink&) override { return {}; }
  std::unique_ptr<ByteStream> switch_protocols(HttpReply, ByteSink&) override { return {}; }
  void when_closed(Callback<void()> then) override { closed_ = std::move(then); }

 private:
  HttpRequest request_;
  std::shared_ptr<WireAnswer> answer_;
  Callback<void()> closed_;
};

// Good enough for tests: who knows the input knows the signature.
class TestSigner final : public TokenSigner {
 public:
  std::string algorithm() const override { return "RS256"; }
  std::string key_id() const override { return "test"; }
  std::string sign(std::string_view input) override { return signature(input); }
  bool is_signed(std::string_view, std::string_view input, std::string_view given) const override {
    return given == signature(input);
  }
  std::string jwks() const override { return R"({"keys":[]})"; }

 private:
  static std::string signature(std::string_view input) {
    const std::uint64_t hash = hash_text(input);
    return std::string(reinterpret_cast<const char*>(&hash), sizeof hash);
  }
};

apiserver::User user(std::string name, std::vector<std::string> groups) {
  apiserver::User u;
  u.uid = name;
  u.name = std::move(name);
  u.groups = std::move(groups);
  return u;
}

apiserver::Front::Settings settings() {
  apiserver::Front::Settings settings;
  settings.authentication.anonymous = true;
  settings.authentication.tokens = {{"admin", user("admin", {"system:masters"})},
                                    {"alice", user("alice", {"devs"})},
                                    {"bob", user("bob", {})}};
  settings.server_address = "192.0.2.2:36443";
  return settings;
}

}  // namespace

std::string WireAnswer::header(std::string_view name) const {
  for (const HttpHeader& h : headers) {
    if (h.name == name) return h.value;
  }
  return "";
}

std::vector<std::string> WireAnswer::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const HttpHeader& h : headers) {
    if (h.name == name) values.push_back(h.value);
  }
  return values;
}

struct WireWorld::Parts {
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
  apiserver::LoopDelays delays{loop};
  TestSigner signer;
  apiserver::Front front{env, server, store, delays, signer, nullptr, settings()};
};

WireWorld::WireWorld() : parts_(std::make_unique<Parts>()) {
  parts_->server.bootstrap();
  apiserver::Front::bootstrap(parts_->server);
  run(1000);
}

WireWorld::WireWorld(WireWorld&&) noexcept = default;
WireWorld::~WireWorld() = default;

std::shared_ptr<WireAnswer> WireWorld::send(HttpRequest request) {
  auto answer = std::make_shared<WireAnswer>();
  parts_->front.handler().handle(std::make_unique<FakeExchange>(std::move(request), answer));
  run(1);
  return answer;
}

void WireWorld::run(int milliseconds) {
  parts_->loop.run(parts_->loop.now() + std::chrono::milliseconds(milliseconds));
}

}  // namespace orrery::test
