// A client by hand and pods by hand: exchanges that record what they were answered, streams that
// record what was sent, a PodStreams whose sinks the test drives.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/apiserver/streams/pod_stream_endpoints.h"
#include "core/apiserver/streams/spdy_frames.h"
#include "tests/core/runtime/fake_driver.h"

namespace orrery::apiserver {

/// What a client saw; outlives the exchange.
struct Seen {
  std::vector<HttpReply> replies;
  std::string protocol;               // of the accepted WebSocket
  std::vector<std::string> messages;  // WebSocket messages sent
  int close_code = 0;
  WebSocketSink* socket_sink = nullptr;
  bool socket_alive = false;
  HttpReply switched;
  std::string bytes;  // of a switched connection
  ByteSink* byte_sink = nullptr;
  bool bytes_finished = false;
  HttpReply begun;
  std::string body;
  bool body_finished = false;
  Callback<void()> body_closed;
};

struct FakeSocket final : WebSocket {
  explicit FakeSocket(Seen& s) : seen(s) { seen.socket_alive = true; }
  ~FakeSocket() override { seen.socket_alive = false; }
  void send(std::string bytes, bool) override { seen.messages.push_back(std::move(bytes)); }
  void close(int code, std::string) override { seen.close_code = code; }
  std::size_t backlog() const override { return 0; }
  Seen& seen;
};

struct FakeBytes final : ByteStream {
  explicit FakeBytes(Seen& s) : seen(s) {}
  void write(std::string bytes) override { seen.bytes += bytes; }
  void finish() override { seen.bytes_finished = true; }
  std::size_t backlog() const override { return 0; }
  Seen& seen;
};

struct FakeBody final : ReplyStream {
  explicit FakeBody(Seen& s) : seen(s) {}
  void write(BlobRef bytes) override { seen.body += bytes->bytes; }
  void finish() override { seen.body_finished = true; }
  std::size_t backlog() const override { return 0; }
  void when_drained(Callback<void()>) override {}
  void when_closed(Callback<void()> then) override { seen.body_closed = std::move(then); }
  Seen& seen;
};

struct FakeExchange final : HttpExchange {
  FakeExchange(Seen& s, HttpRequest r) : seen(s), asked(std::move(r)) {}
  const HttpRequest& request() const override { return asked; }
  void reply(HttpReply reply) override { seen.replies.push_back(std::move(reply)); }
  std::unique_ptr<ReplyStream> begin(HttpReply head) override {
    seen.begun = std::move(head);
    return std::make_unique<FakeBody>(seen);
  }
  std::unique_ptr<WebSocket> accept_websocket(std::string protocol, WebSocketSink& sink) override {
    seen.protocol = std::move(protocol);
    seen.socket_sink = &sink;
    return std::make_unique<FakeSocket>(seen);
  }
  std::unique_ptr<ByteStream> switch_protocols(HttpReply head, ByteSink& sink) override {
    seen.switched = std::move(head);
    seen.byte_sink = &sink;
    return std::make_unique<FakeBytes>(seen);
  }
  void when_closed(Callback<void()>) override {}
  Seen& seen;
  HttpRequest asked;
};

/// One exec or connection that the pods were asked for.
struct FakeProcess {
  std::vector<std::string> command;
  ExecStreams streams;
  ExecSink* sink = nullptr;
  std::string stdin_;
  bool stdin_closed = false;
  int width = 0;
  bool alive = true;
};
struct FakePort {
  int port = 0;
  PortSink* sink = nullptr;
  std::string written;
  bool closed = false;
  bool alive = true;
};

struct FakePods final : PodStreams {
  struct Session final : ExecSession {
    explicit Session(FakeProcess& p) : process(p) {}
    ~Session() override { process.alive = false; }
    void write_stdin(std::string_view bytes) override { process.stdin_ += bytes; }
    void close_stdin() override { process.stdin_closed = true; }
    void resize(int width, int) override { process.width = width; }
    void set_paused(bool) override {}
    FakeProcess& process;
  };
  struct Connection final : PortConnection {
    explicit Connection(FakePort& p) : port(p) {}
    ~Connection() override { port.alive = false; }
    void write(std::string_view bytes) override { port.written += bytes; }
    void close_write() override { port.closed = true; }
    FakePort& port;
  };
  struct Log final : LogStream {
    explicit Log(bool& a) : alive(a) { alive = true; }
    ~Log() override { alive = false; }
    void set_paused(bool) override {}
    bool& alive;
  };

