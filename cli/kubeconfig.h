// Kubeconfig: the file by which kubectl (and `orrery sim clock`) finds a served cluster: address,
// CA and a client certificate, all within it.
#pragma once

#include <string>

#include "core/base/result.h"

namespace orrery::cli {

struct ClusterAccess {
  std::string server;  // "https://127.0.0.1:40001"
  std::string ca_pem, certificate_pem, key_pem;
};

inline constexpr const char* kKubeconfigName = "orrery-kubeconfig";

/// Cluster, user and context as YAML text: cluster orrery, user admin, namespace default.
std::string kubeconfig_text(const ClusterAccess& access);
/// Replaces the file as a whole; only its owner may read it.
Status write_kubeconfig(const std::string& path, const ClusterAccess& access);
/// What the current context of the file stands for. BadRequest names what is wrong.
Result<ClusterAccess> read_kubeconfig(const std::string& path);
/// `flag` if it is set, else ./orrery-kubeconfig if there is one, else $KUBECONFIG.
std::string kubeconfig_path(const std::string& flag);

}  // namespace orrery::cli
