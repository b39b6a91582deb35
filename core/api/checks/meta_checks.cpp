#include "core/api/checks/meta_checks.h"

#include <algorithm>

#include "core/api/checks/json_view.h"

namespace orrery::api {
namespace {

constexpr std::size_t kAnnotationBytesMax = 256 * 1024;  // TotalAnnotationSizeLimitB
constexpr char kImmutable[] = "field is immutable";

void check_owner_references(FieldErrors& errors, const Json& references, const Path& path) {
  std::string first;
  for (const Json& reference : references) {
    const std::string_view version = text(reference, "apiVersion");
    if (version.empty() || version.back() == '/') {
      errors.invalid(path.child("apiVersion"), version, "version must not be empty");
    }
    for (const char* key : {"kind", "name", "uid"}) {
      if (text(reference, key).empty()) errors.invalid(path.child(key), "", "must not be empty");
    }
    if (version == "v1" && text(reference, "kind") == "Event") {
      errors.invalid_raw(path, reference.dump(),
                         "/v1, Kind=Event is disallowed from being an owner");
    }
    if (!flag(reference, "controller")) continue;
    const std::string name =
        std::string(text(reference, "kind")) + "/" + std::string(text(reference, "name"));
    if (first.empty()) {
      first = name;
    } else {
      errors.invalid_raw(path, references.dump(),
                         "Only one reference can have Controller set to true. Found \"true\" in "
                         "references for " +
                             first + " and " + name);
    }
  }
}

void check_finalizers(FieldErrors& errors, const Json& finalizers, const Path& path) {
  bool orphan = false, foreground = false;
  for (const Json& finalizer : finalizers) {
    const std::string_view name = as_text(finalizer);
    errors.invalid_each(path, name, qualified_name_messages(name));
    orphan = orphan || name == "orphan";
    foreground = foreground || name == "foregroundDeletion";
  }
  if (orphan && foreground) {
    errors.invalid_raw(path, finalizers.dump(),
                       "finalizer orphan and foregroundDeletion cannot be both set");
  }
}

void check_kubernetes_finalizers(FieldErrors& errors, const Json& meta, const Path& path) {
  const Json& finalizers = array(meta, "finalizers");
  for (std::size_t i = 0; i < finalizers.size(); ++i) {
    const std::string_view name = as_text(finalizers[i]);
    if (name.find('/') != std::string_view::npos) continue;
    if (name == "kubernetes" || name == "orphan" || name == "foregroundDeletion") continue;
    errors.invalid(path.at("finalizers", i), name,
                   "name is neither a standard finalizer name nor is it fully qualified");
  }
}

void check_namespace(FieldErrors& errors, const Json& meta, Scope scope, const Path& path) {
  const std::string_view space = text(meta, "namespace");
  if (scope == Scope::kNamespaced) {
    if (space.empty()) {
      errors.required(path.child("namespace"));
    } else {
      errors.invalid_each(path.child("namespace"), space, dns_label_messages(space));
    }
  } else if (scope == Scope::kCluster && !space.empty()) {
    errors.forbidden(path.child("namespace"), "not allowed on this type");
  }
}

void check_no_new_finalizers(FieldErrors& errors, const Json& now, const Json& old,
                             const Path& path) {
  std::string extra;
  std::vector<std::string> names;
  const Json& before = array(old, "finalizers");
  for (const Json& name : array(now, "finalizers")) {
    if (std::find(before.begin(), before.end(), name) == before.end()) {
      names.push_back(quoted(as_text(name)));
    }
  }
  if (names.empty()) return;
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) extra.append(extra.empty() ? "" : ", ").append(name);
  errors.forbidden(path.child("finalizers"),
                   "no new finalizers can be added if the object is being deleted, found new "
                   "finalizers []string{" +
                       extra + "}");
}

void check_requirement(FieldErrors& errors, const Json& requirement, const Path& path) {
  const std::string_view op = text(requirement, "operator");
  const Json& values = array(requirement, "values");
  if (op == "In" || op == "NotIn") {
    if (values.empty()) {
      errors.required(path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'");
    }
  } else if (op == "Exists" || op == "DoesNotExist") {
    if (!values.empty()) {
      errors.forbidden(path.child("values"),
                       "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    }
  } else {
    errors.invalid(path.child("operator"), op, "not a valid selector operator");
  }
  check_label_name(errors, text(requirement, "key"), path.child("key"));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string_view value = as_text(values[i]);
    errors.invalid_each(path.at("values", i), value, label_value_messages(value));
  }
}

bool requirement_broken(const Json& requirement) {
  FieldErrors errors;
  check_requirement(errors, requirement, Path("selector"));
  return !errors.empty();
}

bool requirement_matches(const Json& requirement, const Json& labels) {
  const std::string_view op = text(requirement, "operator");
  const auto it = labels.is_object() ? labels.find(text(requirement, "key")) : labels.end();
  const bool present = it != labels.end();
  if (op == "Exists") return present;
  if (op == "DoesNotExist") return !present;
  const Json& values = array(requirement, "values");
  const bool among = present && std::find(values.begin(), values.end(), *it) != values.end();
  return op == "In" ? among : !among;
}

bool empty_value(const Json* value) {
  return !value || value->is_null() || (value->is_structured() && value->empty());
}

}  // namespace

void check_object_meta(FieldErrors& errors, const Json& object_json, Scope scope,
                       NameFormat name_format, bool kubernetes_finalizers) {
  const Json& meta = object(object_json, "metadata");
  const Path path("metadata");
  const std::string_view prefix = text(meta, "generateName");
  if (!prefix.empty()) {
    errors.invalid_each(path.child("generateName"), prefix, name_format(prefix, true));
  }
  const std::string_view name = text(meta, "name");
  if (name.empty()) {
    errors.required(path.child("name"), "name or generateName is required");
  } else {
    errors.invalid_each(path.child("name"), name, name_format(name, false));
  }
  check_namespace(errors, meta, scope, path);
  check_not_negative(errors, integer(meta, "generation"), path.child("generation"));
  check_labels(errors, object(meta, "labels"), path.child("labels"));
  check_annotations(errors, object(meta, "annotations"), path.child("annotations"));
  check_owner_references(errors, array(meta, "ownerReferences"), path.child("ownerReferences"));
  check_finalizers(errors, array(meta, "finalizers"), path.child("finalizers"));
  if (kubernetes_finalizers) check_kubernetes_finalizers(errors, meta, path);
}

void check_object_meta_update(FieldErrors& errors, const Json& now_object, const Json& old_object,
                              bool kubernetes_finalizers) {
  const Json& now = object(now_object, "metadata");
  const Json& old = object(old_object, "metadata");
  const Path path("metadata");
  if (has(old, "deletionTimestamp")) check_no_new_finalizers(errors, now, old, path);
  if (text(now, "resourceVersion").empty()) {
    errors.invalid(path.child("resourceVersion"), "", "must be specified for an update");
  }
  if (integer(now, "generation") < integer(old, "generation")) {
    errors.invalid(path.child("generation"), integer(now, "generation"), "must not be decremented");
  }
  for (const char* key : {"name", "namespace", "uid"}) {
    if (text(now, key) != text(old, key)) {
      errors.invalid(path.child(key), text(now, key), kImmutable);
    }
  }
  for (const char* key : {"creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"}) {
    check_immutable(errors, member(now, key), member(old, key), path.child(key));
  }
  check_labels(errors, object(now, "labels"), path.child("labels"));
  check_annotations(errors, object(now, "annotations"), path.child("annotations"));
  check_owner_references(errors, array(now, "ownerReferences"), path.child("ownerReferences"));
  if (kubernetes_finalizers) check_kubernetes_finalizers(errors, now, path);
}

void check_labels(FieldErrors& errors, const Json& labels, const Path& path) {
  for (const auto& [key, value] : labels.items()) {
    check_label_name(errors, key, path);
    errors.invalid_each(path, as_text(value), label_value_messages(as_text(value)));
  }
}

void check_label_name(FieldErrors& errors, std::string_view name, const Path& path) {
  errors.invalid_each(path, name, qualified_name_messages(name));
}

void check_annotations(FieldErrors& errors, const Json& annotations, const Path& path) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : annotations.items()) {
    std::string lowered = key;
    for (char& c : lowered) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    errors.invalid_each(path, key, qualified_name_messages(lowered));
    bytes += key.size() + as_text(value).size();
  }
  if (bytes > kAnnotationBytesMax) errors.too_long(path, kAnnotationBytesMax);
}

