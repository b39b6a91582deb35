// Port-forward over its three transports. Made by PodStreamEndpoints once the request is found
// good.
//
//     SPDY on a plain upgrade, SPDY in a WebSocket (SPDY/3.1+portforward.k8s.io): pairs of streams,
//         `streamtype: data|error`, tied by `port` and `requestid`; each pair is one connection
//     channels of a WebSocket (?ports=80,443): channel 2i is data, 2i+1 errors; both start with the
//         port in two bytes, little endian; one connection a port
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/apiserver/streams/channel_frames.h"
#include "core/apiserver/streams/stream_session.h"
#include "core/ports/http_exchange.h"
#include "core/ports/pod_streams.h"

namespace orrery::apiserver {

/// Opens a connection to a port of the pod.
using ConnectPort = Callback<std::unique_ptr<PortConnection>(int port, PortSink&)>;

inline constexpr std::string_view kPortForwardProtocol = "portforward.k8s.io";
inline constexpr std::string_view kTunnelProtocol = "SPDY/3.1+portforward.k8s.io";

/// `pod` and `uid` are named in the errors that clients are shown.
struct ForwardedPod {
  std::string pod;
  std::string uid;
};

std::unique_ptr<StreamSession> serve_ports_on_spdy(HttpExchange& exchange, ForwardedPod pod,
                                                   ConnectPort connect, Callback<void()> ended);
/// Null if the client's upgrade is no valid one; it has then been answered. So below.
std::unique_ptr<StreamSession> serve_ports_in_tunnel(HttpExchange& exchange, ForwardedPod pod,
                                                     ConnectPort connect, Callback<void()> ended);
std::unique_ptr<StreamSession> serve_ports_on_channels(HttpExchange& exchange, ForwardedPod pod,
                                                       ChannelProtocol protocol,
                                                       const std::vector<int>& ports,
                                                       ConnectPort connect, Callback<void()> ended);

/// `error forwarding port 80 to pod NAME, uid UID: WHY`
std::string forward_error(const ForwardedPod& pod, int port, const std::string& why);

}  // namespace orrery::apiserver
