// ServerProcess: a ServedApi in a child process, so that its processor time and memory are its own.
// Killed by the destructor.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>

#include "tests/bench/api_load/load_connection.h"
#include "tests/live/served_api/served_api.h"

namespace orrery::bench {

class ServerProcess {
 public:
  /// `prepare` runs in the child before it serves; the constructor returns once it serves.
  ServerProcess(const test::ApiCredentials& credentials, const test::ServedApiOptions& options,
                const std::function<void(test::ServedApi&)>& prepare = {});
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  bool is_running() const { return target_.port != 0; }
  /// As the administrator, by certificate.
  const LoadTarget& target() const { return target_; }
  /// Processor time so far: others on the machine do not count.
  double cpu_micros() const;
  std::size_t rss_bytes() const;
  std::size_t peak_rss_bytes() const;

 private:
  pid_t child_ = -1;
  LoadTarget target_;
};

/// As many open files as the system allows; false if that is fewer than `wanted`.
bool raise_open_files(std::size_t wanted);

}  // namespace orrery::bench
