// AnswerReader: takes HTTP answers apart as their bytes come, as cheaply as a load generator must:
// the status, whether it is whole, and how many lines the body had so far.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace orrery::bench {

class AnswerReader {
 public:
  /// Takes bytes up to the end of one answer; tells how many.
  std::size_t read(std::string_view bytes);
  bool is_done() const { return state_ == State::kDone; }
  bool has_head() const { return state_ != State::kHead; }
  int status() const { return status_; }
  /// Line feeds in the body: a watch's events.
  std::uint64_t lines() const { return lines_; }
  std::uint64_t body_bytes() const { return body_bytes_; }
  void start_next() { *this = {}; }

 private:
  enum class State { kHead, kFixed, kChunkSize, kChunk, kChunkEnd, kUntilClose, kDone };

  std::size_t read_head(std::string_view bytes);
  void parse_head();
  std::size_t read_line(std::string_view bytes);
  std::size_t read_body(std::string_view bytes);

  State state_ = State::kHead;
  std::string text_;  // of the head or line under way
  int status_ = 0;
  std::uint64_t left_ = 0;  // of the body or chunk
  std::uint64_t lines_ = 0, body_bytes_ = 0;
};

}  // namespace orrery::bench
