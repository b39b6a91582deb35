// orrery_bench: runs the benchmarks, each in a process of its own, so that the memory of one does
// not count for the next. One line of JSON a result on stdout, all else on stderr.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/bench/api_bench.h"
#include "tests/bench/api_load/api_server_bench.h"
#include "tests/bench/auth_bench.h"
#include "tests/bench/cache_bench.h"
#include "tests/bench/codec_bench.h"
#include "tests/bench/kubelet_bench.h"
#include "tests/bench/loop_bench.h"
#include "tests/bench/scale_bench.h"
#include "tests/bench/scheduler_bench.h"
#include "tests/bench/spread_bench.h"
#include "tests/bench/store_bench.h"

namespace orrery::bench {
namespace {

constexpr std::size_t kKubeletNodes = 1000, kKubeletPods = 30;

struct Benchmark {
  const char* name;
  const char* what;
  bool (*run)();
  bool only_if_asked = false;
};

const Benchmark kAll[] = {
    {"loop", "timers and posts of the event loop", [] { return bench_loop(), true; }},
    {"codec", "pods to and from JSON; bytes a pod", [] { return bench_codec(), true; }},
    {"store", "writes and watches of the store", [] { return bench_store(), true; }},
    {"apiserver", "writes through the API server", [] { return bench_apiserver(), true; }},
    {"api", "the API server over TLS: rates, lists, watches, memory",
     [] { return bench_api_server(); }},
    {"auth", "questions to RBAC, signatures of tokens", [] { return bench_auth(), true; }},
    {"scheduler", "placing pods on 1,000 to 50,000 nodes", [] { return bench_scheduler(), true; }},
    {"scheduler-cache", "memory of 100,000 nodes and 1,000,000 bound pods",
     [] { return bench_scheduler_cache(), true; }},
    {"spread", "PodTopologySpread on 50,000 nodes", [] { return bench_spread(), true; }},
    {"kubelet", "starting pods on 1,000 nodes",
     [] { return bench_kubelet(kKubeletNodes, kKubeletPods), true; }},
    {"scale-5000", "scenarios/scale-5000.yaml, the whole run",
     [] { return bench_scenario("scenarios/scale-5000.yaml"); }},
    {"scale-million", "scenarios/scale-million.yaml, with --million or --only",
     [] { return bench_scenario("scenarios/scale-million.yaml"); }, true},
};

bool run_apart(const Benchmark& benchmark) {
  fmt::print(stderr, "== {}: {}\n", benchmark.name, benchmark.what);
  const pid_t child = fork();
  if (child < 0) return false;
  if (child == 0) {
    const bool passed = benchmark.run();
    std::fflush(nullptr);
    _exit(passed ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
  fmt::print(stderr, "error: benchmark {} failed\n", benchmark.name);
  return false;
}

}  // namespace
}  // namespace orrery::bench

int main(int argc, char** argv) {
  using orrery::bench::Benchmark;
  using orrery::bench::kAll;
  CLI::App app{"Benchmarks of Orrery: one line of JSON a result. Run it from the project's root."};
  std::vector<std::string> names, only;
  for (const Benchmark& b : kAll) names.push_back(b.name);
  bool list = false, million = false;
  app.add_option("--only", only, "Only these benchmarks; may be given several times")
      ->check(CLI::IsMember(names));
  app.add_flag("--list", list, "Name the benchmarks and stop");
  app.add_flag("--million", million, "Also scale-million: takes minutes and gigabytes");
  app.footer("Examples:\n  scripts/bench --only scheduler\n  scripts/bench --million");
  CLI11_PARSE(app, argc, argv);
  bool passed = true;
  for (const Benchmark& b : kAll) {
    const bool asked = std::find(only.begin(), only.end(), b.name) != only.end();
    if (list) {
      fmt::print("{:<14} {}\n", b.name, b.what);
    } else if (only.empty() ? !b.only_if_asked || million : asked) {
      passed &= orrery::bench::run_apart(b);
    }
  }
  return passed ? 0 : 1;
}
