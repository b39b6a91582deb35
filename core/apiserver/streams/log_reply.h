// A container's log as the body of a reply: text/plain, piece by piece. Made by PodStreamEndpoints
// once the request is found good; an error of the source before the first byte becomes a Status.
#pragma once

#include <memory>

#include "core/apiserver/streams/stream_session.h"
#include "core/ports/http_exchange.h"
#include "core/ports/pod_streams.h"

namespace orrery::apiserver {

std::unique_ptr<StreamSession> serve_log_reply(std::unique_ptr<HttpExchange> exchange,
                                               PodStreams& pods, PodTarget target,
                                               LogOptions options, Callback<void()> ended);

}  // namespace orrery::apiserver
