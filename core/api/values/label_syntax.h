// The syntax of label keys, label values and DNS subdomains, with apiserver's words for what is
// wrong. Selectors use it here; the checks of metadata use the same functions. An empty answer
// means valid.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orrery::api {

/// content.IsLabelKey (also IsQualifiedName): [prefix/]name.
std::vector<std::string> label_key_problems(std::string_view key);
/// content.IsLabelValue.
std::vector<std::string> label_value_problems(std::string_view value);
/// content.IsDNS1123Subdomain.
std::vector<std::string> dns1123_subdomain_problems(std::string_view text);

}  // namespace orrery::api
