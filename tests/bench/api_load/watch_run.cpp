#include <algorithm>
#include <boost/asio/steady_timer.hpp>

#include "tests/bench/api_load/answer_reader.h"
#include "tests/bench/api_load/load_run.h"

namespace orrery::bench {
namespace {

using Steady = std::chrono::steady_clock;

// What a run does at a watch's steps.
struct WatchEvents {
  std::function<void()> on_ready;                        // all have their heads
  std::function<void(std::size_t, std::uint64_t)> on_lines;  // a watch's number, new lines
};

class Watches {
 public:
  Watches(LoadWorld& world, const std::string& path, std::size_t count, WatchEvents events)
      : world_(world), events_(std::move(events)) {
    request_ = format_request(world.target, "GET", path);
    for (std::size_t i = 0; i < count; ++i) watches_.push_back(std::make_unique<Watch>(*this, i));
  }

  void open() {
    for (auto& watch : watches_) watch->connection.open();
  }
  void close() {
    for (auto& watch : watches_) watch->connection.close();
  }
  Status status;
  std::uint64_t bytes = 0;

 private:
  struct Watch {
    Watch(Watches& o, std::size_t n) : owner(o), number(n) {}
    void take(std::string_view text) {
      const bool had_head = reader.has_head();
      const std::uint64_t lines = reader.lines(), size = reader.body_bytes();
      reader.read(text);
      owner.bytes += reader.body_bytes() - size;
      if (!had_head && reader.has_head()) owner.on_head(reader.status());
      if (reader.lines() > lines) owner.events_.on_lines(number, reader.lines() - lines);
    }
    Watches& owner;
    const std::size_t number;
    AnswerReader reader;
    LoadConnection connection{owner.world_,
                              {[this] { connection.send(owner.request_); },
                               [this](std::string_view b) { take(b); },
                               [this] { owner.on_closed(); }}};
  };

  void on_head(int answered) {
    if (answered != 200) {
      status = Status(Reason::kUnknown, "a watch was answered " + std::to_string(answered));
      world_.io.stop();
    }
    if (++with_head_ == watches_.size()) events_.on_ready();
  }
  void on_closed() {
    status = Status(Reason::kServiceUnavailable, "a watch was refused or closed");
    world_.io.stop();
  }

  LoadWorld& world_;
  const WatchEvents events_;
  std::string request_;
  std::size_t with_head_ = 0;
  std::vector<std::unique_ptr<Watch>> watches_;
};

// Writes again and again; each write is done once every watch has seen something of it.
class LatencyRounds {
 public:
  LatencyRounds(LoadWorld& world, const LatencyRun& run)
      : world_(world), run_(run), seen_in_(run.connections, 0) {}

  LoadResult result;

  void start() { writer_.open(); }
  void on_lines(std::size_t watch) {
    if (round_ == 0 || seen_in_[watch] == round_) return;
    seen_in_[watch] = round_;
    result.micros.push_back(static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - sent_at_).count()));
    ++result.count;
    if (++seen_ == run_.connections) next_if_done();
  }

 private:
  void write() {
    if (round_ == run_.rounds) return world_.io.stop();
    seen_ = 0;
    answered_ = false;
    request_ = run_.request(round_++);
    sent_at_ = Steady::now();
    writer_.send(request_);
  }
  void take(std::string_view bytes) {
    reader_.read(bytes);
    if (!reader_.is_done()) return;
    ++result.by_status[reader_.status()];
    reader_.start_next();
    answered_ = true;
    next_if_done();
  }
  // The pause lets late events of this round pass.
  void next_if_done() {
    if (!answered_ || seen_ < run_.connections) return;
    pause_.expires_after(std::chrono::milliseconds(20));
    pause_.async_wait([this](const boost::system::error_code&) { write(); });
  }

  LoadWorld& world_;
  const LatencyRun& run_;
  std::vector<std::uint64_t> seen_in_;
  std::uint64_t round_ = 0;
  std::size_t seen_ = 0;
  bool answered_ = false;
  std::string request_;
  Steady::time_point sent_at_;
  AnswerReader reader_;
  boost::asio::steady_timer pause_{world_.io};
  LoadConnection writer_{world_,
                         {[this] { write(); }, [this](std::string_view b) { take(b); },
                          [this] { world_.io.stop(); }}};
};

}  // namespace

LoadResult run_watches(const LoadTarget& target, const WatchRun& run) {
  auto world = LoadWorld::make(target);
  if (!world.ok()) return {.status = world.status()};
  LoadResult result;
  bool counting = false;
  Steady::time_point start;
  boost::asio::steady_timer end((*world)->io);
  std::uint64_t bytes_before = 0;
  Watches* all = nullptr;
  Watches watches(**world, run.path, run.connections,
                  {[&] {
                     if (run.on_ready) run.on_ready();
                     counting = true;
                     start = Steady::now();
                     bytes_before = all->bytes;
                     end.expires_after(run.duration);
                     end.async_wait(
                         [&](const boost::system::error_code&) { (*world)->io.stop(); });
                   },
                   [&](std::size_t, std::uint64_t lines) {
                     if (counting) result.count += lines;
                   }});
  all = &watches;
  watches.open();
  (*world)->io.run();
  result.seconds = counting ? std::chrono::duration<double>(Steady::now() - start).count() : 0;
  result.bytes = watches.bytes - bytes_before;
  result.status = watches.status;
  return result;
}

LoadResult run_latency(const LoadTarget& target, const LatencyRun& run) {
  auto world = LoadWorld::make(target);
  if (!world.ok()) return {.status = world.status()};
  LatencyRounds rounds(**world, run);
  boost::asio::steady_timer settle((*world)->io);
  Watches watches(**world, run.path, run.connections,
                  {[&] {
                     // What the watches begin with passes first.
                     settle.expires_after(std::chrono::milliseconds(200));
                     settle.async_wait([&](const boost::system::error_code&) { rounds.start(); });
                   },
                   [&](std::size_t watch, std::uint64_t) { rounds.on_lines(watch); }});
  watches.open();
  const auto start = Steady::now();
  (*world)->io.run();
  LoadResult result = std::move(rounds.result);
  result.seconds = std::chrono::duration<double>(Steady::now() - start).count();
  result.bytes = watches.bytes;
  result.status = watches.status;
  if (result.status.ok() && result.count < run.connections * run.rounds) {
    result.status = Status(Reason::kServiceUnavailable, "the writer's connection was closed");
  }
  std::sort(result.micros.begin(), result.micros.end());
  return result;
}

}  // namespace orrery::bench
