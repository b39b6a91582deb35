#include "core/api/node.h"

namespace orrery::api {

const NodeCondition* find_condition(const NodeStatus& status, std::string_view type) {
  for (const NodeCondition& c : status.conditions) {
    if (c.type == type) return &c;
  }
  return nullptr;
}

}  // namespace orrery::api
