// The frames of SPDY/3.1, as kubectl speaks it for port-forward and, without WebSockets, for exec.
// Pure over bytes: SpdyReader cuts what arrives into frames, SpdyWriter makes the bytes of frames.
// Called by SpdyConnection, tests and the fuzz target. Rule: after feed() failed, the reader is
// dead: the zlib state of the headers is lost.
//
//     control: 1|version 15|type 16|flags 8|length 24|...
//     data:    0|stream 31|flags 8|length 24|...
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/apiserver/streams/spdy_headers.h"

namespace orrery::apiserver {

enum SpdyFlag : std::uint8_t { kSpdyFin = 1, kSpdyUnidirectional = 2 };

enum class SpdyReset : std::uint32_t {
  kProtocolError = 1,
  kInvalidStream = 2,
  kRefusedStream = 3,
  kUnsupportedVersion = 4,
  kCancel = 5,
  kInternalError = 6,
  kFlowControlError = 7,
  kStreamInUse = 8,
  kStreamAlreadyClosed = 9,
};

struct SpdySetting {
  std::uint32_t id = 0;  // 24 bits
  std::uint8_t flags = 0;
  std::uint32_t value = 0;
};

/// Receives the frames. All views last only for the length of the call.
class SpdyFrames {
 public:
  virtual void on_syn_stream(std::uint32_t stream, std::uint8_t flags, SpdyHeaders headers) = 0;
  virtual void on_syn_reply(std::uint32_t stream, std::uint8_t flags, SpdyHeaders headers) = 0;
  virtual void on_headers(std::uint32_t stream, std::uint8_t flags, SpdyHeaders headers) = 0;
  virtual void on_rst_stream(std::uint32_t stream, std::uint32_t why) = 0;
  /// A piece of a DATA frame; `fin` with the last piece of one that carries FLAG_FIN.
  virtual void on_data(std::uint32_t stream, std::string_view bytes, bool fin) = 0;
  virtual void on_ping(std::uint32_t id) = 0;
  virtual void on_goaway(std::uint32_t last_stream, std::uint32_t why) = 0;
  virtual void on_settings(const std::vector<SpdySetting>& settings) = 0;
  virtual void on_window_update(std::uint32_t stream, std::uint32_t delta) = 0;

 protected:
  ~SpdyFrames() = default;
};

class SpdyReader {
 public:
  /// Larger control frames end the connection: headers here are a few short words.
  static constexpr std::uint32_t kControlBytesMax = 32 << 10;

  explicit SpdyReader(SpdyFrames& frames) : frames_(frames) {}
  /// Any cut of the bytes gives the same frames. DATA is passed on as it comes, not gathered.
  Status feed(std::string_view bytes);

 private:
  Status start_frame();
  Status control_frame(std::string_view payload);
  Status headers_frame(std::uint32_t type, std::string_view payload);
  Status fixed_frame(std::uint32_t type, std::string_view payload);
  Status settings_frame(std::string_view payload);

  SpdyFrames& frames_;
  SpdyHeaderUnpacker unpacker_;
  std::string gathered_;      // of a frame's head, or a control frame
  std::uint32_t wanted_ = 8;  // bytes until `gathered_` is whole
  bool in_control_ = false;
  std::uint32_t data_stream_ = 0;  // of the DATA frame being passed on
  std::uint32_t data_left_ = 0;
  bool data_fin_ = false;
  bool dead_ = false;
};

class SpdyWriter {
 public:
  static constexpr std::size_t kDataBytesMax = (1 << 24) - 1;  // of one DATA frame

  std::string syn_stream(std::uint32_t stream, std::uint8_t flags, const SpdyHeaders& headers);
  std::string syn_reply(std::uint32_t stream, std::uint8_t flags, const SpdyHeaders& headers);
  std::string headers(std::uint32_t stream, std::uint8_t flags, const SpdyHeaders& headers);
  static std::string rst_stream(std::uint32_t stream, SpdyReset why);
  /// As many frames as it takes; the last one carries `fin`.
  static std::string data(std::uint32_t stream, std::string_view bytes, bool fin);
  static std::string ping(std::uint32_t id);
  static std::string goaway(std::uint32_t last_stream, std::uint32_t why);
  static std::string settings(const std::vector<SpdySetting>& settings);
  static std::string window_update(std::uint32_t stream, std::uint32_t delta);

 private:
  SpdyHeaderPacker packer_;
};

}  // namespace orrery::apiserver
