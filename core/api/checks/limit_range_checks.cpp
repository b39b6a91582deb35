// Defaults and checks of LimitRanges.
#include <fmt/format.h>

#include <set>

#include "core/api/checks/amount.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/pod_defaults.h"
#include "core/api/checks/quota_checks.h"
#include "core/api/checks/resource_checks.h"
#include "core/api/values/quantity.h"

namespace orrery::api {
namespace {

constexpr const char* kLists[] = {"max", "min", "default", "defaultRequest",
                                  "maxLimitRequestRatio"};

void copy_missing(Json& to, const Json& from) {
  for (const auto& [name, value] : from.items()) set_if_absent(to, name.c_str(), value);
}

void default_item(Json& item) {
  for (const char* key : kLists) {
    if (has(item, key)) default_resource_list(&item[key]);
  }
  if (text(item, "type") != "Container") return;
  Json limits = object(item, "default"), requests = object(item, "defaultRequest");
  copy_missing(limits, object(item, "max"));
  copy_missing(requests, limits);
  copy_missing(requests, object(item, "min"));
  if (!limits.empty()) item["default"] = std::move(limits);
  if (!requests.empty()) item["defaultRequest"] = std::move(requests);
}

void check_type(FieldErrors& errors, std::string_view type, const Path& path) {
  const Messages messages = qualified_name_messages(type);
  errors.invalid_each(path, type, messages);
  if (!messages.empty() || type.find('/') != std::string_view::npos) return;
  if (type != "Pod" && type != "Container" && type != "PersistentVolumeClaim") {
    errors.invalid(path, type, "must be a standard limit type or fully qualified");
  }
}

void check_names(FieldErrors& errors, const Json& item, const char* key, const Path& path) {
  const std::string_view type = text(item, "type");
  const bool containers = type == "Pod" || type == "Container";
  for (const auto& [name, value] : object(item, key).items()) {
    check_limited_resource_name(errors, name, containers, path.child(key).key(name));
  }
}

// One resource of an item: its amounts, null where the item does not say.
struct Amounts {
  const Json *most, *least, *limit, *request, *ratio;
  const Path& path;
  const std::string& name;
};

void compare(FieldErrors& errors, const Amounts& a, const char* list, const Json* low,
             const Json* high, const Json* shown, const char* low_name, const char* high_name) {
  if (!low || !high || compare_amounts(low, high) <= 0) return;
  errors.invalid(a.path.child(list).key(a.name), amount_text(shown),
                 fmt::format("{} value {} is greater than {} value {}", low_name, amount_text(low),
                             high_name, amount_text(high)));
}

void check_ratio(FieldErrors& errors, const Amounts& a) {
  if (!a.ratio) return;
  const Path list = a.path.child("maxLimitRequestRatio");
  const std::string shown = amount_text(a.ratio);
  const Json one = "1";
  if (compare_amounts(a.ratio, &one) < 0) {
    errors.invalid(list.key(a.name), shown, "ratio " + shown + " is less than 1");
  }
  if (!a.least || !a.most) return;
  const auto milli = [](const Json* value) {
    const Result<Quantity> q = Quantity::parse(amount_text(value));
    return q.ok() ? static_cast<double>(q->milli_value()) : 0.0;
  };
  const double least = milli(a.least);
  if (least <= 0) return;
  const double possible = milli(a.most) / least;
  if (milli(a.ratio) / 1000 > possible) {
    errors.invalid(list.key(a.name), shown,
                   fmt::format("ratio {} is greater than max/min = {:f}", shown, possible));
  }
}

void check_amounts(FieldErrors& errors, const Amounts& a) {
  compare(errors, a, "min", a.least, a.most, a.least, "min", "max");
  compare(errors, a, "defaultRequest", a.least, a.request, a.request, "min", "default request");
  compare(errors, a, "defaultRequest", a.request, a.most, a.request, "default request", "max");
  compare(errors, a, "defaultRequest", a.request, a.limit, a.request, "default request",
          "default limit");
  compare(errors, a, "default", a.least, a.limit, a.least, "min", "default");
  compare(errors, a, "default", a.limit, a.most, a.most, "default", "max");
  check_ratio(errors, a);
  const bool differ = a.limit && a.request && compare_amounts(a.limit, a.request) != 0;
  if (!is_overcommit_allowed(a.name) && differ) {
    errors.invalid(a.path.child("default").key(a.name), amount_text(a.limit),
                   fmt::format("default value {} must equal to defaultRequest value {} in {}",
                               amount_text(a.limit), amount_text(a.request), a.name));
  }
}

void check_item(FieldErrors& errors, const Json& item, const Path& path) {
  const std::string_view type = text(item, "type");
  check_names(errors, item, "max", path);
  check_names(errors, item, "min", path);
  for (const char* key : {"default", "defaultRequest"}) {
    if (type != "Pod") {
      check_names(errors, item, key, path);
    } else if (!object(item, key).empty()) {
      errors.forbidden(path.child(key), "may not be specified when `type` is 'Pod'");
    }
  }
  if (type == "PersistentVolumeClaim" && !has(object(item, "min"), "storage") &&
      !has(object(item, "max"), "storage")) {
    errors.required(path.child("limits"),
                    "either minimum or maximum storage value is required, but neither was "
                    "provided");
  }
  check_names(errors, item, "maxLimitRequestRatio", path);
  std::set<std::string> names;
  for (const char* key : kLists) {
    const bool skipped = type == "Pod" && std::string_view(key).starts_with("default");
    if (skipped) continue;
    for (const auto& [name, value] : object(item, key).items()) names.insert(name);
  }
  for (const std::string& name : names) {
    const auto of = [&](const char* key) { return member(object(item, key), name.c_str()); };
    check_amounts(errors, {of("max"), of("min"), type == "Pod" ? nullptr : of("default"),
                           type == "Pod" ? nullptr : of("defaultRequest"),
                           of("maxLimitRequestRatio"), path, name});
  }
}

}  // namespace

void default_limit_range(Json& range) {
  for (Json& item : items_of(make_object(range, "spec"), "limits")) default_item(item);
}

void check_limit_range(FieldErrors& errors, const Json& range) {
  check_object_meta(errors, range, Scope::kNamespaced, subdomain_name);
  const Path path("spec.limits");
  std::set<std::string_view> types;
  const Json& limits = array(object(range, "spec"), "limits");
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const Path at = path.index(i);
    const std::string_view type = text(limits[i], "type");
    check_type(errors, type, at.child("type"));
    if (!types.insert(type).second) errors.duplicate(at.child("type"), type);
    check_item(errors, limits[i], at);
  }
}

}  // namespace orrery::api
