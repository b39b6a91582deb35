#include "tests/bench/api_load/answer_reader.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "live/http_server/reply_head.h"

namespace orrery::bench {

std::size_t AnswerReader::read(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ != State::kDone) {
    const std::string_view rest = bytes.substr(taken);
    switch (state_) {
      case State::kHead: taken += read_head(rest); break;
      case State::kChunkSize:
      case State::kChunkEnd: taken += read_line(rest); break;
      default: taken += read_body(rest); break;
    }
  }
  return taken;
}

std::size_t AnswerReader::read_head(std::string_view bytes) {
  const std::size_t before = text_.size();
  text_ += bytes;
  const std::size_t end = text_.find("\r\n\r\n", before > 3 ? before - 3 : 0);
  if (end == std::string::npos) return bytes.size();
  text_.resize(end + 2);
  parse_head();
  text_.clear();
  return end + 4 - before;
}

void AnswerReader::parse_head() {
  std::string_view head = text_;
  status_ = head.size() > 12 ? std::atoi(text_.c_str() + 9) : 0;
  state_ = State::kUntilClose;
  for (std::size_t line = head.find("\r\n"); line + 2 < head.size();
       line = head.find("\r\n", line + 2)) {
    const std::string_view rest = head.substr(line + 2);
    if (is_same_ignoring_case(rest.substr(0, 15), "content-length:")) {
      left_ = std::strtoull(rest.data() + 15, nullptr, 10);
      state_ = left_ == 0 ? State::kDone : State::kFixed;
    } else if (is_same_ignoring_case(rest.substr(0, 26), "transfer-encoding: chunked")) {
      state_ = State::kChunkSize;
    }
  }
  if (status_ == 204 || status_ == 304) state_ = State::kDone;
}

// The line with a chunk's size, or the empty one behind a chunk.
std::size_t AnswerReader::read_line(std::string_view bytes) {
  const std::size_t end = bytes.find('\n');
  text_ += bytes.substr(0, end);
  if (end == std::string_view::npos) return bytes.size();
  if (state_ == State::kChunkEnd) {
    state_ = left_ == 0 ? State::kDone : State::kChunkSize;
  } else {
    left_ = 0;
    std::from_chars(text_.data(), text_.data() + text_.size(), left_, 16);
    state_ = left_ == 0 ? State::kChunkEnd : State::kChunk;
  }
  text_.clear();
  return end + 1;
}

std::size_t AnswerReader::read_body(std::string_view bytes) {
  if (state_ != State::kUntilClose) bytes = bytes.substr(0, left_);
  lines_ += static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
  body_bytes_ += bytes.size();
  if (state_ == State::kUntilClose) return bytes.size();
  left_ -= bytes.size();
  if (left_ == 0) {
    if (state_ == State::kFixed) {
      state_ = State::kDone;
    } else {
      state_ = State::kChunkEnd;
      left_ = 1;  // not the last chunk
    }
  }
  return bytes.size();
}

}  // namespace orrery::bench
