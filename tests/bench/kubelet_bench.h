// bench_kubelet: what kubelets and container models cost at scale: CPU per pod from binding to
// Ready, and memory per steady pod and per idle node. Prints JSON lines; the API is an echo (its
// time is included).
#pragma once

#include <cstddef>

namespace orrery::bench {

void bench_kubelet(std::size_t nodes, std::size_t pods_per_node);

}  // namespace orrery::bench
