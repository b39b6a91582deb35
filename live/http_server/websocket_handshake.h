// The opening handshake of WebSocket (RFC 6455, 4.2). Used by Connection.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/ports/http_exchange.h"

namespace orrery {

/// Sec-WebSocket-Accept for this request; null if it asks for no WebSocket of version 13.
std::optional<std::string> websocket_accept(const HttpRequest& request);

}  // namespace orrery
