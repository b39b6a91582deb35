// WireReader: walks the fields of one protobuf message. Called by the decoders here. `next` gives
// false at the end and at the first fault; ask `ok` after the loop. Views point into the text
// given.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace orrery::api {

enum class WireKind : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

class WireReader {
 public:
  explicit WireReader(std::string_view text) : rest_(text) {}

  /// Reads the next field: its number, kind and value (varint and fixed in `number`, else `bytes`).
  bool next() {
    if (rest_.empty() || !ok_) return false;
    std::uint64_t tag = 0;
    if (!varint(tag) || tag > 0xffffffffU || (tag >> 3) == 0) return ok_ = false;
    field_ = static_cast<std::uint32_t>(tag >> 3);
    kind_ = static_cast<WireKind>(tag & 7);
    return ok_ = read_value();
  }
  bool ok() const { return ok_; }
  std::uint32_t field() const { return field_; }
  WireKind kind() const { return kind_; }
  std::uint64_t number() const { return number_; }
  std::string_view bytes() const { return bytes_; }

  /// One varint of a packed list; false at the end and at a fault.
  bool next_packed() {
    if (rest_.empty() || !ok_) return false;
    return ok_ = varint(number_);
  }

 private:
  bool varint(std::uint64_t& out) {
    out = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      out |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return shift < 63 || byte <= 1;
    }
    return false;
  }

  bool fixed(std::size_t size) {
    if (rest_.size() < size) return false;
    number_ = 0;
    for (std::size_t i = size; i-- > 0;) {
      number_ = number_ << 8 | static_cast<unsigned char>(rest_[i]);
    }
    rest_.remove_prefix(size);
    return true;
  }

  bool read_value() {
    switch (kind_) {
      case WireKind::kVarint:
        return varint(number_);
      case WireKind::kFixed64:
        return fixed(8);
      case WireKind::kFixed32:
        return fixed(4);
      case WireKind::kBytes: {
        std::uint64_t size = 0;
        if (!varint(size) || size > rest_.size()) return false;
        bytes_ = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
      }
    }
    return false;  // groups: no Kubernetes type has one
  }

  std::string_view rest_;
  std::string_view bytes_;
  std::uint64_t number_ = 0;
  std::uint32_t field_ = 0;
  WireKind kind_ = WireKind::kVarint;
  bool ok_ = true;
};

}  // namespace orrery::api
