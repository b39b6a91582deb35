// Checks of metadata that every kind shares: ObjectMeta, labels, annotations, label selectors
// (upstream: apimachinery pkg/api/validation and apis/meta/v1/validation). The kinds' checks call
// them.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/api/checks/field_error.h"
#include "core/api/checks/formats.h"

namespace orrery::api {

/// How a kind stands to namespaces; kUnknown checks nothing (custom resources).
enum class Scope { kNamespaced, kCluster, kUnknown };

void check_object_meta(FieldErrors& errors, const nlohmann::json& object, Scope scope,
                       NameFormat name_format, bool kubernetes_finalizers = true);
void check_object_meta_update(FieldErrors& errors, const nlohmann::json& now,
                              const nlohmann::json& old, bool kubernetes_finalizers = true);

void check_labels(FieldErrors& errors, const nlohmann::json& labels, const Path& path);
void check_label_name(FieldErrors& errors, std::string_view name, const Path& path);
void check_annotations(FieldErrors& errors, const nlohmann::json& annotations, const Path& path);
void check_qualified_name(FieldErrors& errors, std::string_view name, const Path& path);
/// A metav1.LabelSelector; null is right.
void check_label_selector(FieldErrors& errors, const nlohmann::json* selector, const Path& path);

void check_dns_label(FieldErrors& errors, std::string_view value, const Path& path);
void check_dns_subdomain(FieldErrors& errors, std::string_view value, const Path& path);
void check_not_negative(FieldErrors& errors, std::int64_t value, const Path& path);
void check_ip(FieldErrors& errors, std::string_view value, const Path& path);
void check_cidr(FieldErrors& errors, std::string_view value, const Path& path);
/// No unspecified, loopback or link-local address.
void check_not_special_ip(FieldErrors& errors, std::string_view value, const Path& path);
/// "field is immutable" where the two differ; null = absent. Prints the new value as JSON.
void check_immutable(FieldErrors& errors, const nlohmann::json* now, const nlohmann::json* old,
                     const Path& path);

/// LabelSelectorAsSelector: what a metav1.LabelSelector selects.
enum class SelectorState { kNothing, kEverything, kSome, kBroken };
SelectorState selector_state(const nlohmann::json* selector);
bool selector_matches(const nlohmann::json* selector, const nlohmann::json& labels);

/// metav1.LabelSelector as Go prints it in an error.
std::string selector_text(const nlohmann::json* selector);
/// A member as JSON text, "null" where absent.
std::string json_text(const nlohmann::json* value);
/// Deep equality where null, absent, [] and {} are the same (apiequality.Semantic.DeepEqual).
bool same(const nlohmann::json* a, const nlohmann::json* b);

}  // namespace orrery::api
