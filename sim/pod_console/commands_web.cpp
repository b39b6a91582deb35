// Commands that ask the network: wget, curl, nslookup, ping. The answers come from PodView.
#include <fmt/format.h>

#include <array>

#include "sim/pod_console/command.h"

namespace orrery::sim {
namespace {

using Outcome = WebAnswer::Outcome;

struct Url {
  WebRequest request;
  std::string host_port;
};

Url read_url(std::string text) {
  Url url;
  int port = 80;
  if (text.starts_with("http://")) text.erase(0, 7);
  if (text.starts_with("https://")) {
    text.erase(0, 8);
    port = 443;
  }
  const std::size_t slash = std::min(text.find('/'), text.size());
  if (slash < text.size()) url.request.path = text.substr(slash);
  url.host_port = text.substr(0, slash);
  const std::size_t colon = url.host_port.rfind(':');
  url.request.host = url.host_port.substr(0, colon);
  if (colon != std::string::npos) {
    port = 0;
    for (const char c : url.host_port.substr(colon + 1)) {
      if (c < '0' || c > '9' || port > 65535) return url;
      port = port * 10 + (c - '0');
    }
  }
  url.request.port = port;
  return url;
}

int save(Process& p, const std::string& file, const std::string& body) {
  if (file == "-") {
    p.out += body;
    return 0;
  }
  const std::string error = p.scene.files.write(p.path(file), body, false);
  return error.empty() ? 0 : p.fail("can't open '" + file + "': " + error);
}

int run_wget(Process& p) {
  Options options = read_options(p.args, "OTt");
  bool spider = false;
  for (const std::string& arg : p.args) spider |= arg == "--spider";
  if (options.rest.empty()) return p.fail("missing URL");
  const Url url = read_url(options.rest[0]);
  const WebAnswer answer = p.scene.view.fetch(*p.scene.pod, url.request);
  const std::string& host = url.request.host;
  if (answer.outcome == Outcome::kUnknownHost) return p.fail(fmt::format("bad address '{}'", host));
  if (!options.has('q')) p.err += fmt::format("Connecting to {}\n", url.host_port);
  if (answer.outcome == Outcome::kRefused) {
    return p.fail(fmt::format("can't connect to remote host ({}): Connection refused", host));
  }
  if (answer.outcome == Outcome::kTimedOut) return p.fail("download timed out");
  if (answer.status >= 400) {
    return p.fail(fmt::format("server returned error: HTTP/1.1 {}", answer.status));
  }
  if (spider) return 0;
  std::string file = options.has('O') ? options.flags['O'] : "";
  if (file.empty()) {
    file = url.request.path.substr(url.request.path.rfind('/') + 1);
    if (file.empty()) file = "index.html";
    if (!options.has('q')) p.err += fmt::format("saving to '{}'\n", file);
  }
  return save(p, file, answer.body);
}

int run_curl(Process& p) {
  std::vector<std::string> args;
  int saved = 0;
  for (std::size_t i = 0; i < p.args.size(); ++i) {
    if (p.args[i] == "--max-time" || p.args[i] == "--connect-timeout") {
      ++i;
    } else {
      args.push_back(p.args[i] == "--silent" ? "-s" : p.args[i]);
    }
  }
  Options options = read_options(args, "omHXdwA");
  if (options.rest.empty()) return p.fail("try 'curl --help' for more information", 2);
  const Url url = read_url(options.rest[0]);
  const WebAnswer answer = p.scene.view.fetch(*p.scene.pod, url.request);
  const bool quiet = options.has('s') && !options.has('S');
  const auto failed = [&](int code, const std::string& text) {
    return quiet ? code : p.fail(fmt::format("({}) {}", code, text), code);
  };
  const WebRequest& request = url.request;
  if (answer.outcome == Outcome::kUnknownHost) {
    return failed(6, "Could not resolve host: " + request.host);
  }
  if (answer.outcome == Outcome::kRefused) {
    return failed(7, fmt::format("Failed to connect to {} port {}: Connection refused",
                                 request.host, request.port));
  }
  if (answer.outcome == Outcome::kTimedOut) {
    return failed(28, fmt::format("Failed to connect to {} port {}: Operation timed out",
                                  request.host, request.port));
  }
  if (options.has('f') && answer.status >= 400) {
    return failed(22, fmt::format("The requested URL returned error: {}", answer.status));
  }
  if (options.has('I') || options.has('i')) {
    p.out += fmt::format("HTTP/1.1 {} {}\r\nContent-Length: {}\r\n\r\n", answer.status,
                         answer.status < 400 ? "OK" : "Error", answer.body.size());
  }
  if (!options.has('I')) saved = save(p, options.has('o') ? options.flags['o'] : "-", answer.body);
  if (options.has('w')) {
    std::string text = options.flags['w'];
    const std::string_view mark = "%{http_code}";
    if (const auto at = text.find(mark); at != text.npos) {
      text.replace(at, mark.size(), fmt::format("{}", answer.status));
    }
    if (const auto at = text.find("\\n"); at != text.npos) text.replace(at, 2, "\n");
    p.out += text;
  }
  return saved;
}

int run_nslookup(Process& p) {
  const Options options = read_options(p.args);
  if (options.rest.empty()) return p.fail("missing host");
  const std::string& host = options.rest[0];
  const std::string server = p.scene.view.dns_server();
  p.out += fmt::format("Server:\t\t{}\nAddress:\t{}:53\n\n", server, server);
  const auto addresses = p.scene.view.resolve(*p.scene.pod, host);
  if (addresses.empty()) {
    p.out += fmt::format("** server can't find {}: NXDOMAIN\n\n", host);
    return 1;
  }
  for (const std::string& address : addresses) {
    p.out += fmt::format("Name:\t{}\nAddress: {}\n", host, address);
  }
  p.out += "\n";
  return 0;
}

int run_ping(Process& p) {
  const Options options = read_options(p.args, "cwW");
  if (options.rest.empty()) return p.fail("missing host");
  const std::string& host = options.rest[0];
  const auto addresses = p.scene.view.resolve(*p.scene.pod, host);
  if (addresses.empty()) return p.fail(fmt::format("bad address '{}'", host));
  p.out += fmt::format("PING {} ({}): 56 data bytes\n", host, addresses[0]);
  p.out += fmt::format("64 bytes from {}: seq=0 ttl=64 time=0.100 ms\n", addresses[0]);
  return 0;
}

constexpr std::array<Command, 4> kCommands = {
    {{"wget", run_wget}, {"curl", run_curl}, {"nslookup", run_nslookup}, {"ping", run_ping}}};

}  // namespace

std::span<const Command> web_commands() { return kCommands; }

}  // namespace orrery::sim
