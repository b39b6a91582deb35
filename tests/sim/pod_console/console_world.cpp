#include "tests/sim/pod_console/console_world.h"

#include <nlohmann/json.hpp>

namespace orrery::sim {

api::RawRef container_extra() {
  return api::RawRef(nlohmann::json::parse(R"json({"env": [
    {"name": "GREETING", "value": "hi from $(NODE)"},
    {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
    {"name": "LATER", "value": "on $(NODE)"},
    {"name": "COLOUR", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "colour"}}}]
})json"));
}

api::RawRef volume_extra() {
  return api::RawRef(nlohmann::json::parse(R"({"configMap": {"name": "settings"}})"));
}

api::RawRef stdin_extra() { return api::RawRef(nlohmann::json::parse(R"({"stdin": true})")); }

}  // namespace orrery::sim
