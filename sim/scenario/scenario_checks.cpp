#include "sim/scenario/scenario_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "sim/scenario/input_files.h"
#include "sim/scenario/quantity_text.h"

namespace orrery::sim {
namespace {

class Checker {
 public:
  Checker(const Scenario& scenario, const LineIndex& lines, InputErrors& errors)
      : s_(scenario), lines_(lines), errors_(errors) {}

  void names() {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < s_.cluster.zones.size(); ++i) {
      const Zone& zone = s_.cluster.zones[i];
      const std::string path = fmt::format("spec.cluster.zones[{}]", i);
      if (!seen.insert(zone.name).second)
        error(path, fmt::format("zone \"{}\" is given twice", zone.name));
      if (!has(s_.cluster.regions, zone.region))
        error(path + ".region", unknown("region", zone.region, s_.cluster.regions));
    }
    seen.clear();
    for (std::size_t i = 0; i < s_.cluster.node_pools.size(); ++i) {
      const NodePool& pool = s_.cluster.node_pools[i];
      const std::string path = fmt::format("spec.cluster.nodePools[{}]", i);
      if (!seen.insert(pool.name).second) {
        error(path + ".name", fmt::format("pool \"{}\" is given twice", pool.name));
      }
      for (std::size_t z = 0; z < pool.zones.size(); ++z) {
        check_zone(fmt::format("{}.zones[{}]", path, z), pool.zones[z]);
      }
    }
    if (s_.cluster.node_pools.empty() && s_.manifests.empty() && !brings_nodes()) {
      error("spec.cluster.nodePools",
            "a scenario needs nodes, e.g. nodePools: [{name: general, count: 3}]");
    }
  }

  void actions() {
    for (std::size_t i = 0; i < s_.actions.size(); ++i) {
      const Action& a = s_.actions[i];
      const std::string path = fmt::format("spec.actions[{}]", i);
      if (a.at > s_.until) {
        error(path + ".at", fmt::format("{} is after the end of the run (until: {})",
                                        short_duration(a.at), short_duration(s_.until)));
      }
      check_node(path + ".node", a.node);
      check_node(path + ".cordon", a.cordon);
      check_node(path + ".uncordon", a.uncordon);
      check_node(path + ".drain", a.drain);
      check_zone(path + ".zone", a.zone);
      if (!a.nodes) continue;
      check_zone(path + ".nodes.zone", a.nodes->zone);
      for (std::size_t n = 0; n < a.nodes->names.size(); ++n) {
        check_node(fmt::format("{}.nodes.names[{}]", path, n), a.nodes->names[n]);
      }
      if (!a.nodes->pool.empty() && !brings_nodes() && !find_pool(a.nodes->pool)) {
        error(path + ".nodes.pool", unknown("node pool", a.nodes->pool, pool_names()));
      }
    }
  }

  void workloads() {
    for (std::size_t i = 0; i < s_.workloads.size(); ++i) {
      const Workload& w = s_.workloads[i];
      if (w.at > s_.until) {
        error(fmt::format("spec.workloads[{}].at", i),
              fmt::format("{} is after the end of the run (until: {})", short_duration(w.at),
                          short_duration(s_.until)));
      }
    }
  }

  void expectations() {
    const bool has_fault = std::any_of(s_.actions.begin(), s_.actions.end(), [](const Action& a) {
      return a.verb == Verb::kFault || a.verb == Verb::kKill;
    });
    for (std::size_t i = 0; i < s_.expect.size(); ++i) {
      const After& after = s_.expect[i].after;
      const std::string path = fmt::format("spec.expect[{}].after", i);
      if (after.mark == After::Mark::kEachFault && !has_fault) {
        error(path, "each-fault: the scenario has no fault");
      }
      if (after.mark == After::Mark::kEachAction && s_.actions.empty()) {
        error(path, "each-action: the scenario has no action");
      }
      if (after.mark == After::Mark::kInstant && after.instant > s_.until) {
        error(path, fmt::format("{} is after the end of the run (until: {})",
                                short_duration(after.instant), short_duration(s_.until)));
      }
    }
  }

