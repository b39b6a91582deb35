#include "cli/bench.h"

#include <CLI/CLI.hpp>

namespace orrery::cli {

void add_bench(CLI::App& app, int& code) {
  CLI::App* bench = app.add_subcommand("bench", "Measure schedulers, profiles and policies");
  bench->require_subcommand(1);
  add_bench_packing(*bench, code);
  add_bench_scheduler(*bench, code);
}

}  // namespace orrery::cli
