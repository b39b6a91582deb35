// Warnings about pods and pod templates (upstream's pkg/api/pod/warnings.go). warnings.cpp and
// workload_warnings.cpp call them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/api/checks/field_path.h"

namespace orrery::api {

/// Spec and annotations of a pod; `path` of a pod is empty, of a template "spec.template".
void pod_warnings(std::vector<std::string>& warnings, const nlohmann::json& pod,
                  std::string_view path, bool is_template);
/// A label key of nodes that has a successor: "deprecated since v1.14; use ..."; "" for others.
std::string deprecated_node_label(std::string_view key);
/// Name of an object whose pods take it as host name.
void host_name_warning(std::vector<std::string>& warnings, const nlohmann::json& object,
                       std::string_view use);

}  // namespace orrery::api
