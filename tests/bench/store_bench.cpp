#include "tests/bench/store_bench.h"

#include <string>
#include <vector>

#include "core/api/pod.h"
#include "core/base/check.h"
#include "core/store/store.h"
#include "sim/clock/sim_driver.h"
#include "sim/storage/memory_storage.h"
#include "tests/bench/measure.h"

namespace orrery::bench {
namespace {

constexpr std::size_t kBatch = 100;  // changes between two reads of a watch

struct World {
  sim::SimDriver driver{Time{std::chrono::seconds(1'767'225'600)}};
  EventLoop loop{driver};
  Random random{1};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  api::Kinds kinds;
  sim::MemoryStorage storage{env, {}};
  store::Store store{env, kinds, storage, {}};
  std::vector<api::ObjectRef> pods;

  void put(std::size_t i, Ref<api::Pod> pod, api::Revision expected) {
    store.put(std::move(pod), expected, [&](Result<api::ObjectRef> written) {
      CHECK(written.ok());
      pods[i] = std::move(*written);
    });
  }
  void update(std::size_t i) {
    const auto& old = static_cast<const api::Pod&>(*pods[i]);
    put(i, make_ref<api::Pod>(old), old.meta.resource_version);
  }
};

void bench_writes(World& w) {
  api::PodSpec spec;
  spec.containers = {api::Container{.name = Symbol("c"), .image = Symbol("app:1")}};
  const api::Shared<api::PodSpec> shared(spec);
  const std::size_t heap = heap_bytes();
  measure("store.create", w.pods.size(), [&](std::size_t i) {
    auto pod = make_ref<api::Pod>();
    pod->meta.namespace_ = Symbol("default");
    pod->meta.name = Text("web-5d78c9869d-" + std::to_string(i));
    pod->spec = shared;
    w.put(i, std::move(pod), 0);
  });
  fmt::print("{{\"bench\":\"store.memory\",\"pods\":{},\"bytes_per_pod\":{}}}\n", w.pods.size(),
             (heap_bytes() - heap) / w.pods.size());
  measure("store.update", w.pods.size(), [&](std::size_t i) { w.update(i); });
}

void bench_watches(World& w, std::size_t watches) {
  std::vector<std::unique_ptr<store::Subscription>> readers;
  for (std::size_t i = 0; i < watches; ++i) {
    auto reader = w.store.subscribe(api::KindId::kPod, 0, [] {});
    CHECK(reader.ok());
    readers.push_back(std::move(*reader));
  }
  std::size_t read = 0;
  double micros = 0;
  for (std::size_t from = 0; from + kBatch <= w.pods.size(); from += kBatch) {
    for (std::size_t i = 0; i < kBatch; ++i) w.update(from + i);
    const double start = cpu_micros();
    for (auto& reader : readers) {
      while (reader->next()) ++read;
    }
    micros += cpu_micros() - start;
  }
  CHECK(read == w.pods.size() / kBatch * kBatch * watches);
  print_rate("store.watch_delivery", read, micros);
}

}  // namespace

void bench_store(std::size_t pods, std::size_t watches) {
  World w;
  w.pods.resize(pods);
  bench_writes(w);
  bench_watches(w, watches);
  measure("store.remove", pods, [&](std::size_t i) {
    const auto& old = static_cast<const api::Pod&>(*w.pods[i]);
    w.store.remove(make_ref<api::Pod>(old), old.meta.resource_version,
                   [](Result<api::ObjectRef> r) { CHECK(r.ok()); });
  });
}

}  // namespace orrery::bench
