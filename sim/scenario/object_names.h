// Which names Kubernetes allows: checked where a scenario names things, so that a run does not fail
// later at the API server. Called by the field tables' checks.
#pragma once

#include <string_view>

namespace orrery::sim {

/// RFC 1123 subdomain: lower-case letters, digits, - and . ; at most 253 characters.
bool is_object_name(std::string_view name);
/// RFC 1123 label: the same without points, at most 63 characters.
bool is_label_name(std::string_view name);

inline constexpr std::string_view kNameRule =
    "must be lower-case letters, digits and -, starting and ending with a letter or digit";

}  // namespace orrery::sim
