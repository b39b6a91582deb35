// Number keywords of a schema (range of the format, multipleOf, maximum, minimum), part of
// validate_by_schema.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/api/custom/schema.h"

namespace orrery::api {

struct NumberFault {
  std::string text;
  bool has_place = true;  // false: upstream gives this error no field
};

/// `value` is a JSON number.
std::vector<NumberFault> check_number(const Schema& schema, const nlohmann::json& value,
                                      const std::string& path);
/// swag.IsFloat64AJSONInteger: whole, up to 2^53, give or take a relative 1e-9.
bool is_whole(double number);

}  // namespace orrery::api
