// What the scheduler's own cache costs at the largest size: 100,000 nodes, 1,000,000 bound pods.
#pragma once

namespace orrery::bench {

/// Prints nanoseconds to add a pod, and the cache's heap besides the objects that it shares with
/// the informers: in all, and per pod.
void bench_scheduler_cache();

}  // namespace orrery::bench
