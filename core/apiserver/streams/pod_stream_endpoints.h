// PodStreamEndpoints: the pod subresources log, exec, attach and portforward. Whoever routes
// requests calls it after authentication, authorization and the look-up of the pod. It owns the
// running sessions: each ends with its client, its process or this object.
//
//     request --> options, container, state of the pod --refused--> Status or text
//                                  `--> upgrade --> StreamSession <--> PodStreams (the kubelet)
#pragma once

#include <map>
#include <memory>

#include "core/api/pod.h"
#include "core/apiserver/streams/query_values.h"
#include "core/apiserver/streams/stream_session.h"
#include "core/ports/http_exchange.h"
#include "core/ports/pod_streams.h"

namespace orrery::apiserver {

class PodStreamEndpoints {
 public:
  static constexpr std::size_t kSessionsMax = 5000;  // more are told 429

  PodStreamEndpoints(EventLoop& loop, PodStreams& pods);
  ~PodStreamEndpoints();

  void serve_log(std::unique_ptr<HttpExchange> exchange, const api::Pod& pod,
                 const QueryValues& query);
  void serve_exec(std::unique_ptr<HttpExchange> exchange, const api::Pod& pod,
                  const QueryValues& query);
  void serve_attach(std::unique_ptr<HttpExchange> exchange, const api::Pod& pod,
                    const QueryValues& query);
  void serve_port_forward(std::unique_ptr<HttpExchange> exchange, const api::Pod& pod,
                          const QueryValues& query);

  std::size_t sessions() const { return sessions_.size(); }

 private:
  struct Anchor;
  void serve_command(std::unique_ptr<HttpExchange> exchange, const api::Pod& pod,
                     const QueryValues& query, bool attach);
  bool has_room(HttpExchange& exchange) const;
  Callback<void()> dropper(std::uint64_t id);
  void add(std::uint64_t id, std::unique_ptr<StreamSession> session);

  EventLoop& loop_;
  PodStreams& pods_;
  std::map<std::uint64_t, std::unique_ptr<StreamSession>> sessions_;
  std::uint64_t next_id_ = 1;
  Ref<Anchor> anchor_;  // outlives this object in tasks that were posted
};

}  // namespace orrery::apiserver
