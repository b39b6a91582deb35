#include "core/api/raw.h"

#include <nlohmann/json.hpp>

namespace orrery::api {

Raw::Raw(nlohmann::json json) : json_(std::make_unique<const nlohmann::json>(std::move(json))) {}
Raw::~Raw() = default;
bool Raw::operator==(const Raw& o) const { return *json_ == *o.json_; }

RawRef::RawRef(nlohmann::json json) : raw_(make_ref<const Raw>(std::move(json))) {}

}  // namespace orrery::api
