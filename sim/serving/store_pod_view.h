// StorePodView: PodView over a simulated cluster: what the shells of virtual pods see of it is what
// the API server's store holds now. Made by whoever serves the cluster; the store and the fleet
// outlive it.
//
//     host name --resolve--> addresses --fetch--> Service -> ready endpoint -> pod's page
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/api/service.h"
#include "core/store/store.h"
#include "sim/cluster/node_fleet.h"
#include "sim/pod_console/pod_view.h"

namespace orrery::sim {

class StorePodView final : public PodView {
 public:
  StorePodView(const store::Store& store, NodeFleet& fleet) : store_(store), fleet_(fleet) {}

  Ref<const api::Pod> find_pod(Symbol namespace_, std::string_view name) override;
  NodeFacts node_of(const api::Pod& pod) override;
  std::optional<NamedTexts> config_map(Symbol namespace_, std::string_view name) override;
  std::optional<NamedTexts> secret(Symbol namespace_, std::string_view name) override;
  NamedTexts service_environment(const api::Pod& pod) override;
  std::vector<std::string> resolve(const api::Pod& pod, std::string_view host) override;
  WebAnswer fetch(const api::Pod& pod, const WebRequest& request) override;
  void end_container(const api::Pod& pod, Symbol container, int exit_code) override;

 private:
  struct Backend {
    Ref<const api::Pod> pod;
    int port = 0;
  };
  Ref<const api::Service> find_service(Symbol namespace_, std::string_view name) const;
  Ref<const api::Service> service_at(std::string_view address) const;
  Ref<const api::Pod> pod_at(std::string_view address) const;
  template <class Visit>
  void for_each_ready(const api::Service& service, const Visit& visit) const;
  std::vector<Backend> backends(const api::Service& service, int port) const;
  WebAnswer answer_of(const Backend& backend, const WebRequest& request);

  const store::Store& store_;
  NodeFleet& fleet_;
  std::map<Uid, std::uint64_t> turns_;     // of a Service: who answers next
  std::map<Uid, std::uint64_t> requests_;  // to a pod
};

}  // namespace orrery::sim