  void paths() {
    for (std::size_t i = 0; i < s_.manifests.size(); ++i) {
      check_path(fmt::format("spec.manifests[{}]", i), s_.manifests[i]);
    }
    for (std::size_t i = 0; i < s_.actions.size(); ++i) {
      if (s_.actions[i].verb == Verb::kApply) {
        check_path(fmt::format("spec.actions[{}].apply", i), s_.actions[i].apply);
      }
    }
    if (!s_.scheduler.config.empty()) check_path("spec.scheduler.config", s_.scheduler.config);
    if (!s_.trace) return;
    if (s_.trace->format == TraceFormat::kOpenb) check_path("spec.trace.dir", s_.trace->dir);
    if (s_.trace->format == TraceFormat::kCsv) check_path("spec.trace.file", s_.trace->file);
  }

 private:
  void error(const std::string& path, std::string what) {
    errors_.add(lines_.line_of(path), path, std::move(what));
  }

  static bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  static std::string unknown(std::string_view what, const std::string& name,
                             const std::vector<std::string>& known) {
    return fmt::format("no such {}: \"{}\"; there are: {}", what, name, fmt::join(known, ", "));
  }

  bool brings_nodes() const {
    return s_.trace && s_.trace->format == TraceFormat::kOpenb &&
           s_.trace->nodes != TraceNodes::kNone;
  }

  const NodePool* find_pool(std::string_view name) const {
    for (const NodePool& pool : s_.cluster.node_pools) {
      if (pool.name == name) return &pool;
    }
    return nullptr;
  }

  std::vector<std::string> pool_names() const {
    std::vector<std::string> out;
    for (const NodePool& pool : s_.cluster.node_pools) out.push_back(pool.name);
    return out;
  }

  void check_zone(const std::string& path, const std::string& name) {
    std::vector<std::string> known;
    for (const Zone& zone : s_.cluster.zones) known.push_back(zone.name);
    if (!name.empty() && !has(known, name)) error(path, unknown("zone", name, known));
  }

  // Manifests and traces may bring nodes of their own: the engine looks those up when it has them.
  void check_node(const std::string& path, const std::string& name) {
    if (name.empty()) return;
    const std::size_t dash = name.rfind('-');
    const NodePool* pool = find_pool(std::string_view(name).substr(0, dash));
    std::int64_t index = -1;
    if (dash != std::string::npos) {
      const auto r = std::from_chars(name.data() + dash + 1, name.data() + name.size(), index);
      if (r.ptr != name.data() + name.size()) index = -1;
    }
    if (pool && index >= 0 && index < pool->count) return;
    if (pool && index >= 0) {
      return error(path, fmt::format("no such node: \"{}\"; pool {} has {}-0 to {}-{}", name,
                                     pool->name, pool->name, pool->name, pool->count - 1));
    }
    if (s_.manifests.empty() && !brings_nodes()) {
      error(path, fmt::format("no such node: \"{}\"; nodes are named POOL-NUMBER, pools are: {}",
                              name, fmt::join(pool_names(), ", ")));
    }
  }

  void check_path(const std::string& path, const std::string& value) {
    const std::string full = s_.path_of(value);
    if (value.empty() || (!is_file(full) && !is_folder(full))) {
      error(path, fmt::format("no such file or folder: \"{}\" (looked for {})", value, full));
    }
  }

  const Scenario& s_;
  const LineIndex& lines_;
  InputErrors& errors_;
};

}  // namespace

void check_scenario(const Scenario& scenario, const LineIndex& lines, bool check_paths,
                    InputErrors& errors) {
  Checker checker(scenario, lines, errors);
  checker.names();
  checker.actions();
  checker.workloads();
  checker.expectations();
  if (check_paths) checker.paths();
}

}  // namespace orrery::sim
