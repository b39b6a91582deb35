#include "core/api/apps.h"

namespace orrery::api {

const WorkloadCondition* find_condition(const List<WorkloadCondition>& conditions,
                                        std::string_view type) {
  for (const WorkloadCondition& c : conditions) {
    if (c.type == type) return &c;
  }
  return nullptr;
}

}  // namespace orrery::api
