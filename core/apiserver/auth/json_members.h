// Members of documents that nobody has checked, for the readers of reviews and RBAC objects: what
// is absent or of another type reads as empty.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace orrery::apiserver {

/// The member, or JSON null; the reference lives as long as `object`, or for ever.
const nlohmann::json& member(const nlohmann::json& object, const char* name);
std::string text(const nlohmann::json& object, const char* name);
/// The texts of a list, without its other items.
std::vector<std::string> texts(const nlohmann::json& list);

}  // namespace orrery::apiserver
