// Header blocks of SPDY/3: name-value pairs, compressed by one zlib stream a direction that starts
// with the protocol's dictionary. Called by SpdyReader and SpdyWriter. Rule: blocks are packed and
// unpacked in the order of their frames, since each one builds on those before.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace orrery::apiserver {

struct SpdyHeader {
  std::string name;   // lower case
  std::string value;  // several values are joined by '\0'
  bool operator==(const SpdyHeader&) const = default;
};
using SpdyHeaders = std::vector<SpdyHeader>;

/// The value of this name, or "".
std::string_view find_header(const SpdyHeaders& headers, std::string_view name);
/// The dictionary of SPDY/3 (draft-mbelshe-httpbis-spdy-00, 2.6.10.1): 1,423 bytes.
const std::string& spdy_dictionary();

class SpdyHeaderPacker {
 public:
  SpdyHeaderPacker();
  ~SpdyHeaderPacker();
  std::string pack(const SpdyHeaders& headers);

 private:
  struct Zlib;
  std::unique_ptr<Zlib> zlib_;
};

class SpdyHeaderUnpacker {
 public:
  static constexpr std::size_t kBytesMax = 64 << 10;  // of one block, unpacked

  SpdyHeaderUnpacker();
  ~SpdyHeaderUnpacker();
  /// BadRequest where the block is broken, too large, or a name is empty, not lower case or twice.
  Result<SpdyHeaders> unpack(std::string_view block);

 private:
  struct Zlib;
  std::unique_ptr<Zlib> zlib_;
};

}  // namespace orrery::apiserver
