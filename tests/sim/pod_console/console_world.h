// One pod on a virtual clock, seen through a PodView by hand, and sinks that keep what came.
#pragma once

#include "sim/pod_console/pod_console.h"
#include "tests/core/runtime/fake_driver.h"

namespace orrery::sim {

// Parts of the pod that only JSON can say; in console_world.cpp.
api::RawRef container_extra();
api::RawRef volume_extra();
api::RawRef stdin_extra();

struct FakeView final : PodView {
  Ref<api::Pod> pod;
  int ended_with = -1;
  Ref<const api::Pod> find_pod(Symbol, std::string_view name) override {
    return pod && name == pod->meta.name.view() ? Ref<const api::Pod>(pod) : nullptr;
  }
  std::optional<NamedTexts> config_map(Symbol, std::string_view name) override {
    if (name != "settings") return std::nullopt;
    return NamedTexts{{"colour", "blue"}, {"size", "10"}};
  }
  NamedTexts service_environment(const api::Pod&) override {
    return {{"KUBERNETES_SERVICE_HOST", "10.96.0.1"}};
  }
  std::vector<std::string> resolve(const api::Pod&, std::string_view host) override {
    return host == "web" ? std::vector<std::string>{"10.96.0.7"} : std::vector<std::string>{};
  }
  WebAnswer fetch(const api::Pod&, const WebRequest& request) override {
    if (request.host != "web") return {};
    if (request.port != 80) return {WebAnswer::Outcome::kRefused, 0, {}};
    return {WebAnswer::Outcome::kAnswered, 200, "hello from " + request.path + "\n"};
  }
  void end_container(const api::Pod&, Symbol, int code) override { ended_with = code; }
};

struct Output final : ExecSink {
  std::string out, err, error;
  int code = -1;
  void on_stdout(std::string_view bytes) override { out += bytes; }
  void on_stderr(std::string_view bytes) override { err += bytes; }
  void on_exit(const ExecExit& exit) override {
    code = exit.code;
    error = exit.error;
  }
  bool done() const { return code >= 0; }
};

struct LogText final : LogSink {
  std::string text;
  std::optional<Status> end;
  void on_log(std::string_view bytes) override { text += bytes; }
  void on_log_end(const Status& why) override { end = why; }
};

struct PortText final : PortSink {
  std::string text;
  std::optional<std::string> closed;
  void on_port_bytes(std::string_view bytes) override { text += bytes; }
  void on_port_closed(const std::string& error) override { closed = error; }
};

struct ConsoleWorld {
  static constexpr Time kStart{std::chrono::seconds(1'700'000'000)};
  FakeDriver driver{kStart};
  EventLoop loop{driver};
  FakeView view;
  PodConsole console{loop, view};

  ConsoleWorld() {
    view.pod = make_ref<api::Pod>();
    api::Pod& pod = *view.pod;
    pod.meta.name = "web-0";
    pod.meta.namespace_ = Symbol("default");
    pod.meta.uid = Uid{7, 9};
    pod.node_name = Symbol("n1");
    pod.status.pod_ip = "10.244.0.3";
    api::Container c;
    c.name = Symbol("web");
    c.image = Symbol("nginx:1");
    api::ContainerPort port;
    port.container_port = 80;
    c.ports = {port};
    c.extra = container_extra();
    api::VolumeMount mount;
    mount.name = Symbol("conf");
    mount.mount_path = "/etc/conf";
    c.volume_mounts = {mount};
    pod.spec.edit().containers = {c};
    api::Volume volume;
    volume.name = "conf";
    volume.extra = volume_extra();
    pod.spec.edit().volumes = {volume};
    api::ContainerStatus status;
    status.name = c.name;
    status.state.kind = api::ContainerState::Kind::kRunning;
    status.state.started_at = kStart - std::chrono::hours(1);
    pod.status.container_statuses = {status};
  }

  api::ContainerStatus& status() { return view.pod->status.container_statuses.edit()[0]; }
  PodTarget target() { return {Symbol("default"), "web-0", Uid{7, 9}, Symbol("web")}; }

  /// Runs a command to its end; `input` is all of its stdin.
  Output run(std::vector<std::string> command, std::string_view input = {}) {
    Output output;
    auto session = console.exec(target(), std::move(command), {true, true, true, false}, output);
    session->write_stdin(input);
    session->close_stdin();
    loop.run();
    return output;
  }
  Output sh(const std::string& script, std::string_view input = {}) {
    return run({"sh", "-c", script}, input);
  }
};

}  // namespace orrery::sim
