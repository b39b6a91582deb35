// orrery_api_load: loads an API server and prints one line of JSON a result; see README.md.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/bench/api_load/load_run.h"
#include "tests/bench/api_load/self_served.h"

namespace orrery::bench {
namespace {

struct Arguments {
  std::string url = "https://127.0.0.1:6443", ca, certificate, key, token;
  std::string name = "api";
  std::size_t connections = 8, rounds = 20;
  double seconds = 3;
  std::uint64_t count = 0;
  std::string method = "GET", path, watch, body, content_type = "application/json";
};

std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

LoadTarget target_of(const Arguments& a) {
  LoadTarget target{.certificate_pem = text_of(a.certificate),
                    .key_pem = text_of(a.key),
                    .token = a.token};
  if (a.url.starts_with("https")) target.ca_pem = text_of(a.ca);
  const std::size_t host = a.url.find("//") + 2, colon = a.url.rfind(':');
  target.host = a.url.substr(host, colon - host);
  target.port = static_cast<std::uint16_t>(std::atoi(a.url.c_str() + colon + 1));
  return target;
}

std::string with_number(std::string text, std::uint64_t n) {
  for (std::size_t at; (at = text.find("{n}")) != std::string::npos;) {
    text.replace(at, 3, std::to_string(n));
  }
  return text;
}

std::function<std::string(std::uint64_t)> requests_of(const LoadTarget& target,
                                                      const Arguments& a) {
  const std::string body = a.body.empty() ? "" : text_of(a.body);
  if (a.path.find("{n}") == std::string::npos && body.find("{n}") == std::string::npos) {
    return [r = format_request(target, a.method, a.path, body, a.content_type)](std::uint64_t) {
      return r;
    };
  }
  return [target, body, &a](std::uint64_t n) {
    return format_request(target, a.method, with_number(a.path, n), with_number(body, n),
                          a.content_type);
  };
}

bool run(const CLI::App& app, const Arguments& a) {
  if (app.got_subcommand("self")) return bench_transport();
  const LoadTarget target = target_of(a);
  const auto duration = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(a.seconds));
  LoadResult result;
  if (app.got_subcommand("requests")) {
    result = run_requests(target, {a.connections, duration, a.count, requests_of(target, a)});
  } else if (app.got_subcommand("watches")) {
    result = run_watches(target,
                         {.connections = a.connections, .path = a.watch, .duration = duration});
  } else {
    result = run_latency(target, {a.connections, a.watch, a.rounds, requests_of(target, a)});
  }
  print_load(a.name, result);
  return result.status.ok();
}

}  // namespace
}  // namespace orrery::bench

int main(int argc, char** argv) {
  orrery::bench::Arguments a;
  CLI::App app{"Load for API servers: one line of JSON a result."};
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--url", a.url, "https://ADDRESS:PORT or http://ADDRESS:PORT");
  app.add_option("--ca", a.ca, "The server's CA, PEM")->check(CLI::ExistingFile);
  app.add_option("--cert", a.certificate, "Client certificate, PEM")->check(CLI::ExistingFile);
  app.add_option("--key", a.key, "Its key")->check(CLI::ExistingFile);
  app.add_option("--token", a.token, "Bearer token");
  app.add_option("--name", a.name, "What the result is called");
  app.add_option("--connections", a.connections, "Connections or watches");
  app.add_option("--seconds", a.seconds, "How long to measure");
  app.add_option("--method", a.method, "Of the requests");
  app.add_option("--path", a.path, "Of the requests; {n} becomes a number used once");
  app.add_option("--body", a.body, "File with the requests' body; {n} as in --path");
  app.add_option("--content-type", a.content_type, "Of the body");
  app.add_option("--watch", a.watch, "The path of the watches");
  app.add_option("--count", a.count, "Stop after so many requests");
  app.add_option("--rounds", a.rounds, "Writes of a latency run");
  app.add_subcommand("requests", "As many requests as the server answers");
  app.add_subcommand("watches", "Counts the events that watches receive");
  app.add_subcommand("latency", "The delay from a write to its watchers");
  app.add_subcommand("self", "The transport alone, with a server of its own");
  CLI11_PARSE(app, argc, argv);
  return orrery::bench::run(app, a) ? 0 : 1;
}
