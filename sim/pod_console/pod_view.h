// PodView: how the consoles of virtual pods see the cluster around them. The wiring implements it
// over the simulation; tests by hand. Rule: answers are what holds now; nothing here may draw from
// a random stream or change the run, except end_container().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/pod.h"

namespace orrery::sim {

struct NodeFacts {
  std::string name;
  std::int64_t cpus = 1;
  std::int64_t memory_bytes = std::int64_t{1} << 30;
  std::string kernel = "6.1.0";
  std::string architecture = "x86_64";
};

struct WebRequest {
  std::string host;  // a name or an address
  int port = 80;
  std::string path = "/";
};

struct WebAnswer {
  enum class Outcome : std::uint8_t { kUnknownHost, kRefused, kTimedOut, kAnswered };
  Outcome outcome = Outcome::kUnknownHost;
  int status = 200;
  std::string body;
};

using NamedTexts = std::vector<std::pair<std::string, std::string>>;

class PodView {
 public:
  virtual ~PodView() = default;
  /// The pod as it is stored now, or null.
  virtual Ref<const api::Pod> find_pod(Symbol namespace_, std::string_view name) = 0;
  virtual NodeFacts node_of(const api::Pod& pod) { return {pod.node_name.str()}; }
  /// The data of a ConfigMap or of a Secret (decoded), by key; nothing if there is none.
  virtual std::optional<NamedTexts> config_map(Symbol, std::string_view) { return std::nullopt; }
  virtual std::optional<NamedTexts> secret(Symbol, std::string_view) { return std::nullopt; }
  /// What a projected serviceAccountToken holds.
  virtual std::string service_account_token(const api::Pod&) { return "simulated-token"; }
  /// KUBERNETES_SERVICE_HOST and the others, as the kubelet makes them.
  virtual NamedTexts service_environment(const api::Pod&) { return {}; }
  /// Addresses of a host name as this pod's resolver sees it; empty: NXDOMAIN.
  virtual std::vector<std::string> resolve(const api::Pod&, std::string_view) { return {}; }
  virtual std::string dns_server() { return "10.96.0.10"; }
  virtual WebAnswer fetch(const api::Pod&, const WebRequest&) { return {}; }
  /// The main process was killed or has left: the container ends with this code.
  virtual void end_container(const api::Pod&, Symbol /*container*/, int /*exit_code*/) {}
};

}  // namespace orrery::sim
