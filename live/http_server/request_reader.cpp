#include "live/http_server/request_reader.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <optional>
#include <utility>

#include "live/http_server/reply_head.h"

namespace orrery {

namespace http = boost::beast::http;

// Room made for a body at once, whatever length the client claims.
constexpr std::uint64_t kReserveMax = 64 << 10;

class RequestReader::Parser final : public http::basic_parser<true> {
 public:
  using Error = boost::beast::error_code;
  using Text = boost::beast::string_view;

  explicit Parser(RequestReader& owner) : owner_(owner) {
    header_limit(static_cast<std::uint32_t>(owner.limits_.header_bytes_max));
    body_limit(owner.limits_.body_bytes_max);
  }

 private:
  static std::string_view view(Text text) { return {text.data(), text.size()}; }

  void on_request_impl(http::verb, Text method, Text target, int version,
                       Error& error) override {
    owner_.is_http11_ = version == 11;
    owner_.request_.method.assign(method.data(), method.size());
    if (!owner_.accept_target(view(target))) error = http::error::bad_target;
  }
  void on_field_impl(http::field, Text name, Text value, Error&) override {
    HttpHeader& header = owner_.request_.headers.emplace_back();
    header.name.assign(name.data(), name.size());
    for (char& c : header.name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    header.value.assign(value.data(), value.size());
  }
  void on_header_impl(Error&) override { owner_.check_head(); }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, Error&) override {
    if (length) owner_.request_.body.reserve(std::min(*length, kReserveMax));
  }
  std::size_t on_body_impl(Text body, Error&) override {
    owner_.request_.body.append(body.data(), body.size());
    return body.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, Error&) override {
    owner_.request_.body.append(body.data(), body.size());
    return body.size();
  }
  void on_response_impl(int, Text, int, Error&) override {}
  void on_chunk_header_impl(std::uint64_t, Text, Error&) override {}
  void on_finish_impl(Error&) override {}

  RequestReader& owner_;
};

RequestReader::RequestReader(const Limits& limits)
    : limits_(limits), parser_(std::make_unique<Parser>(*this)) {}

RequestReader::~RequestReader() = default;

void RequestReader::fail(int status) {
  state_ = State::kFailed;
  failure_status_ = status;
}

// origin-form, absolute-form (of proxies) or "*".
bool RequestReader::accept_target(std::string_view target) {
  if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos &&
                                                     !target.starts_with('/')) {
    const std::size_t slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  if (!target.starts_with('/') && target != "*") return false;
  const std::size_t question = target.find('?');
  request_.path = target.substr(0, question);
  if (question != std::string_view::npos) request_.query = target.substr(question + 1);
  return true;
}

void RequestReader::check_head() {
  keeps_alive_ = parser_->keep_alive();
  awaits_continue_ =
      is_http11_ && is_same_ignoring_case(request_.header("expect"), "100-continue");
  if (is_http11_ && !has_header(request_.headers, "host")) fail(400);  // RFC 9112 3.2
}

std::size_t RequestReader::read(std::string_view bytes) {
  std::size_t taken = 0;
  while ((state_ == State::kHead || state_ == State::kBody) && taken < bytes.size()) {
    boost::beast::error_code error;
    const std::size_t used = parser_->put(
        boost::asio::const_buffer(bytes.data() + taken, bytes.size() - taken), error);
    taken += used;
    if (state_ == State::kFailed) break;
    if (state_ == State::kHead) {
      // Beast has no limit for a head that comes in one piece.
      head_bytes_ += used;
      if (head_bytes_ > limits_.header_bytes_max) {
        fail(431);
        break;
      }
      if (parser_->is_header_done()) {
        state_ = State::kBody;
        parser_->eager(true);
      }
    }
    if (error && error != http::error::need_more) {
      fail(error == http::error::body_limit     ? 413
           : error == http::error::header_limit ? 431
                                                : 400);
    } else if (parser_->is_done()) {
      state_ = State::kDone;
    } else if (error || used == 0) {
      break;
    }
  }
  return taken;
}

bool RequestReader::takes_continue() { return std::exchange(awaits_continue_, false); }

HttpRequest RequestReader::take_request() { return std::move(request_); }

bool RequestReader::is_http11() const { return is_http11_; }

bool RequestReader::keeps_alive() const { return keeps_alive_; }

void RequestReader::start_next() {
  request_ = {};
  state_ = State::kHead;
  awaits_continue_ = false;
  head_bytes_ = 0;
  parser_ = std::make_unique<Parser>(*this);
}

}  // namespace orrery
