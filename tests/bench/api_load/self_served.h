// The transport alone: an HttpServer with an echo behind TLS in a child process, under the load
// generator's runs. What core costs comes on top.
#pragma once

namespace orrery::bench {

/// Prints http.* lines; false if a run failed.
bool bench_transport();

}  // namespace orrery::bench
