#include "tests/bench/api_load/api_server_bench.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "core/api/config.h"
#include "tests/bench/api_load/load_run.h"
#include "tests/bench/api_load/server_process.h"
#include "tests/bench/measure.h"

namespace orrery::bench {
namespace {

using test::ServedApi;

constexpr const char* kConfigMaps = "/api/v1/namespaces/default/configmaps";
constexpr const char* kPods = "/api/v1/namespaces/default/pods";
constexpr const char* kTable =
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
constexpr std::size_t kConnections = 8, kListed = 5000, kWatchers = 100, kManyWatchers = 1000;
constexpr std::size_t kManyPods = 150'000, kManyConnections = 10'000;

const test::ApiCredentials& credentials() {
  static const test::ApiCredentials made = test::ApiCredentials::make();
  return made;
}

template <class F>
LoadResult report(const std::string& name, const ServerProcess& server, F&& run) {
  const double before = server.cpu_micros();
  LoadResult result = run();
  print_load(name, result);
  print_rate(name + ".server_cpu", std::max<std::size_t>(result.count, 1),
             server.cpu_micros() - before);
  for (const auto& [status, count] : result.by_status) {
    if (status < 400) continue;
    result.status = Status(Reason::kUnknown, fmt::format("{} answers were {}", count, status));
    fmt::print(stderr, "error: {}: {}\n", name, result.status.message());
  }
  return result;
}

void print_bytes(const char* name, std::size_t bytes) {
  fmt::print("{{\"bench\":\"{}\",\"bytes\":{},\"mib\":{:.1f}}}\n", name, bytes,
             static_cast<double>(bytes) / (1 << 20));
  std::fflush(stdout);
}

std::string with_header(std::string request, const std::string& header) {
  const std::size_t line = request.find("\r\n") + 2;
  return request.insert(line, header + "\r\n");
}

bool requests(const char* name, const ServerProcess& server,
              std::function<std::string(std::uint64_t)> request,
              std::size_t connections = kConnections) {
  const LoadResult result = report(name, server, [&] {
    return run_requests(server.target(),
                        {.connections = connections, .request = std::move(request)});
  });
  return result.status.ok();
}

bool creates() {
  const ServerProcess server(credentials(), {});
  const LoadTarget& target = server.target();
  bool passed = requests("api.create_configmap", server, [&](std::uint64_t n) {
    return format_request(target, "POST", kConfigMaps,
                          test::config_map_json(fmt::format("c{}", n)));
  });
  passed &= requests("api.create_pod", server, [&](std::uint64_t n) {
    return format_request(target, "POST", kPods, test::pod_json(fmt::format("p{}", n)));
  });
  return passed;
}

bool gets() {
  const ServerProcess server(credentials(), {}, [](ServedApi& api) { api.add_running_pods(1000); });
  bool passed = true;
  for (const bool varied : {false, true}) {
    passed &= requests(varied ? "api.get_1000_pods" : "api.get", server, [&](std::uint64_t n) {
      return format_request(server.target(), "GET",
                            fmt::format("{}/pod-{:06}", kPods, varied ? n % 1000 : 7));
    });
  }
  return passed;
}

bool lists() {
  const ServerProcess server(credentials(), {},
                             [](ServedApi& api) { api.add_running_pods(kListed); });
  const std::string plain = format_request(server.target(), "GET", kPods);
  const std::string table = with_header(plain, std::string("Accept: ") + kTable);
  bool passed = requests("api.list_5000_pods", server, [&](std::uint64_t) { return plain; }, 1);
  passed &= requests("api.list_5000_pods_table", server, [&](std::uint64_t) { return table; }, 1);
  return passed;
}

Request config_map_update(const api::ObjectRef& old, std::uint64_t n) {
  auto next = make_ref<api::ConfigMap>(static_cast<const api::ConfigMap&>(*old));
  next->data = {{Text("key"), Text(std::to_string(n))}};
  Request update;
  update.verb = Verb::kUpdate;
  update.kind = next->kind;
  update.namespace_ = next->meta.namespace_;
  update.name = next->meta.name;
  update.object = std::move(next);
  return update;
}

// Changes one ConfigMap again and again, as fast as the watchers take it, once they are there.
class Flood {
 public:
  explicit Flood(ServedApi& api) : api_(api) {
    Request create;
    create.verb = Verb::kCreate;
    create.kind = api::KindId::kConfigMap;
    create.namespace_ = Symbol("default");
    create.body = test::config_map_json("flooded");
    create.field_manager = Text("bench");
    object_ = api_.call(std::move(create)).object;
    CHECK(object_);
    api_.loop().post([this] { turn(); });
  }

