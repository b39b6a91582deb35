// Remote commands (exec and attach) over their two transports: channels of a WebSocket and streams
// of a SPDY connection. Made by PodStreamEndpoints once the request is found good.
//
//     client --stdin, resize--> session --> ExecSession (PodStreams)
//            <--stdout, stderr, error(how it ended)-- session <-- ExecSink
#pragma once

#include <memory>
#include <string>

#include "core/apiserver/streams/channel_frames.h"
#include "core/apiserver/streams/stream_session.h"
#include "core/ports/http_exchange.h"
#include "core/ports/pod_streams.h"

namespace orrery::apiserver {

/// Starts the process; called once, when the client's streams are there.
using StartCommand = Callback<std::unique_ptr<ExecSession>(ExecSink&)>;

/// Null if the client's upgrade is no valid one; it has then been answered.
std::unique_ptr<StreamSession> serve_command_on_websocket(EventLoop& loop, HttpExchange& exchange,
                                                          ChannelProtocol protocol,
                                                          ExecStreams streams, StartCommand start,
                                                          Callback<void()> ended);

/// `protocol`: one of command_protocols().
std::unique_ptr<StreamSession> serve_command_on_spdy(EventLoop& loop, HttpExchange& exchange,
                                                     std::string protocol, ExecStreams streams,
                                                     StartCommand start, Callback<void()> ended);

/// What X-Stream-Protocol-Version may name for exec and attach, the newest first.
const std::vector<std::string>& command_protocols();

}  // namespace orrery::apiserver
