// bench_spread: what PodTopologySpread costs a pod and a node, with the pods of many ReplicaSets on
// many nodes. Prints one JSON line a step; score, normalize and filter are counted by node.
#pragma once

namespace orrery::bench {

/// 50,000 nodes in 4 zones, 400 ReplicaSets of 250 pods, 2,500 feasible nodes a pod.
void bench_spread();

}  // namespace orrery::bench
