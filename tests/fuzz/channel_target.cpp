#include "core/apiserver/streams/channel_frames.h"
#include "core/apiserver/streams/query_values.h"
#include "core/apiserver/streams/stream_options.h"
#include "tests/fuzz/targets.h"

namespace orrery::fuzz {
namespace {

using apiserver::ChannelFrame;
using apiserver::ChannelProtocol;

void one_protocol(const ChannelProtocol& protocol, std::string_view message) {
  const Result<ChannelFrame> frame = decode_channel_frame(protocol, message);
  if (!frame.ok() || frame->channel < 0 || frame->close) return;
  demand(frame->bytes.size() < message.size(), "a frame's bytes are fewer than its message's");
  if (protocol.base64 && frame->channel > 9) return;  // no digit: read, but never written
  const std::string written = encode_channel_frame(protocol, frame->channel, frame->bytes);
  const Result<ChannelFrame> again = decode_channel_frame(protocol, written);
  demand(again.ok(), "a written frame can be read", written);
  demand(again->channel == frame->channel && again->bytes == frame->bytes,
         "a written frame is the same", written);
}

}  // namespace

void channel(std::string_view input) {
  one_protocol({"v5.channel.k8s.io", 5, false}, input);
  one_protocol({"v4.channel.k8s.io", 4, false}, input);
  one_protocol({"v4.base64.channel.k8s.io", 4, true}, input);
  if (const auto size = apiserver::read_terminal_size(input)) {
    demand(size->width >= 0 && size->width <= 65535, "a width is a uint16");
  }
  const Result<apiserver::QueryValues> query = apiserver::QueryValues::parse(input);
  if (!query.ok()) return;
  const Result<apiserver::LogQuery> log = apiserver::read_log_query(*query, "p");
  demand(!log.ok() || log->options.tail_lines.value_or(0) >= 0, "a tail has no negative length");
  const auto ports = apiserver::read_ports(*query);
  if (!ports.ok()) return;
  for (const int port : *ports) demand(port > 0 && port < 65536, "a port is a port");
}

}  // namespace orrery::fuzz
