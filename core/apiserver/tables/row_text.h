// The texts that rows of several kinds share: age, labels, selectors, container names. For the row
// printers of this folder, which read documents in wire form.
#pragma once

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/values/labels.h"
#include "core/base/time.h"

namespace orrery::apiserver {

/// metadata.name
std::string_view name_of(const nlohmann::json& object);
/// The age by metadata.creationTimestamp.
std::string age_of(const nlohmann::json& object, Time now);
/// metadata.deletionTimestamp is set.
bool is_being_deleted(const nlohmann::json& object);
/// metadata.annotations has this key with this value.
bool has_annotation(const nlohmann::json& object, const char* key, std::string_view value);
/// The time in member `key`; Time{} where it is absent or is no time.
Time time_at(const nlohmann::json& object, const char* key);
/// The quantity's text, or `absent`.
std::string quantity_at(const nlohmann::json& list, const char* key, std::string_view absent);
/// A number's digits or a text, as %v prints it.
std::string scalar_text(const nlohmann::json& value);

/// labels.FormatLabels: "a=1,b=2" or "<none>".
std::string labels_text(const nlohmann::json& labels);
std::string labels_text(const api::Labels& labels);
/// The selector as a query; empty for an absent one, nullopt for one that is not valid.
std::optional<std::string> selector_query(const nlohmann::json* selector);
/// metav1.FormatLabelSelector: "<none>" for nothing, "<error>" for an invalid one.
std::string selector_text(const nlohmann::json* selector);

/// The member `key` of each element of the list, joined: the names or images of containers.
std::string joined_members(const nlohmann::json& list, const char* key);
std::string joined(const std::vector<std::string_view>& parts, std::string_view separator);
std::string joined_texts(const nlohmann::json& list, std::string_view separator);
/// IP or host name of each ingress point of a load balancer, each once, sorted.
std::string load_balancer_text(const nlohmann::json& status);
std::string lower_case(std::string_view text);

/// Follows objects by these keys; an empty object where one is missing.
const nlohmann::json& object_at(const nlohmann::json& object,
                                std::initializer_list<const char*> path);

}  // namespace orrery::apiserver
