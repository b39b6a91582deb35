// Quantities inside JSON objects: what defaulting and the checks need to know of them. A value may
// be a JSON string or number, as in manifests. The arithmetic is core/api/values' Quantity.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace orrery::api {

/// Rewrites a quantity as Go would print it; `milli` first rounds it up to a multiple of 1/1000.
void make_canonical(nlohmann::json& value, bool milli);
/// Canonical text; null is "0".
std::string amount_text(const nlohmann::json* value);
/// <0, 0, >0; null counts as zero.
int compare_amounts(const nlohmann::json* a, const nlohmann::json* b);
bool is_negative_amount(const nlohmann::json& value);
/// A multiple of one.
bool is_whole_amount(const nlohmann::json& value);
/// Whether a "hugepages-2Mi" quantity is a multiple of its page size.
bool is_divisible_hugepages(std::string_view resource, const nlohmann::json& value);

/// What the containers of a pod need together, by resource: the sum of the regular ones and
/// sidecars, or the largest init step where that is more (upstream's
/// AggregateContainerRequests/Limits).
nlohmann::json aggregate_containers(const nlohmann::json& spec, const char* requests_or_limits);

}  // namespace orrery::api
