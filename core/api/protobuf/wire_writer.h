// WireWriter: builds a protobuf message from its end to its front, so that a length is known when
// its prefix is written and nothing is copied twice. Called by the encoders here. The rule: write
// the last field first, and within a field the value first, then its length, then its tag.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "core/api/protobuf/wire_reader.h"

namespace orrery::api {

class WireWriter {
 public:
  explicit WireWriter(std::size_t capacity = 512) : text_(capacity, '\0'), at_(capacity) {}

  /// Bytes written so far; the difference of two marks is the length of what came between.
  std::size_t mark() const { return text_.size() - at_; }

  void raw(std::string_view bytes) {
    reserve(bytes.size());
    at_ -= bytes.size();
    if (!bytes.empty()) std::memcpy(text_.data() + at_, bytes.data(), bytes.size());
  }
  void varint(std::uint64_t value) {
    char buffer[10];
    std::size_t size = 0;
    do {
      const auto more = static_cast<unsigned char>(value > 0x7f ? 0x80 : 0);
      buffer[size++] = static_cast<char>((value & 0x7f) | more);
      value >>= 7;
    } while (value != 0);
    raw({buffer, size});
  }
  void fixed64(std::uint64_t value) {
    char buffer[8];
    for (char& c : buffer) {
      c = static_cast<char>(value & 0xff);
      value >>= 8;
    }
    raw({buffer, sizeof buffer});
  }
  void tag(std::uint32_t field, WireKind kind) {
    varint(std::uint64_t{field} << 3 | static_cast<std::uint64_t>(kind));
  }

  void number_field(std::uint32_t field, std::uint64_t value) {
    varint(value);
    tag(field, WireKind::kVarint);
  }
  void double_field(std::uint32_t field, double value) {
    fixed64(std::bit_cast<std::uint64_t>(value));
    tag(field, WireKind::kFixed64);
  }
  void bytes_field(std::uint32_t field, std::string_view bytes) {
    raw(bytes);
    varint(bytes.size());
    tag(field, WireKind::kBytes);
  }
  /// Closes a message that was begun at `start` (a mark) as the value of `field`.
  void close_field(std::uint32_t field, std::size_t start) {
    varint(mark() - start);
    tag(field, WireKind::kBytes);
  }

  std::string_view text() const { return std::string_view(text_).substr(at_); }
  std::string take() {
    text_.erase(0, at_);
    at_ = 0;
    return std::move(text_);
  }

 private:
  void reserve(std::size_t more) {
    if (more <= at_) return;
    const std::size_t used = mark();
    std::string bigger(std::max(text_.size() * 2, used + more), '\0');
    std::memcpy(bigger.data() + bigger.size() - used, text_.data() + at_, used);
    text_ = std::move(bigger);
    at_ = text_.size() - used;
  }

  std::string text_;
  std::size_t at_;  // the first byte written
};

}  // namespace orrery::api
