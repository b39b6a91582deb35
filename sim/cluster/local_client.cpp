#include "sim/cluster/local_client.h"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace orrery::sim {
namespace {

// Events that one delivery carries at most; more follow at the same instant.
constexpr std::size_t kBatchMax = 4096;

}  // namespace

// What requests in flight share; outlives the client until the last of them came home.
struct LocalClient::Line : std::enable_shared_from_this<Line> {
  Line(Env& e, apiserver::ApiServer& s, LinkModel l, std::string_view n)
      : env(e), server(s), link(l), name(n), stream(e.random.stream("link." + std::string(n))) {}

  struct Sent {
    Request request;
    Callback<void(Response)> done;
  };
  struct Answer {
    Response response;
    Callback<void(Response)> done;
  };
  // One direction: items leave in order, each batch of one instant in one event.
  template <class Item>
  struct Lane {
    std::deque<std::pair<Time, Item>> items;
    Time last;
    bool scheduled = false;
  };

  template <class Item, class Deliver>
  void push(Lane<Item>& lane, Item item, Deliver deliver) {
    const Time when = std::max(lane.last, env.now() + link.request.draw(stream));
    lane.last = when;
    lane.items.emplace_back(when, std::move(item));
    if (!lane.scheduled) arm(lane, deliver);
  }
  template <class Item, class Deliver>
  void arm(Lane<Item>& lane, Deliver deliver) {
    lane.scheduled = true;
    env.loop.at(lane.items.front().first, [self = shared_from_this(), &lane, deliver] {
      lane.scheduled = false;
      const Time now = self->env.now();
      while (self->alive && !lane.items.empty() && lane.items.front().first <= now) {
        Item item = std::move(lane.items.front().second);
        lane.items.pop_front();
        deliver(*self, std::move(item));
      }
      if (self->alive && !lane.items.empty() && !lane.scheduled) self->arm(lane, deliver);
    });
  }

  static void to_server(Line& line, Sent sent) {
    line.server.handle(
        std::move(sent.request),
        [self = line.shared_from_this(), done = std::move(sent.done)](Response response) mutable {
          if (!self->alive) return;
          self->push(self->answers, Answer{std::move(response), std::move(done)}, &Line::to_caller);
        });
  }
  static void to_caller(Line&, Answer answer) {
    if (answer.done) answer.done(std::move(answer.response));
  }

  Env& env;
  apiserver::ApiServer& server;
  LinkModel link;
  Symbol name;
  RandomStream& stream;
  bool alive = true;
  Lane<Sent> requests;
  Lane<Answer> answers;
};

// Woken by the server when there is something to read; reads it one link latency later, in batches.
class LocalClient::LocalWatch final : public Watch {
 public:
  LocalWatch(std::shared_ptr<Line> line, WatchSink& sink) : line_(std::move(line)), sink_(sink) {}
  ~LocalWatch() override {
    line_->env.loop.cancel(timer_);
    *alive_ = false;
  }

  void open(WatchRequest request) {
    Result<std::unique_ptr<apiserver::ServerWatch>> opened =
        line_->server.watch(std::move(request), [this] { schedule(); });
    if (!opened.ok()) {
      closed_ = opened.status();
    } else {
      stream_ = std::move(*opened);
    }
    schedule();
  }

 private:
  void schedule() {
    if (timer_) return;
    const Duration latency = line_->link.watch.draw(line_->stream);
    timer_ = line_->env.loop.after(latency, [this] {
      timer_ = {};
      deliver();
    });
  }

  void deliver() {
    const auto alive = alive_;
    if (stream_) {
      std::vector<WatchEvent> batch;
      closed_ = stream_->read(batch, kBatchMax);
      if (!batch.empty()) {
        sink_.on_events(batch);
        if (!*alive) return;
      }
      if (batch.size() == kBatchMax) {
        timer_ = line_->env.loop.at(line_->env.now(), [this] {
          timer_ = {};
          deliver();
        });
        return;
      }
    }
    if (!closed_.ok()) {
      stream_.reset();
      const Status why = std::exchange(closed_, Status());
      sink_.on_closed(why);  // may destroy this watch
    }
  }

  std::shared_ptr<Line> line_;
  WatchSink& sink_;
  std::unique_ptr<apiserver::ServerWatch> stream_;
  TimerId timer_;
  Status closed_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

LocalClient::LocalClient(Env& env, apiserver::ApiServer& server, LinkModel link,
                         std::string_view name)
    : line_(std::make_shared<Line>(env, server, link, name)) {}

LocalClient::~LocalClient() { line_->alive = false; }

void LocalClient::call(Request request, Callback<void(Response)> done) {
  request.user_agent = line_->name;
  line_->push(line_->requests, Line::Sent{std::move(request), std::move(done)}, &Line::to_server);
}

std::unique_ptr<Watch> LocalClient::watch(WatchRequest request, WatchSink& sink) {
  auto watch = std::make_unique<LocalWatch>(line_, sink);
  watch->open(std::move(request));
  return watch;
}

}  // namespace orrery::sim
