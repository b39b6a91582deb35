#include "tests/bench/api_load/server_process.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <ctime>
#include <string>

namespace orrery::bench {
namespace {

[[noreturn]] void serve(const test::ApiCredentials& credentials,
                        const test::ServedApiOptions& options,
                        const std::function<void(test::ServedApi&)>& prepare, int port_pipe) {
  {
    test::ServedApi served(credentials, options);
    if (prepare) prepare(served);
    const std::uint16_t port = served.port();
    if (write(port_pipe, &port, sizeof port) == sizeof port) served.run();
  }
  _exit(0);
}

// A line of /proc/PID/status, in bytes.
std::size_t status_line(pid_t process, const char* name) {
  std::FILE* file = std::fopen(fmt::format("/proc/{}/status", process).c_str(), "r");
  if (!file) return 0;
  const std::string format = std::string(name) + ": %zu";
  char line[256];
  std::size_t kilobytes = 0;
  while (std::fgets(line, sizeof line, file)) {
    if (std::sscanf(line, format.c_str(), &kilobytes) == 1) break;
  }
  std::fclose(file);
  return kilobytes * 1024;
}

}  // namespace

ServerProcess::ServerProcess(const test::ApiCredentials& credentials,
                             const test::ServedApiOptions& options,
                             const std::function<void(test::ServedApi&)>& prepare) {
  target_.ca_pem = credentials.authority.certificate_pem();
  target_.certificate_pem = credentials.admin.certificate;
  target_.key_pem = credentials.admin.key;
  int ends[2];
  if (pipe(ends) != 0) return;
  std::fflush(nullptr);
  child_ = fork();
  if (child_ == 0) {
    close(ends[0]);
    serve(credentials, options, prepare, ends[1]);
  }
  close(ends[1]);
  std::uint16_t port = 0;
  if (child_ > 0 && read(ends[0], &port, sizeof port) == sizeof port) target_.port = port;
  close(ends[0]);
}

ServerProcess::~ServerProcess() {
  if (child_ <= 0) return;
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
}

double ServerProcess::cpu_micros() const {
  clockid_t clock;
  timespec time{};
  if (clock_getcpuclockid(child_, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

std::size_t ServerProcess::rss_bytes() const { return status_line(child_, "VmRSS"); }
std::size_t ServerProcess::peak_rss_bytes() const { return status_line(child_, "VmHWM"); }

bool raise_open_files(std::size_t wanted) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  return files.rlim_cur >= wanted;
}

}  // namespace orrery::bench