void check_qualified_name(FieldErrors& errors, std::string_view name, const Path& path) {
  errors.invalid_each(path, name, qualified_name_messages(name));
}

void check_label_selector(FieldErrors& errors, const Json* selector, const Path& path) {
  if (!selector) return;
  check_labels(errors, object(*selector, "matchLabels"), path.child("matchLabels"));
  const Json& expressions = array(*selector, "matchExpressions");
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    check_requirement(errors, expressions[i], path.at("matchExpressions", i));
  }
}

void check_dns_label(FieldErrors& errors, std::string_view value, const Path& path) {
  errors.invalid_each(path, value, dns_label_messages(value));
}

void check_dns_subdomain(FieldErrors& errors, std::string_view value, const Path& path) {
  errors.invalid_each(path, value, dns_subdomain_messages(value));
}

void check_not_negative(FieldErrors& errors, std::int64_t value, const Path& path) {
  if (value < 0) errors.invalid(path, value, "must be greater than or equal to 0");
}

void check_ip(FieldErrors& errors, std::string_view value, const Path& path) {
  if (!parse_ip(value).valid) {
    errors.invalid(path, value, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
  }
}

void check_cidr(FieldErrors& errors, std::string_view value, const Path& path) {
  if (!is_cidr(value)) {
    errors.invalid(path, value, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
  }
}

void check_not_special_ip(FieldErrors& errors, std::string_view value, const Path& path) {
  const IpAddress ip = parse_ip(value);
  if (!ip.valid) {
    errors.invalid(path, value, "must be a valid IP address");
    return;
  }
  if (ip.unspecified()) {
    errors.invalid(path, value, "may not be unspecified (" + std::string(value) + ")");
  }
  if (ip.loopback()) {
    errors.invalid(path, value, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
  }
  if (ip.link_local()) {
    errors.invalid(path, value, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
  }
  if (ip.link_local_multicast()) {
    errors.invalid(path, value,
                   "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
  }
}

void check_immutable(FieldErrors& errors, const Json* now, const Json* old, const Path& path) {
  if (!same(now, old)) errors.invalid_raw(path, json_text(now), kImmutable);
}

SelectorState selector_state(const Json* selector) {
  if (!selector) return SelectorState::kNothing;
  const Json& labels = object(*selector, "matchLabels");
  const Json& expressions = array(*selector, "matchExpressions");
  if (labels.empty() && expressions.empty()) return SelectorState::kEverything;
  FieldErrors errors;
  check_labels(errors, labels, Path("selector"));
  if (!errors.empty()) return SelectorState::kBroken;
  const bool broken = std::any_of(expressions.begin(), expressions.end(), requirement_broken);
  return broken ? SelectorState::kBroken : SelectorState::kSome;
}

bool selector_matches(const Json* selector, const Json& labels) {
  const SelectorState state = selector_state(selector);
  if (state != SelectorState::kSome) return state == SelectorState::kEverything;
  for (const auto& [key, value] : object(*selector, "matchLabels").items()) {
    const auto it = labels.is_object() ? labels.find(key) : labels.end();
    if (it == labels.end() || *it != value) return false;
  }
  const Json& expressions = array(*selector, "matchExpressions");
  return std::all_of(expressions.begin(), expressions.end(),
                     [&](const Json& e) { return requirement_matches(e, labels); });
}

std::string selector_text(const Json* selector) {
  if (!selector) return "null";
  std::string out = "{";
  const Json& labels = object(*selector, "matchLabels");
  if (!labels.empty()) out += "\"matchLabels\":" + labels.dump();
  const Json& expressions = array(*selector, "matchExpressions");
  if (!expressions.empty()) {
    out.append(out.size() > 1 ? "," : "").append("\"matchExpressions\":[");
    for (std::size_t i = 0; i < expressions.size(); ++i) {
      const Json& e = expressions[i];
      out.append(i ? "," : "").append("{\"key\":").append(quoted(text(e, "key")));
      out.append(",\"operator\":").append(quoted(text(e, "operator")));
      if (!array(e, "values").empty()) out.append(",\"values\":").append(array(e, "values").dump());
      out.append("}");
    }
    out.append("]");
  }
  return out + "}";
}

std::string json_text(const Json* value) { return value ? value->dump() : "null"; }

bool same(const Json* a, const Json* b) {
  if (empty_value(a) || empty_value(b)) return empty_value(a) && empty_value(b);
  if (a->type() != b->type() && !(a->is_number() && b->is_number())) return false;
  if (a->is_array()) {
    if (a->size() != b->size()) return false;
    for (std::size_t i = 0; i < a->size(); ++i) {
      if (!same(&(*a)[i], &(*b)[i])) return false;
    }
    return true;
  }
  if (!a->is_object()) return *a == *b;
  for (const auto& [key, value] : a->items()) {
    const auto it = b->find(key);
    if (!same(&value, it == b->end() ? nullptr : &*it)) return false;
  }
  for (const auto& [key, value] : b->items()) {
    if (!a->contains(key) && !empty_value(&value)) return false;
  }
  return true;
}

}  // namespace orrery::api
