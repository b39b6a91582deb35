// The commands of the `orrery` program: each adds itself to the command line and runs when chosen.
// Exit codes: 0 done, 1 the run failed its own checks, 2 bad input, 3 the world failed (disk full,
// port taken).
#pragma once

namespace CLI {
class App;
}

namespace orrery::cli {

enum ExitCode : int { kDone = 0, kChecksFailed = 1, kBadInput = 2, kWorldFailed = 3 };

/// `orrery sim run`; the exit code goes to `code`.
void add_sim_run(CLI::App& sim, int& code);
/// `orrery sim serve`.
void add_sim_serve(CLI::App& sim, int& code);
/// `orrery sim clock`.
void add_sim_clock(CLI::App& sim, int& code);
/// `orrery explain pod`.
void add_explain(CLI::App& app, int& code);
/// `orrery sim import openb DIR`.
void add_sim_import(CLI::App& sim, int& code);

}  // namespace orrery::cli
