// One HTTP POST over a socket (Boost.Beast), with TLS for https URLs: resolve, connect, handshake,
// write, read. Called by LiveHttpCaller only; the caller runs the io_context.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>

#include "core/ports/http_caller.h"

namespace orrery {

/// Longest answer that is read.
inline constexpr std::uint64_t kHttpAnswerBytesMax = 64ull << 20;

/// Starts the call; `done` runs once on the thread that runs `io`, and never before this returns.
void start_http_call(boost::asio::io_context& io, HttpPost post,
                     std::function<void(Result<HttpAnswer>)> done);

}  // namespace orrery