  std::unique_ptr<ExecSession> exec(PodTarget, std::vector<std::string> command,
                                    ExecStreams streams, ExecSink& sink) override {
    processes.push_back(std::make_unique<FakeProcess>());
    FakeProcess& p = *processes.back();
    p.command = std::move(command);
    p.streams = streams;
    p.sink = &sink;
    return std::make_unique<Session>(p);
  }
  std::unique_ptr<ExecSession> attach(PodTarget t, ExecStreams streams, ExecSink& sink) override {
    return exec(t, {"(attach)"}, streams, sink);
  }
  std::unique_ptr<LogStream> logs(PodTarget, LogOptions options, LogSink& sink) override {
    log_options = options;
    log_sink = &sink;
    return std::make_unique<Log>(log_alive);
  }
  std::unique_ptr<PortConnection> port_forward(PodTarget, int port, PortSink& sink) override {
    ports.push_back(std::make_unique<FakePort>());
    ports.back()->port = port;
    ports.back()->sink = &sink;
    return std::make_unique<Connection>(*ports.back());
  }

  std::vector<std::unique_ptr<FakeProcess>> processes;
  std::vector<std::unique_ptr<FakePort>> ports;
  LogOptions log_options;
  LogSink* log_sink = nullptr;
  bool log_alive = false;
};

inline api::ContainerStatus running(std::string_view name) {
  api::ContainerStatus status;
  status.name = Symbol(name);
  status.container_id = "sim://1";
  status.state.kind = api::ContainerState::Kind::kRunning;
  return status;
}

/// A running pod "web" in "default" on "n1" with these containers.
inline api::Pod pod_with(std::vector<std::string> containers) {
  api::Pod pod;
  pod.meta.name = "web";
  pod.meta.namespace_ = Symbol("default");
  pod.meta.uid = Uid{1, 2};
  pod.node_name = Symbol("n1");
  for (const std::string& name : containers) {
    api::Container c;
    c.name = Symbol(name);
    pod.spec.edit().containers.edit().push_back(c);
    pod.status.container_statuses.edit().push_back(running(name));
  }
  return pod;
}

struct StreamWorld {
  FakeDriver driver{Time(std::chrono::seconds(1000))};
  EventLoop loop{driver};
  FakePods pods;
  std::unique_ptr<PodStreamEndpoints> endpoints = std::make_unique<PodStreamEndpoints>(loop, pods);
  Seen seen;

  std::unique_ptr<HttpExchange> websocket(std::string protocols) {
    HttpRequest r;
    r.method = "GET";
    r.headers = {{"connection", "keep-alive, Upgrade"}, {"upgrade", "websocket"}};
    if (!protocols.empty()) r.headers.push_back({"sec-websocket-protocol", std::move(protocols)});
    return std::make_unique<FakeExchange>(seen, std::move(r));
  }
  std::unique_ptr<HttpExchange> spdy(std::vector<std::string> versions) {
    HttpRequest r;
    r.method = "POST";
    r.headers = {{"connection", "Upgrade"}, {"upgrade", "SPDY/3.1"}};
    for (std::string& v : versions)
      r.headers.push_back({"x-stream-protocol-version", std::move(v)});
    return std::make_unique<FakeExchange>(seen, std::move(r));
  }
  std::unique_ptr<HttpExchange> plain() {
    return std::make_unique<FakeExchange>(seen, HttpRequest{.method = "GET"});
  }
  static QueryValues query(std::string_view text) { return *QueryValues::parse(text); }
};

/// What a SPDY client got, by stream.
struct SpdyClient final : SpdyFrames {
  SpdyReader reader{*this};
  SpdyWriter writer;
  std::map<std::uint32_t, std::string> data;
  std::map<std::uint32_t, bool> ended;
  std::vector<std::uint32_t> replied, reset, pings;
  bool goaway = false;
  void on_syn_stream(std::uint32_t, std::uint8_t, SpdyHeaders) override {}
  void on_syn_reply(std::uint32_t id, std::uint8_t, SpdyHeaders) override { replied.push_back(id); }
  void on_headers(std::uint32_t, std::uint8_t, SpdyHeaders) override {}
  void on_rst_stream(std::uint32_t id, std::uint32_t) override { reset.push_back(id); }
  void on_data(std::uint32_t id, std::string_view bytes, bool fin) override {
    data[id] += bytes;
    ended[id] |= fin;
  }
  void on_ping(std::uint32_t id) override { pings.push_back(id); }
  void on_goaway(std::uint32_t, std::uint32_t) override { goaway = true; }
  void on_settings(const std::vector<SpdySetting>&) override {}
  void on_window_update(std::uint32_t, std::uint32_t) override {}
};

}  // namespace orrery::apiserver
