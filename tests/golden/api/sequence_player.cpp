#include "tests/golden/api/sequence_player.h"

#include <deque>
#include <memory>
#include <nlohmann/json.hpp>

#include "tests/golden/api/recorded_request.h"
#include "tests/golden/api/wire_world.h"

namespace orrery::test {
namespace {

constexpr int kStep = 100;          // milliseconds between requests
constexpr int kWatchesEnd = 30000;  // all recorded watches are over by then

class Player {
 public:
  Player(const Presets& presets, std::vector<std::string>& out) : out_(out) {
    for (const auto& [token, value] : presets) tokens_.bind(token, value);
  }

  void send_fixture(const json& fixture) {
    Tokens own;
    world_.send(recorded_request(fixture, own));
    world_.run(kStep);
  }

  void play(const json& step, std::size_t number) {
    std::shared_ptr<WireAnswer> answer = world_.send(recorded_request(step, tokens_));
    world_.run(step.contains("watchEvents") ? 1 : kStep);
    if (step.contains("watchEvents")) {
      watches_.push_back({number, answer});
      return;
    }
    const json body = json::parse(answer->body, nullptr, false);
    if (body.is_object() && body.value("kind", "") == "TokenRequest") {
      if (account_.empty()) account_ = body["status"].value("token", "");
      tokens_.bind("<account:1>", account_);
    }
    for (std::string& d : differences_of(step, *answer, tokens_)) note(number, d);
  }

  void finish(const json& steps) {
    world_.run(kWatchesEnd);
    for (const OpenWatch& w : watches_) {
      std::vector<std::string> differences;
      tokens_.match(comparable(steps[w.step]["watchEvents"]), comparable(events_of(*w.answer)),
                    "events", differences);
      for (const std::string& d : differences) note(w.step, d);
    }
  }

 private:
  struct OpenWatch {
    std::size_t step;
    std::shared_ptr<WireAnswer> answer;
  };

  void note(std::size_t number, const std::string& what) {
    out_.push_back("step " + std::to_string(number) + ": " + what);
  }

  WireWorld world_;
  std::string account_;  // the first service-account token that was issued
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
