// orrery_api_bench: the API server's figures, without the rest of orrery_bench.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tests/bench/api_load/api_server_bench.h"

int main(int argc, char** argv) {
  CLI::App app{"The API server over TLS: one line of JSON a figure."};
  std::vector<std::string> only;
  app.add_option("--only", only, "Only these runs; may be given several times")
      ->check(CLI::IsMember(orrery::bench::api_server_runs()));
  CLI11_PARSE(app, argc, argv);
  return orrery::bench::bench_api_server(only) ? 0 : 1;
}
