#include "core/api/quota.h"

#include <nlohmann/json.hpp>

namespace orrery::api {
namespace {

using nlohmann::json;

const json* at(const json& document, const char* path) {
  const json::json_pointer pointer(path);
  return document.contains(pointer) ? &document.at(pointer) : nullptr;
}

bool read_amounts(const json& document, const char* path, ResourceList& out) {
  const json* list = at(document, path);
  if (!list || !list->is_object()) return false;
  for (const auto& [name, value] : list->items()) {
    Result<Quantity> amount =
        Quantity::parse(value.is_string() ? value.get<std::string>() : value.dump());
    if (amount.ok()) out.set(Symbol(name), std::move(*amount));
  }
  return true;
}

Symbol symbol_in(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? Symbol(it->get<std::string>()) : Symbol();
}

json amounts(const ResourceList& list) {
  json out = json::object();
  for (const auto& [name, amount] : list) out[name.str()] = amount.to_string();
  return out;
}

}  // namespace

Quota read_quota(const Object& object) {
  Quota out;
  const RawRef& body = static_cast<const Dynamic&>(object).body;
  if (!body) return out;
  const json& document = body.json();
  read_amounts(document, "/spec/hard", out.limits);
  if (const json* scopes = at(document, "/spec/scopes"); scopes && scopes->is_array()) {
    for (const json& scope : *scopes) {
      if (!scope.is_string()) continue;
      out.scopes.push_back({Symbol(scope.get<std::string>()), Symbol("Exists"), {}});
    }
  }
  const json* rules = at(document, "/spec/scopeSelector/matchExpressions");
  if (rules && rules->is_array()) {
    for (const json& rule : *rules) {
      QuotaScope scope{symbol_in(rule, "scopeName"), symbol_in(rule, "operator"), {}};
      if (const json* values = at(rule, "/values"); values && values->is_array()) {
        for (const json& v : *values) {
          if (v.is_string()) scope.values.emplace_back(v.get<std::string>());
        }
      }
      out.scopes.push_back(std::move(scope));
    }
  }
  const bool has_hard = read_amounts(document, "/status/hard", out.hard);
  out.is_counted = read_amounts(document, "/status/used", out.used) && has_hard;
  return out;
}

Ref<Object> with_quota_status(const Object& quota, const ResourceList& hard,
                              const ResourceList& used) {
  Ref<Object> out = quota.clone();
  RawRef& body = static_cast<Dynamic&>(*out).body;
  json document = body ? body.json() : json::object();
  document["status"] = json{{"hard", amounts(hard)}, {"used", amounts(used)}};
  body = RawRef(std::move(document));
  return out;
}

}  // namespace orrery::api
