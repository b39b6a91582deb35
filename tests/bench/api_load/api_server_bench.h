// The figures of the real API server (Front behind HttpServer, TLS, over memory), loaded over
// sockets from this process: rates, list times, watch fan-out and latency, memory. Each run has a
// server process of its own.
#pragma once

#include <string>
#include <vector>

namespace orrery::bench {

/// The names that `only` may have.
std::vector<std::string> api_server_runs();
/// All runs, or those whose names are in `only`; one line of JSON a figure. False if one failed.
bool bench_api_server(const std::vector<std::string>& only = {});

}  // namespace orrery::bench
