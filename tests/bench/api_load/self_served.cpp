#include "tests/bench/api_load/self_served.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <ctime>

#include "core/runtime/event_loop.h"
#include "live/http_server/http_server.h"
#include "live/live_driver.h"
#include "tests/bench/api_load/load_run.h"
#include "tests/bench/measure.h"
#include "tests/live/http_server/certificates.h"

namespace orrery::bench {
namespace {

// Answers GETs with a small object; streams events to those who GET /flood as fast as they take
// them, and to those who GET /watch one for each PUT.
class EchoHandler final : public HttpHandler {
 public:
  explicit EchoHandler(EventLoop& loop) : loop_(loop) {}

  void handle(std::unique_ptr<HttpExchange> exchange) override {
    const HttpRequest& request = exchange->request();
    if (request.path == "/flood" || request.path == "/watch") {
      auto& streams = request.path == "/flood" ? flooded_ : watching_;
      streams.push_back(exchange->begin({.headers = {{"Content-Type", "application/json"}}}));
      if (&streams == &flooded_ && flooded_.size() == 1) flood();
      return;
    }
    if (request.method == "PUT") {
      for (auto& stream : watching_) stream->write(event_);
    }
    HttpReply reply;
    reply.headers = {{"Audit-Id", "0"}, {"Content-Type", "application/json"}};
    reply.body = request.path == "/large" ? large_ : object_;
    exchange->reply(std::move(reply));
  }

 private:
  void flood() {
    bool full = false;
    for (int i = 0; i < 8; ++i) {
      for (auto& stream : flooded_) stream->write(event_);
    }
    for (auto& stream : flooded_) full |= stream->backlog() > (256 << 10);
    loop_.after(full ? 1ms : 0ms, [this] { flood(); });
  }

  EventLoop& loop_;
  const std::string object_ = std::string(500, 'o');
  const std::string large_ = std::string(10 << 20, 'l');
  const BlobRef event_ = make_ref<const Blob>(std::string(500, 'e') + "\n");
  std::vector<std::unique_ptr<ReplyStream>> flooded_, watching_;
};

[[noreturn]] void serve(const test::Authority& authority, int port_pipe) {
  const test::Signed pair = authority.sign("server", {}, "IP:127.0.0.1");
  {
    LiveDriver driver;
    EventLoop loop(driver);
    EchoHandler handler(loop);
    auto server = HttpServer::listen(driver.io_context(), loop, handler,
                                     {.certificate_pem = pair.certificate, .key_pem = pair.key});
    CHECK(server.ok());
    const std::uint16_t port = (*server)->port();
    CHECK(write(port_pipe, &port, sizeof port) == sizeof port);
    loop.run();
  }
  _exit(0);
}

void print_peak_memory(pid_t child) {
  std::FILE* file = std::fopen(fmt::format("/proc/{}/status", child).c_str(), "r");
  if (!file) return;
  char line[256];
  long peak = 0;
  while (std::fgets(line, sizeof line, file)) std::sscanf(line, "VmHWM: %ld", &peak);
  std::fclose(file);
  fmt::print("{{\"bench\":\"http.server_memory\",\"peak_kb\":{}}}\n", peak);
}

// Processor time of the server: others on the machine do not count.
double server_micros(pid_t child) {
  clockid_t clock;
  timespec time{};
  if (clock_getcpuclockid(child, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

// The runs against one server, each with what it cost the server.
class Runs {
 public:
  Runs(LoadTarget target, pid_t server) : target_(std::move(target)), server_(server) {}

  bool latencies() {
    const std::string put = format_request(target_, "PUT", "/object", "{}");
    report("http.watch_latency_1000", [&] {
      return run_latency(target_, {.connections = 1000,
                                   .path = "/watch",
                                   .request = [&](std::uint64_t) { return put; }});
    });
    return passed_;
  }
  bool rates() {
    get("http.get_8", "/object", 8);
    get("http.get_100", "/object", 100);
    get("http.get_10mb", "/large", 2);
    report("http.watch_flood_100", [&] {
      return run_watches(target_, {.connections = 100, .path = "/flood"});
    });
    return passed_;
  }

 private:
  void get(const std::string& name, const std::string& path, std::size_t connections) {
    const std::string request = format_request(target_, "GET", path);
    report(name, [&] {
      return run_requests(target_, {.connections = connections,
                                    .request = [&](std::uint64_t) { return request; }});
    });
  }
  template <class F>
  void report(const std::string& name, F&& run) {
    const double before = server_micros(server_);
    const LoadResult result = run();
    print_load(name, result);
    print_rate(name + ".server_cpu", result.count, server_micros(server_) - before);
    passed_ &= result.status.ok();
  }

  const LoadTarget target_;
  const pid_t server_;
  bool passed_ = true;
};

}  // namespace

bool bench_transport() {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  const test::Authority authority;
  int ends[2];
  if (pipe(ends) != 0) return false;
  bool passed = true;
  for (bool (Runs::*run)() : {&Runs::latencies, &Runs::rates}) {
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child < 0) return false;
    if (child == 0) serve(authority, ends[1]);
    LoadTarget target{.ca_pem = authority.pem()};
    passed &= read(ends[0], &target.port, sizeof target.port) == sizeof target.port;
    Runs runs(target, child);
    passed = passed && (runs.*run)();
    print_peak_memory(child);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
  close(ends[0]);
  close(ends[1]);
  return passed;
}

}  // namespace orrery::bench
