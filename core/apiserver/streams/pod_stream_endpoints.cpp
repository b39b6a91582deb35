#include "core/apiserver/streams/pod_stream_endpoints.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/apiserver/streams/container_choice.h"
#include "core/apiserver/streams/log_reply.h"
#include "core/apiserver/streams/port_forwarding.h"
#include "core/apiserver/streams/remote_command.h"
#include "core/apiserver/streams/status_text.h"
#include "core/apiserver/streams/stream_options.h"

namespace orrery::apiserver {
namespace {

constexpr std::string_view kSpdy = "SPDY/3.1";
constexpr std::string_view kVersionHeader = "x-stream-protocol-version";

PodTarget target_of(const api::Pod& pod, Symbol container) {
  return {pod.meta.namespace_, pod.meta.name, pod.meta.uid, container};
}

std::string joined(const std::vector<std::string>& list) {
  return fmt::format("[{}]", fmt::join(list, " "));
}

bool is_websocket(const HttpRequest& request) { return is_upgrade_to(request, "websocket"); }
bool is_spdy(const HttpRequest& request) { return is_upgrade_to(request, kSpdy); }

/// Neither of the two upgrades: told as the API server's proxy does.
bool refuse_plain(HttpExchange& exchange) {
  if (is_websocket(exchange.request()) || is_spdy(exchange.request())) return false;
  exchange.reply(status_reply(bad_request("Upgrade request required")));
  return true;
}

void refuse_websocket_protocols(HttpExchange& exchange, const std::vector<std::string>& offered) {
  exchange.reply(
      text_reply(403, fmt::format("requested protocol(s) are not supported: {}", joined(offered))));
}

/// httpstream.Handshake: the first protocol that both sides know; else the client is told.
std::optional<std::string> choose_spdy_protocol(HttpExchange& exchange,
                                                const std::vector<std::string>& served) {
  const std::vector<std::string> offered = header_list(exchange.request(), kVersionHeader);
  if (offered.empty()) {
    exchange.reply(text_reply(400, "unable to upgrade: X-Stream-Protocol-Version is required"));
    return std::nullopt;
  }
  for (const std::string& one : offered) {
    if (std::find(served.begin(), served.end(), one) != served.end()) return one;
  }
  HttpReply reply = text_reply(
      403, fmt::format("unable to upgrade: unable to negotiate protocol: client supports {}, "
                       "server accepts {}",
                       joined(offered), joined(served)));
  for (const std::string& one : served) {
    reply.headers.push_back({"X-Accepted-Stream-Protocol-Versions", one});
  }
  exchange.reply(std::move(reply));
  return std::nullopt;
}

}  // namespace

struct PodStreamEndpoints::Anchor final : RefCounted {
  PodStreamEndpoints* owner = nullptr;
};

PodStreamEndpoints::PodStreamEndpoints(EventLoop& loop, PodStreams& pods)
    : loop_(loop), pods_(pods), anchor_(make_ref<Anchor>()) {
  anchor_->owner = this;
}

PodStreamEndpoints::~PodStreamEndpoints() { anchor_->owner = nullptr; }

// Sessions end within calls of their own sinks, so they are dropped a turn of the loop later.
Callback<void()> PodStreamEndpoints::dropper(std::uint64_t id) {
  return [this, id] {
    loop_.post([anchor = anchor_, id] {
      if (anchor->owner) anchor->owner->sessions_.erase(id);
    });
  };
}

void PodStreamEndpoints::add(std::uint64_t id, std::unique_ptr<StreamSession> session) {
  if (session) sessions_.emplace(id, std::move(session));
}

bool PodStreamEndpoints::has_room(HttpExchange& exchange) const {
  if (sessions_.size() < kSessionsMax) return true;
  exchange.reply(status_reply(Status(Reason::kTooManyRequests,
                                     "too many streams to pods are open, please try again later",
                                     StatusDetails{.retry_after_seconds = 1})));
  return false;
}

void PodStreamEndpoints::serve_log(std::unique_ptr<HttpExchange> exchange, const api::Pod& pod,
                                   const QueryValues& query) {
  if (!has_room(*exchange)) return;
  Result<LogQuery> log = read_log_query(query, pod.meta.name.view());
  if (!log.ok()) return exchange->reply(status_reply(log.status()));
  const Result<Symbol> container = choose_container(pod, log->container);
  if (!container.ok()) return exchange->reply(status_reply(container.status()));
  if (pod.node_name.empty()) {  // upstream: no location, no content
    HttpReply reply;
    reply.status = 204;
    return exchange->reply(std::move(reply));
  }
  const Status ready = check_log_ready(pod, *container, log->options.previous);
  if (!ready.ok()) return exchange->reply(status_reply(ready));
  const std::uint64_t id = next_id_++;
  add(id, serve_log_reply(std::move(exchange), pods_, target_of(pod, *container), log->options,
                          dropper(id)));
}

void PodStreamEndpoints::serve_exec(std::unique_ptr<HttpExchange> exchange, const api::Pod& pod,
                                    const QueryValues& query) {
  serve_command(std::move(exchange), pod, query, false);
}

void PodStreamEndpoints::serve_attach(std::unique_ptr<HttpExchange> exchange, const api::Pod& pod,
                                      const QueryValues& query) {
  serve_command(std::move(exchange), pod, query, true);
}

void PodStreamEndpoints::serve_command(std::unique_ptr<HttpExchange> exchange, const api::Pod& pod,
                                       const QueryValues& query, bool attach) {
  if (!has_room(*exchange)) return;
  ExecQuery exec = read_exec_query(query);
  const Result<Symbol> container = choose_container(pod, exec.container);
  if (!container.ok()) return exchange->reply(status_reply(container.status()));
  const Status host = check_has_host(pod);
  if (!host.ok()) return exchange->reply(status_reply(host));
  if (refuse_plain(*exchange)) return;
  const Status streams = check_streams(exec.streams);
  if (!streams.ok()) return exchange->reply(text_reply(400, streams.message()));
  const Status running = check_running(pod, *container);
  if (!running.ok()) return exchange->reply(text_reply(500, running.message()));

  StartCommand start = [this, attach, target = target_of(pod, *container),
                        command = std::move(exec.command), wanted = exec.streams](ExecSink& sink) {
    return attach ? pods_.attach(target, wanted, sink) : pods_.exec(target, command, wanted, sink);
  };
  const std::uint64_t id = next_id_++;
  if (is_websocket(exchange->request())) {
    const auto offered = header_list(exchange->request(), "sec-websocket-protocol");
    const auto protocol = choose_channel_protocol(offered, true);
    if (!protocol) return refuse_websocket_protocols(*exchange, offered);
    add(id, serve_command_on_websocket(loop_, *exchange, *protocol, exec.streams, std::move(start),
                                       dropper(id)));
    return;
  }
  const auto protocol = choose_spdy_protocol(*exchange, command_protocols());
  if (!protocol) return;
  add(id, serve_command_on_spdy(loop_, *exchange, *protocol, exec.streams, std::move(start),
                                dropper(id)));
}

void PodStreamEndpoints::serve_port_forward(std::unique_ptr<HttpExchange> exchange,
                                            const api::Pod& pod, const QueryValues& query) {
  if (!has_room(*exchange)) return;
  const Status host = check_has_host(pod);
  if (!host.ok()) return exchange->reply(status_reply(host));
  if (refuse_plain(*exchange)) return;
  ConnectPort connect = [this, target = target_of(pod, Symbol())](int port, PortSink& sink) {
    return pods_.port_forward(target, port, sink);
  };
  const ForwardedPod forwarded{pod.meta.name.str(), pod.meta.uid.str()};
  const std::uint64_t id = next_id_++;
  if (!is_websocket(exchange->request())) {
    if (!choose_spdy_protocol(*exchange, {std::string(kPortForwardProtocol)})) return;
    add(id, serve_ports_on_spdy(*exchange, forwarded, std::move(connect), dropper(id)));
    return;
  }
  const auto offered = header_list(exchange->request(), "sec-websocket-protocol");
  if (std::find(offered.begin(), offered.end(), kTunnelProtocol) != offered.end()) {
    add(id, serve_ports_in_tunnel(*exchange, forwarded, std::move(connect), dropper(id)));
    return;
  }
  const auto protocol = choose_channel_protocol(offered, false);
  if (!protocol) return refuse_websocket_protocols(*exchange, offered);
  const Result<std::vector<int>> ports = read_ports(query);
  if (!ports.ok()) return exchange->reply(text_reply(400, ports.status().message()));
  add(id, serve_ports_on_channels(*exchange, forwarded, *protocol, *ports, std::move(connect),
                                  dropper(id)));
}

}  // namespace orrery::apiserver
