// `orrery bench ...`: experiments that measure the scheduler. Each adds itself to the command line;
// one file a command.
#pragma once

namespace CLI {
class App;
}

namespace orrery::cli {

/// `orrery bench` with all its commands; the exit code goes to `code`.
void add_bench(CLI::App& app, int& code);

/// `orrery bench packing`.
void add_bench_packing(CLI::App& bench, int& code);

/// `orrery bench scheduler`.
void add_bench_scheduler(CLI::App& bench, int& code);

}  // namespace orrery::cli