 private:
  void turn() {
    const bool waits = api_.front().wire().watches() < kWatchers ||
                       api_.http().stats().backlog > kWatchers * (128 << 10);
    for (int i = 0; i < 8 && !waits; ++i) {
      object_ = api_.call(config_map_update(object_, ++written_)).object;
      CHECK(object_);
    }
    api_.loop().after(waits ? 1ms : 0ms, [this] { turn(); });
  }
  ServedApi& api_;
  api::ObjectRef object_;
  std::uint64_t written_ = 0;
};

bool fan_out() {
  const ServerProcess server(credentials(), {}, [](ServedApi& api) { new Flood(api); });
  const LoadResult result = report("api.watch_fanout", server, [&] {
    return run_watches(server.target(),
                       {.connections = kWatchers, .path = "/api/v1/configmaps?watch=true"});
  });
  return result.status.ok();
}

bool latency() {
  const ServerProcess server(credentials(), {});
  const LoadTarget& target = server.target();
  const auto body = [&](std::uint64_t n) {
    std::string text = test::config_map_json("changed");
    return text.replace(text.find("\"value\""), 7, fmt::format("\"{}\"", n));
  };
  const std::string create =
      format_request(target, "POST", kConfigMaps, test::config_map_json("changed"));
  run_requests(target, {.connections = 1, .count_max = 1, .request = [&](std::uint64_t) {
                          return create;
                        }});
  const LoadResult result = report("api.watch_1000_latency_p99", server, [&] {
    return run_latency(target, {.connections = kManyWatchers,
                                .path = "/api/v1/configmaps?watch=true",
                                .request = [&](std::uint64_t n) {
                                  return format_request(target, "PUT",
                                                        std::string(kConfigMaps) + "/changed",
                                                        body(n));
                                }});
  });
  return result.status.ok();
}

// What kubectl asks for when it starts, so that what the server keeps of it counts.
constexpr const char* kAskedByKubectl[] = {
    "/api", "/apis", "/api/v1", "/apis/apps/v1", "/openapi/v2", "/openapi/v3",
    "/openapi/v3/api/v1", "/openapi/v3/apis/apps/v1", "/api/v1/namespaces/default"};

bool idle_memory() {
  const ServerProcess server(credentials(), {});
  const auto ask = [&](const char* path) {
    const std::string get = format_request(server.target(), "GET", path);
    return run_requests(server.target(), {.connections = 1, .count_max = 1, .request =
                                              [&](std::uint64_t) { return get; }});
  };
  LoadResult result = ask("/api/v1/namespaces/default");
  bool passed = result.status.ok() && result.by_status[200] == 1;
  print_bytes("api.rss_idle", server.rss_bytes());
  for (const char* path : kAskedByKubectl) {
    result = ask(path);
    if (result.by_status[200] == 1) continue;
    fmt::print(stderr, "error: {} was not answered 200\n", path);
    passed = false;
  }
  print_bytes("api.rss_idle_discovered", server.rss_bytes());
  return passed;
}

bool many_pods() {
  const ServerProcess server(credentials(), {},
                             [](ServedApi& api) { api.add_running_pods(kManyPods); });
  const LoadTarget& target = server.target();
  print_bytes("api.rss_150k_pods", server.rss_bytes());
  const std::string page = format_request(target, "GET", "/api/v1/pods?limit=500");
  bool passed = requests("api.list_150k_pods_first_page", server,
                         [&](std::uint64_t) { return page; }, 1);
  passed &= requests("api.get_of_150k_pods", server, [&](std::uint64_t n) {
    return format_request(target, "GET", fmt::format("{}/pod-{:06}", kPods, n * 7919 % kManyPods));
  });
  print_bytes("api.rss_150k_pods_read", server.rss_bytes());
  const LoadResult whole = report("api.list_150k_pods", server, [&] {
    return run_requests(target, {.connections = 1,
                                 .duration = std::chrono::minutes(1),
                                 .count_max = 2,
                                 .request = [&](std::uint64_t) {
                                   return format_request(target, "GET", "/api/v1/pods");
                                 }});
  });
  print_bytes("api.rss_150k_pods_listed", server.rss_bytes());
  print_bytes("api.rss_150k_pods_peak", server.peak_rss_bytes());
  return passed && whole.status.ok();
}

bool many_connections() {
  if (!raise_open_files(kManyConnections + 100)) {
    fmt::print(stderr, "skipped: {} connections need more open files\n", kManyConnections);
    return true;
  }
  const ServerProcess server(credentials(), {}, [](ServedApi& api) { api.add_running_pods(1000); });
  print_bytes("api.rss_no_connections", server.rss_bytes());
  const std::string path = std::string(kPods) + "/pod-000007";
  const std::string get = format_request(server.target(), "GET", path);
  const double before = server.cpu_micros();
  bool passed = false;
  const auto while_open = [&] {
    print_rate("api.connect_10000.server_cpu", kManyConnections, server.cpu_micros() - before);
    print_bytes("api.rss_10000_connections", server.rss_bytes());
    passed = requests("api.get_beside_10000", server, [&](std::uint64_t) { return get; });
  };
  const LoadResult idle = run_idle(
      server.target(),
      {.connections = kManyConnections, .path = path, .on_ready = while_open});
  print_load("api.connect_10000", idle);
  return passed && idle.status.ok();
}

struct Run {
  const char* name;
  bool (*run)();
};
constexpr Run kRuns[] = {{"create", creates},       {"get", gets},
                         {"list", lists},           {"fanout", fan_out},
                         {"latency", latency},      {"idle", idle_memory},
                         {"150k-pods", many_pods},  {"10000-connections", many_connections}};

// In a process of its own: what this one has allocated would count for the servers of later runs.
bool run_apart(const Run& run) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) return false;
  if (child == 0) {
    const bool passed = run.run();
    std::fflush(nullptr);
    _exit(passed ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

std::vector<std::string> api_server_runs() {
  std::vector<std::string> names;
  for (const Run& r : kRuns) names.emplace_back(r.name);
  return names;
}

bool bench_api_server(const std::vector<std::string>& only) {
  raise_open_files(0);
  bool passed = true;
  for (const Run& r : kRuns) {
    const bool asked = only.empty() || std::find(only.begin(), only.end(), r.name) != only.end();
    if (asked && !run_apart(r)) {
      fmt::print(stderr, "error: the run {} failed\n", r.name);
      passed = false;
    }
  }
  return passed;
}

}  // namespace orrery::bench
