// PodStreams: what the API server asks of whoever runs the pods (the kubelet of the pod's node, or
// the model of a virtual pod): exec, attach, logs and port-forward. Rules as in http_exchange.h:
// all calls happen on the event loop's thread; a sink is never called from within a call that core
// makes; destroying a session, stream or connection ends it (an exec's process is killed) and
// silences its sink.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/status.h"
#include "core/base/symbol.h"
#include "core/base/text.h"
#include "core/base/time.h"
#include "core/base/uid.h"

namespace orrery {

/// One container of one pod. The uid guards against a new pod of the same name.
struct PodTarget {
  Symbol namespace_;
  Text pod;
  Uid uid;
  Symbol container;  // empty for port-forward
};

/// Which streams are wanted. With a tty there is no stderr of its own.
struct ExecStreams {
  bool stdin_ = false;
  bool stdout_ = false;
  bool stderr_ = false;
  bool tty = false;
};

/// How a process ended: by an exit code, or never well started (`error` not empty).
struct ExecExit {
  int code = 0;
  std::string error;  // the runtime's text: `failed to exec in container: ...`
};

class ExecSink {
 public:
  virtual void on_stdout(std::string_view bytes) = 0;
  virtual void on_stderr(std::string_view bytes) = 0;
  virtual void on_exit(const ExecExit& exit) = 0;  // no call comes after it

 protected:
  ~ExecSink() = default;
};

/// A process (exec) or the streams of a container's main process (attach).
class ExecSession {
 public:
  virtual ~ExecSession() = default;
  virtual void write_stdin(std::string_view bytes) = 0;
  virtual void close_stdin() = 0;
  virtual void resize(int width, int height) = 0;
  /// The reader is slow: while paused, output should stay with the process. Bounded sources may
  /// ignore it.
  virtual void set_paused(bool paused) = 0;
};

/// v1.PodLogOptions, checked: numbers are in range, since_seconds and since_time exclude each
/// other.
struct LogOptions {
  bool follow = false;
  bool previous = false;
  bool timestamps = false;
  std::optional<std::int64_t> since_seconds;
  std::optional<Time> since_time;
  std::optional<std::int64_t> tail_lines;
  std::optional<std::int64_t> limit_bytes;
};

class LogSink {
 public:
  virtual void on_log(std::string_view bytes) = 0;
  /// The log is over (ok), or cannot be read. No call comes after it.
  virtual void on_log_end(const Status& why) = 0;

 protected:
  ~LogSink() = default;
};

class LogStream {
 public:
  virtual ~LogStream() = default;
  virtual void set_paused(bool paused) = 0;
};

class PortSink {
 public:
  virtual void on_port_bytes(std::string_view bytes) = 0;
  /// The pod's side has closed. `error` is empty unless the connection failed. No call comes after
  /// it.
  virtual void on_port_closed(const std::string& error) = 0;

 protected:
  ~PortSink() = default;
};

/// A connection to a port of the pod.
class PortConnection {
 public:
  virtual ~PortConnection() = default;
  virtual void write(std::string_view bytes) = 0;
  /// No more bytes from the client; answers may still come.
  virtual void close_write() = 0;
};

class PodStreams {
 public:
  virtual ~PodStreams() = default;
  virtual std::unique_ptr<ExecSession> exec(PodTarget target, std::vector<std::string> command,
                                            ExecStreams streams, ExecSink& sink) = 0;
  virtual std::unique_ptr<ExecSession> attach(PodTarget target, ExecStreams streams,
                                              ExecSink& sink) = 0;
  virtual std::unique_ptr<LogStream> logs(PodTarget target, LogOptions options, LogSink& sink) = 0;
  virtual std::unique_ptr<PortConnection> port_forward(PodTarget target, int port,
                                                       PortSink& sink) = 0;
};

}  // namespace orrery
