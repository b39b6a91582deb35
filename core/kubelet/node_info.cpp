#include <nlohmann/json.hpp>

#include "core/kubelet/node_registration.h"

namespace orrery::kubelet {

api::RawRef node_info(std::string_view kubelet_version, std::string_view runtime_version) {
  nlohmann::json info = {{"architecture", "amd64"},
                         {"operatingSystem", "linux"},
                         {"osImage", "Orrery"},
                         {"kernelVersion", ""},
                         {"machineID", ""},
                         {"systemUUID", ""},
                         {"bootID", ""},
                         {"kubeProxyVersion", ""},
                         {"kubeletVersion", std::string(kubelet_version)},
                         {"containerRuntimeVersion", std::string(runtime_version)}};
  return api::RawRef(nlohmann::json{{"nodeInfo", std::move(info)},
                                    {"daemonEndpoints", {{"kubeletEndpoint", {{"Port", 10250}}}}}});
}

}  // namespace orrery::kubelet
