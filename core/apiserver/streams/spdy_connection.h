// SpdyConnection: the server's end of a SPDY/3.1 connection: which streams are open in which
// direction, pings, going away. Called by the exec and port-forward sessions, who own it and give
// it the bytes that arrive. Rule: it calls its events only from within receive().
//
// No flow control: the clients of Kubernetes (spdystream) neither keep windows nor announce them.
#pragma once

#include <map>

#include "core/apiserver/streams/spdy_frames.h"
#include "core/base/callback.h"

namespace orrery::apiserver {

class SpdyEvents {
 public:
  /// The client opens a stream: the owner answers with accept() or refuse().
  virtual void on_stream(std::uint32_t stream, const SpdyHeaders& headers) = 0;
  virtual void on_stream_data(std::uint32_t stream, std::string_view bytes) = 0;
  /// The client will send no more on this stream.
  virtual void on_stream_end(std::uint32_t stream) = 0;
  virtual void on_stream_reset(std::uint32_t stream) = 0;
  virtual void on_client_leaving() = 0;

 protected:
  ~SpdyEvents() = default;
};

class SpdyConnection final : private SpdyFrames {
 public:
  static constexpr std::size_t kStreamsMax = 1000;  // open at once; more are refused

  SpdyConnection(SpdyEvents& events, Callback<void(std::string)> out);

  /// False: what came is no SPDY; GOAWAY was sent and the owner should close.
  bool receive(std::string_view bytes);
  void accept(std::uint32_t stream);
  void refuse(std::uint32_t stream);
  /// Nothing happens on a stream whose server side is closed.
  void send(std::uint32_t stream, std::string_view bytes);
  void finish(std::uint32_t stream);
  void reset(std::uint32_t stream);
  /// Ends all streams, says GOAWAY.
  void shut();
  std::size_t streams_open() const { return streams_.size(); }

 private:
  struct Stream {
    bool client_open = true;
    bool server_open = true;
  };
  void on_syn_stream(std::uint32_t id, std::uint8_t flags, SpdyHeaders headers) override;
  void on_syn_reply(std::uint32_t, std::uint8_t, SpdyHeaders) override {}
  void on_headers(std::uint32_t, std::uint8_t, SpdyHeaders) override {}
  void on_rst_stream(std::uint32_t id, std::uint32_t why) override;
  void on_data(std::uint32_t id, std::string_view bytes, bool fin) override;
  void on_ping(std::uint32_t id) override;
  void on_goaway(std::uint32_t last_stream, std::uint32_t why) override;
  void on_settings(const std::vector<SpdySetting>&) override {}
  void on_window_update(std::uint32_t, std::uint32_t) override {}
  void client_ended(std::uint32_t id);

  SpdyEvents& events_;
  Callback<void(std::string)> out_;
  SpdyReader reader_;
  SpdyWriter writer_;
  std::map<std::uint32_t, Stream> streams_;
  std::uint32_t last_stream_ = 0;
  bool shut_ = false;
};

}  // namespace orrery::apiserver
