// The sending half of Connection: answers into the queue, the queue into the socket.
#include <charconv>

#include "live/http_server/connection.h"
#include "live/http_server/gzip.h"

namespace orrery {
namespace {

// A plain TLS record; what is encrypted before one system call; what leaves before others have
// their turn.
constexpr std::size_t kRecord = 16 << 10, kBatch = 128 << 10, kPumpMax = 2 << 20;
// A stream's queue is sent at once when it is this long, else when the loop comes to rest.
constexpr std::size_t kFlushFrom = 64 << 10;
// Below, head and body of a reply are one piece.
constexpr std::size_t kJoinBelow = 8 << 10;
// When all streams together are over the limit, those with more than this are cut.
constexpr std::size_t kFairBacklog = 1 << 20;

bool has_body(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

void Connection::reply(Turn turn, HttpReply reply) {
  if (!is_turn(turn)) return;
  const Ref<Connection> self(this);
  ++turn_;
  on_closed_ = nullptr;
  queue_reply(std::move(reply));
  end_answer();
}

void Connection::queue_reply(HttpReply reply) {
  std::string_view body = reply.shared ? std::string_view(reply.shared->bytes) : reply.body;
  ReplyHead head{.status = reply.status, .date = server_->date()};
  if (has_header(reply.headers, "connection") || server_->is_stopping() || peer_finished_) {
    for (const HttpHeader& h : reply.headers) {
      if (is_same_ignoring_case(h.name, "connection") && has_token(h.value, "close")) {
        keeps_alive_ = false;
      }
    }
    std::erase_if(reply.headers, [](const HttpHeader& h) {
      return is_same_ignoring_case(h.name, "connection");
    });
    if (server_->is_stopping()) keeps_alive_ = false;
  }
  if (accepts_gzip_ && body.size() > options().gzip_above && has_body(reply.status) &&
      !has_header(reply.headers, "content-encoding")) {
    if (std::string packed = gzip(body); !packed.empty()) {
      reply.body = std::move(packed);
      reply.shared = nullptr;
      body = reply.body;
      head.gzip = true;
    }
  }
  if (has_body(reply.status)) head.content_length = body.size();
  head.connection = !keeps_alive_ ? "close" : is_http11_ ? "" : "keep-alive";
  if (is_head_ || !has_body(reply.status)) body = {};
  const bool joined = body.size() < kJoinBelow;
  std::string text = format_head(head, reply.headers, joined ? body.size() : 0);
  if (joined) text += body;
  queue_.add(std::move(text));
  if (joined) return;
  reply.shared ? queue_.add(reply.shared) : queue_.add(std::move(reply.body));
}

// The answer is in the queue: on to the next request, or to the end.
void Connection::end_answer() {
  if (!keeps_alive_) return finish_when_sent();
  stage_ = Stage::kRequest;
  set_deadline(options().idle_timeout);
  reader_.start_next();
  // Answers of requests that came together leave together.
  input_.empty() ? pump() : server_->flush_later(*this);
  if (stage_ == Stage::kRequest) go_on();
}

Connection::Turn Connection::begin(Turn turn, HttpReply reply) {
  if (!is_turn(turn)) return 0;
  on_closed_ = nullptr;
  is_chunked_ = is_http11_;
  if (!is_http11_ || server_->is_stopping()) keeps_alive_ = false;
  std::erase_if(reply.headers, [](const HttpHeader& h) {
    return is_same_ignoring_case(h.name, "connection");
  });
  queue_.add(format_head({.status = reply.status,
                          .date = server_->date(),
                          .connection = keeps_alive_ ? "" : "close",
                          .chunked = is_chunked_},
                         reply.headers));
  stage_ = Stage::kStream;
  ++turn_;
  queued();
  return turn_;
}

Connection::Turn Connection::switch_protocols(Turn turn, const HttpReply& head) {
  if (!is_turn(turn)) return 0;
  on_closed_ = nullptr;
  keeps_alive_ = false;
  std::vector<HttpHeader> headers = head.headers;
  std::erase_if(headers, [](const HttpHeader& h) {
    return is_same_ignoring_case(h.name, "connection");
  });
  queue_.add(format_head(
      {.status = 101, .date = server_->date(), .connection = "Upgrade"}, headers));
  stage_ = Stage::kRaw;
  ++turn_;
  queued();
  return turn_;
}

void Connection::read_raw(Turn turn, RawReader& reader) {
  if (turn != turn_) return;
  if (stage_ != Stage::kRaw) return reader.on_raw_closed();
  raw_reader_ = &reader;
  if (!input_.empty()) {
    const std::string ahead = std::exchange(input_, {});
    reader.on_raw_bytes(ahead);
  }
  if (peer_finished_ && raw_reader_) {
    raw_reader_ = nullptr;
    reader.on_raw_closed();
  }
  wait_readable();
}

void Connection::write_chunk(Turn turn, const BlobRef& bytes) {
  // An empty chunk would end the body.
  if (!is_turn(turn) || bytes->bytes.empty() || is_head_) return;
  if (!is_chunked_) {
    queue_.add(bytes);
    return queued();
  }
  char size[20];
  char* end = std::to_chars(size, size + 16, bytes->bytes.size(), 16).ptr;
  *end++ = '\r';
  *end++ = '\n';
  queue_.add(std::string_view(size, static_cast<std::size_t>(end - size)));
  queue_.add(bytes);
  queue_.add(std::string_view("\r\n"));
  queued();
}

void Connection::finish_chunks(Turn turn) {
  if (!is_turn(turn)) return;
  const Ref<Connection> self(this);
  ++turn_;
  on_closed_ = nullptr;
  on_drained_ = nullptr;
  if (is_chunked_ && !is_head_) queue_.add(std::string_view("0\r\n\r\n"));
  end_answer();
}

void Connection::write_raw(Turn turn, std::string bytes) {
  if (!is_turn(turn) || stage_ != Stage::kRaw) return;
  queue_.add(std::move(bytes));
  queued();
}

void Connection::finish_raw(Turn turn) {
  if (!is_turn(turn)) return;
  const Ref<Connection> self(this);
  ++turn_;
  raw_reader_ = nullptr;
  finish_when_sent();
}

void Connection::abandon(Turn turn) {
  if (turn != turn_) return;
  const Ref<Connection> self(this);
  ++turn_;
  raw_reader_ = nullptr;
  on_closed_ = nullptr;
  on_drained_ = nullptr;
  cut();
}

void Connection::when_closed(Turn turn, Callback<void()> then) {
  if (turn != turn_) return;
  if (stage_ == Stage::kClosed || peer_finished_) return post_to_core(turn, std::move(then));
  on_closed_ = std::move(then);
}

void Connection::when_drained(Turn turn, Callback<void()> then) {
  if (turn != turn_) return;
  if (backlog() == 0) return post_to_core(turn, std::move(then));
  on_drained_ = std::move(then);
}

void Connection::limit(Turn turn, Duration at_most) {
  if (is_turn(turn)) set_deadline(at_most);
}

bool Connection::is_over_limit() const {
  return backlog() > options().stream_backlog_max ||
         (server_->stats.backlog > options().total_backlog_max && backlog() > kFairBacklog);
}

// Something was added for a stream: it leaves when the loop comes to rest, or now if it is much.
void Connection::queued() {
  if (queue_.size() >= kFlushFrom && !waits_writable_) {
    pump();
  } else {
    server_->flush_later(*this);
    recount();
  }
  if (stage_ == Stage::kClosed || !is_over_limit()) return;
  ++server_->stats.cut_for_backlog;
  close();
}

void Connection::flush() {
  if (waits_writable_) return;
  pump();
  if (stage_ == Stage::kRequest) go_on();  // requests may have waited for this
}

void Connection::recount() {
  const std::size_t now = backlog();
  if (counted_ == 0 && now > 0) last_progress_ = std::chrono::steady_clock::now();
  server_->stats.backlog += now - counted_;
  counted_ = now;
}

// One batch of the queue to the socket; false if the connection broke.
bool Connection::send_some() {
  for (std::size_t batch = 0; batch < kBatch && !queue_.empty();) {
    const std::string_view bytes = queue_.front(kRecord);
    if (!transport_.write(bytes)) return false;
    batch += bytes.size();
    queue_.consume(bytes.size());
  }
  return transport_.flush() != Step::kFailed;
}

void Connection::pump() {
  if (stage_ == Stage::kClosed || stage_ == Stage::kHandshake) return;
  const Ref<Connection> self(this);
  const std::size_t before = backlog();
  if (transport_.pending() > 0 && transport_.flush() == Step::kFailed) return close();
  for (std::size_t sent = 0; transport_.pending() == 0 && !queue_.empty() && sent < kPumpMax;
       sent += kBatch) {
    if (!send_some()) return close();
  }
  after_pump(before);
}

void Connection::after_pump(std::size_t before) {
  recount();
  const std::size_t left = backlog();
  if (left > 0) {
    if (left != before) last_progress_ = std::chrono::steady_clock::now();
    wait_writable();
    return;
  }
  if (on_drained_) post_to_core(turn_, std::exchange(on_drained_, nullptr));
  if (stage_ == Stage::kFinishing) linger();
}

void Connection::wait_writable() {
  if (waits_writable_ || !transport_.is_open()) return;
  waits_writable_ = true;
  transport_.socket().async_wait(
      boost::asio::socket_base::wait_write,
      [self = Ref<Connection>(this)](const boost::system::error_code& error) {
        self->waits_writable_ = false;
        if (error || self->stage_ == Stage::kClosed) return;
        if (self->stage_ == Stage::kHandshake) {
          if (self->transport_.flush() == Step::kFailed) return self->close();
          if (self->transport_.pending() > 0) self->wait_writable();
          return;
        }
        self->pump();
        if (self->stage_ == Stage::kRequest) self->go_on();
      });
}

}  // namespace orrery
