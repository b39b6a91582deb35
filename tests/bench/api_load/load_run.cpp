#include "tests/bench/api_load/load_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "tests/bench/api_load/answer_reader.h"

namespace orrery::bench {
namespace {

using Steady = std::chrono::steady_clock;

struct Load {
  LoadWorld& world;
  const RequestRun& run;
  LoadResult result{};
  Steady::time_point end{};
  std::uint64_t sent = 0;

  bool wants_more() const {
    return (run.count_max == 0 || sent < run.count_max) && Steady::now() < end;
  }
};

// One connection's closed loop.
struct Worker {
  explicit Worker(Load& l) : load(l) {}

  void next() {
    if (!load.wants_more()) return connection.close();
    request = load.run.request(load.sent++);
    sent_at = Steady::now();
    connection.send(request);
  }
  void take(std::string_view bytes) {
    while (!bytes.empty()) {
      bytes.remove_prefix(reader.read(bytes));
      if (!reader.is_done()) return;
      const auto took = Steady::now() - sent_at;
      load.result.micros.push_back(static_cast<std::uint32_t>(
          std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
      ++load.result.by_status[reader.status()];
      ++load.result.count;
      load.result.bytes += reader.body_bytes();
      reader.start_next();
      next();
    }
  }
  void closed() {
    load.result.status = Status(Reason::kServiceUnavailable, "a connection was refused or closed");
  }

  Load& load;
  AnswerReader reader;
  std::string request;
  Steady::time_point sent_at;
  LoadConnection connection{load.world,
                            {[this] { next(); }, [this](std::string_view b) { take(b); },
                             [this] { closed(); }}};
};

}  // namespace

std::uint32_t LoadResult::quantile(double q) const {
  if (micros.empty()) return 0;
  return micros[static_cast<std::size_t>(q * static_cast<double>(micros.size() - 1))];
}

LoadResult run_requests(const LoadTarget& target, const RequestRun& run) {
  auto world = LoadWorld::make(target);
  if (!world.ok()) return {.status = world.status()};
  Load load{**world, run};
  load.end = Steady::now() + run.duration;
  std::vector<std::unique_ptr<Worker>> workers;
  const auto start = Steady::now();
  for (std::size_t i = 0; i < run.connections; ++i) {
    workers.push_back(std::make_unique<Worker>(load));
    workers.back()->connection.open();
  }
  (*world)->io.run();
  load.result.seconds = std::chrono::duration<double>(Steady::now() - start).count();
  std::sort(load.result.micros.begin(), load.result.micros.end());
  return std::move(load.result);
}

void print_load(const std::string& name, const LoadResult& r) {
  if (!r.status.ok()) {
    fmt::print(stderr, "error: {}: {}\n", name, r.status.message());
  }
  std::uint64_t failed = 0;
  for (const auto& [status, count] : r.by_status) failed += status >= 400 ? count : 0;
  const auto ms = [&](double q) { return r.quantile(q) / 1000.0; };
  fmt::print(
      "{{\"bench\":\"{}\",\"count\":{},\"per_second\":{:.0f},\"p50_ms\":{:.3f},\"p99_ms\":{:.3f},"
      "\"max_ms\":{:.3f},\"mb_per_second\":{:.1f},\"failed\":{}}}\n",
      name, r.count, r.per_second(), ms(0.5), ms(0.99), ms(1),
      r.seconds > 0 ? static_cast<double>(r.bytes) / 1e6 / r.seconds : 0, failed);
  std::fflush(stdout);
}

}  // namespace orrery::bench
