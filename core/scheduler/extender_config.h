// ExtenderConfig: what a configuration says of one scheduler extender (upstream's
// config.Extender): where it is, which calls it takes, and for which pods.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/symbol.h"
#include "core/base/time.h"
#include "core/ports/http_caller.h"

namespace orrery::scheduler {

struct ManagedResource {
  Symbol name;
  bool ignored_by_scheduler = false;  // NodeResourcesFit does not look at it
};

struct ExtenderConfig {
  std::string url_prefix;
  // Appended to the prefix; empty: the extender does not take this call.
  std::string filter_verb, preempt_verb, prioritize_verb, bind_verb;
  std::int64_t weight = 0;
  bool enable_https = false;
  std::optional<HttpTls> tls;
  Duration http_timeout = 5s;
  /// The extender knows the nodes: names go over the wire instead of nodes.
  bool node_cache_capable = false;
  /// Only pods that request one of these are sent; empty: all pods.
  std::vector<ManagedResource> managed_resources;
  /// Scheduling goes on without it where it fails.
  bool ignorable = false;
};

}  // namespace orrery::scheduler
