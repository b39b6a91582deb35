// The channel protocols of WebSockets: one byte says which stream the rest of a message belongs to.
// Pure functions over bytes; called by the exec and port-forward sessions.
//
//     version   name                              differs by
//     1         "", channel.k8s.io                errors as text; also v2, v3
//     4         v4.channel.k8s.io                 errors as metav1.Status in JSON
//     5         v5.channel.k8s.io                 message {255, channel} closes a channel
//     base64.*  text messages: digit, then base64
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/ports/http_exchange.h"

namespace orrery::apiserver {

enum Channel : int { kStdin = 0, kStdout = 1, kStderr = 2, kError = 3, kResize = 4 };

struct ChannelProtocol {
  std::string name;  // as negotiated; "" = the client named none
  int version = 1;
  bool base64 = false;
};

/// True for `Connection: Upgrade` with `Upgrade: NAME` (any case).
bool is_upgrade_to(const HttpRequest& request, std::string_view name);
/// All values of a header whose value is a list with commas, in order.
std::vector<std::string> header_list(const HttpRequest& request, std::string_view name);

/// The first protocol of the client's list that is known; none given is version 1. `exec` also
/// knows v2, v3 and v5; port-forward knows only v4 and version 1.
std::optional<ChannelProtocol> choose_channel_protocol(const std::vector<std::string>& offered,
                                                       bool exec);

struct ChannelFrame {
  int channel = -1;  // -1: an empty message, which means nothing
  bool close = false;
  std::string bytes;
};
/// BadRequest for a message that cannot be one.
Result<ChannelFrame> decode_channel_frame(const ChannelProtocol& protocol,
                                          std::string_view message);
std::string encode_channel_frame(const ChannelProtocol& protocol, int channel,
                                 std::string_view bytes);

/// A resize message: {"Width":80,"Height":24}. Nothing where it is none.
struct TerminalSize {
  int width = 0, height = 0;
};
std::optional<TerminalSize> read_terminal_size(std::string_view json);

}  // namespace orrery::apiserver
