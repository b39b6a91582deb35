#include "core/apiserver/tables/row_text.h"

#include <algorithm>
#include <set>

#include "core/api/checks/json_view.h"
#include "core/api/schema/go_print.h"
#include "core/api/values/selector.h"
#include "core/apiserver/tables/age.h"

namespace orrery::apiserver {

using namespace api::json_view;

std::string_view name_of(const Json& o) { return text(object(o, "metadata"), "name"); }

std::string age_of(const Json& o, Time now) {
  return age_text(time_at(object(o, "metadata"), "creationTimestamp"), now);
}

bool is_being_deleted(const Json& o) {
  return !text(object(o, "metadata"), "deletionTimestamp").empty();
}

bool has_annotation(const Json& o, const char* key, std::string_view value) {
  return text(object(object(o, "metadata"), "annotations"), key) == value;
}

Time time_at(const Json& o, const char* key) {
  const std::string_view written = text(o, key);
  if (written.empty()) return {};
  const Result<Time> time = parse_rfc3339(written);
  return time.ok() ? *time : Time{};
}

std::string quantity_at(const Json& list, const char* key, std::string_view absent) {
  const Json* value = member(list, key);
  return value ? scalar_text(*value) : std::string(absent);
}

std::string scalar_text(const Json& value) { return api::go_print(value); }

std::string labels_text(const Json& labels) {
  std::string out;
  if (labels.is_object()) {
    for (const auto& [key, value] : labels.items()) {
      if (!out.empty()) out += ',';
      out.append(key).append("=").append(as_text(value));
    }
  }
  return out.empty() ? "<none>" : out;
}

std::string labels_text(const api::Labels& labels) {
  std::string out;
  for (const auto& [key, value] : labels.entries()) {
    if (!out.empty()) out += ',';
    out.append(key.view()).append("=").append(value.view());
  }
  return out.empty() ? "<none>" : out;
}

std::optional<std::string> selector_query(const Json* selector) {
  if (!selector) return "";
  api::LabelSelector parts;
  for (const auto& [key, value] : object(*selector, "matchLabels").items()) {
    parts.match_labels.emplace_back(Symbol(key), Symbol(as_text(value)));
  }
  for (const Json& expression : array(*selector, "matchExpressions")) {
    api::LabelSelectorRequirement requirement;
    requirement.key = Symbol(text(expression, "key"));
    requirement.operator_ = Symbol(text(expression, "operator"));
    for (const Json& value : array(expression, "values")) {
      requirement.values.push_back(Symbol(as_text(value)));
    }
    parts.match_expressions.push_back(std::move(requirement));
  }
  const Result<api::Selector> compiled = api::Selector::from(parts);
  if (!compiled.ok()) return std::nullopt;
  return compiled->to_string();
}

std::string selector_text(const Json* selector) {
  const std::optional<std::string> query = selector_query(selector);
  if (!query) return "<error>";
  return query->empty() ? "<none>" : *query;
}

std::string joined_members(const Json& list, const char* key) {
  std::string out;
  const char* separator = "";
  for (const Json& item : list) {
    out.append(separator).append(text(item, key));
    separator = ",";
  }
  return out;
}

std::string joined(const std::vector<std::string_view>& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

std::string joined_texts(const Json& list, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (const Json& item : list) parts.push_back(as_text(item));
  return joined(parts, separator);
}

std::string load_balancer_text(const Json& status) {
  std::set<std::string_view> points;
  for (const Json& point : array(object(status, "loadBalancer"), "ingress")) {
    const std::string_view ip = text(point, "ip");
    const std::string_view host = text(point, "hostname");
    if (!ip.empty()) {
      points.insert(ip);
    } else if (!host.empty()) {
      points.insert(host);
    }
  }
  return joined({points.begin(), points.end()}, ",");
}

std::string lower_case(std::string_view written) {
  std::string out(written);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

const Json& object_at(const Json& o, std::initializer_list<const char*> path) {
  const Json* at = &o;
  for (const char* key : path) at = &object(*at, key);
  return *at;
}

}  // namespace orrery::apiserver
