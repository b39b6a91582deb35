#include "core/api/managed/conflicts.h"

#include <algorithm>
#include <utility>

#include "core/api/managed/path_element.h"

namespace orrery::api::managed {
namespace {

/// The members of the set, then those below each element, in upstream's order.
void print_paths(const FieldSet& set, const std::string& prefix, std::vector<std::string>& out) {
  std::vector<const FieldSet::Node*> nodes;
  for (const FieldSet::Node& node : set.nodes()) nodes.push_back(&node);
  std::sort(nodes.begin(), nodes.end(), [](const auto* a, const auto* b) {
    return element_less(a->element, b->element);
  });
  for (const FieldSet::Node* node : nodes) {
    if (node->member) out.push_back(prefix + print_element(node->element));
  }
  for (const FieldSet::Node* node : nodes) {
    print_paths(node->children, prefix + print_element(node->element), out);
  }
}

/// The text that upstream keys managers by.
std::string identity(const Manager& manager) {
  std::string out = "{\"manager\":\"" + manager.name + "\",\"operation\":\"" +
                    (manager.applied ? "Apply" : "Update") + "\"";
  if (!manager.applied) out += ",\"apiVersion\":\"" + manager.api_version + "\"";
  if (!manager.subresource.empty()) out += ",\"subresource\":\"" + manager.subresource + "\"";
  return out + "}";
}

}  // namespace

Status conflict_status(std::vector<Conflict> conflicts) {
  std::stable_sort(conflicts.begin(), conflicts.end(), [](const Conflict& a, const Conflict& b) {
    return identity(a.manager) < identity(b.manager);
  });
  StatusDetails details;
  std::string list;
  for (const Conflict& conflict : conflicts) {
    const std::string who = conflict.manager.print();
    std::vector<std::string> paths;
    print_paths(conflict.manager.fields, "", paths);
    list.append(list.empty() ? "" : "\n").append("conflicts with ").append(who).append(":");
    for (const std::string& path : paths) {
      list.append("\n- ").append(path);
      details.causes.push_back({"FieldManagerConflict", "conflict with " + who, path});
    }
  }
  std::string message = "Apply failed with ";
  if (details.causes.size() == 1) {
    const StatusCause& only = details.causes.front();
    message.append("1 conflict: ").append(only.message).append(": ").append(only.field);
  } else {
    message.append(std::to_string(details.causes.size())).append(" conflicts: ").append(list);
  }
  return Status(Reason::kConflict, std::move(message), std::move(details));
}

}  // namespace orrery::api::managed
