// RequestReader: bytes of a connection to HttpRequests, by Beast's parser, without a copy between.
// Used by Connection, one reader a connection, which feeds it until a request is whole.
//
//     head --> body --> done --start_next()--> head        failed: the connection must end
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "core/ports/http_exchange.h"

namespace orrery {

class RequestReader {
 public:
  enum class State { kHead, kBody, kDone, kFailed };

  struct Limits {
    std::size_t header_bytes_max;
    std::size_t body_bytes_max;
  };

  explicit RequestReader(const Limits& limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Takes what it can of `bytes` and tells how much; what it leaves comes again with more behind
  /// it. After kDone and kFailed it takes nothing.
  std::size_t read(std::string_view bytes);

  State state() const { return state_; }
  /// What to answer after kFailed: 400, 413 or 431.
  int failure_status() const { return failure_status_; }
  /// Whether the client waits for `100 Continue` before it sends the body; told once.
  bool takes_continue();

  // After kDone.
  HttpRequest take_request();
  bool is_http11() const;
  bool keeps_alive() const;
  void start_next();

 private:
  class Parser;
  void fail(int status);
  bool accept_target(std::string_view target);
  void check_head();

  const Limits limits_;
  HttpRequest request_;
  State state_ = State::kHead;
  int failure_status_ = 400;
  std::size_t head_bytes_ = 0;
  bool awaits_continue_ = false;
  bool keeps_alive_ = false;
  bool is_http11_ = true;
  std::unique_ptr<Parser> parser_;
};

}  // namespace orrery
