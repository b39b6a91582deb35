// What a fresh container of a virtual pod holds: its environment from the pod's spec, its root file
// system, and the files of the volumes it mounts. Called by PodConsole for each new session.
#pragma once

#include <map>
#include <string>

#include "sim/pod_console/file_tree.h"
#include "sim/pod_console/pod_view.h"

namespace orrery::sim {

/// The container's spec, init containers included, or null.
const api::Container* find_container(const api::Pod& pod, Symbol name);

/// spec.containers[].stdin: the main process reads what is attached (`kubectl run -i`).
bool keeps_stdin_open(const api::Container& container);

/// env, envFrom (ConfigMaps, Secrets, fields), service variables, PATH, HOME, HOSTNAME.
std::map<std::string, std::string> container_environment(PodView& view, const api::Pod& pod,
                                                         const api::Container& container);

/// /etc/hosts, /etc/resolv.conf, /proc, empty folders: once, when the container starts.
void fill_root(FileTree& files, PodView& view, const api::Pod& pod);

/// Mounts configMap, secret, downwardAPI and projected volumes as they are now; makes the folders
/// of the others.
void mount_volumes(FileTree& files, PodView& view, const api::Pod& pod,
                   const api::Container& container);

}  // namespace orrery::sim
