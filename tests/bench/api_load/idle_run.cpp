#include <memory>
#include <vector>

#include "tests/bench/api_load/answer_reader.h"
#include "tests/bench/api_load/load_run.h"

namespace orrery::bench {
namespace {

// Handshakes under way at once: more would only wait for each other.
constexpr std::size_t kOpeningMax = 64;

struct IdleLoad {
  LoadWorld& world;
  const std::size_t wanted;
  const std::string request;
  std::size_t opened = 0, answered = 0;
  bool failed = false;
  std::function<void()> open_next;
};

struct IdleClient {
  explicit IdleClient(IdleLoad& l) : load(l) {}
  void take(std::string_view bytes) {
    reader.read(bytes);
    if (!reader.is_done()) return;
    reader.start_next();
    if (++load.answered == load.wanted) return load.world.io.stop();
    load.open_next();
  }
  void closed() {
    load.failed = true;
    load.world.io.stop();
  }
  IdleLoad& load;
  AnswerReader reader;
  LoadConnection connection{load.world,
                            {[this] { connection.send(load.request); },
                             [this](std::string_view b) { take(b); }, [this] { closed(); }}};
};

}  // namespace

LoadResult run_idle(const LoadTarget& target, const IdleRun& run) {
  auto world = LoadWorld::make(target);
  if (!world.ok()) return {.status = world.status()};
  IdleLoad load{**world, run.connections, format_request(target, "GET", run.path), 0, 0, false, {}};
  std::vector<std::unique_ptr<IdleClient>> clients;
  load.open_next = [&] {
    if (load.opened == run.connections) return;
    ++load.opened;
    clients.push_back(std::make_unique<IdleClient>(load));
    clients.back()->connection.open();
  };
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < kOpeningMax; ++i) load.open_next();
  (*world)->io.run();
  LoadResult result;
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.count = load.answered;
  if (load.failed) {
    result.status = Status(Reason::kServiceUnavailable, "a connection was refused or closed");
  } else if (run.on_ready) {
    run.on_ready();
  }
  return result;
}

}  // namespace orrery::bench
