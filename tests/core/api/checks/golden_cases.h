// The recorded requests of api/cases.jsonl as the checks see them: method, group, kind, namespace
// and body; and a comparison of what we make of a body with what the server stored.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>  // tidy: for the golden tests only
#include <optional>
#include <string>
#include <vector>

#include "core/api/checks/checks.h"
#include "tests/core/api/values/golden_lines.h"

namespace orrery::api {

using Json = nlohmann::json;

struct Case {
  std::string name, method, path, group, kind, space;
  Json body, response;
  int status = 0;
  bool has_warnings = false;

  /// The group that errors of this kind name: events are core's whatever version they come in.
  std::string error_group() const { return kind == "Event" ? "" : group; }
};

inline std::string between(const std::string& text, const std::string& from, const char* end) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + from.size();
  return text.substr(begin, text.find(end, begin) - begin);
}

/// Values in place of the record's variables where a variable would not pass the checks itself.
inline std::string with_values(std::string line) {
  const std::pair<const char*, const char*> values[] = {
      {"<uid:1>", "7b1c2d3e-0000-4000-8000-00000000abcd"},
      {"<rand>", "x7x7x"},
      {"<clusterIP:1>", "10.96.0.17"}};
  for (const auto& [from, to] : values) {
    const std::string token = from;
    for (std::size_t at = line.find(token); at != std::string::npos; at = line.find(token, at)) {
      line.replace(at, token.size(), to);
    }
  }
  return line;
}
constexpr char kUid[] = "7b1c2d3e-0000-4000-8000-00000000abcd";

/// Null where the record is no JSON request of an object.
inline std::optional<Case> read_case(const std::string& line) {
  const Json record = Json::parse(with_values(line));
  if (!record["body"].is_string() || record["contentType"] != "application/json") return {};
  Case out;
  out.body = Json::parse(record["body"].get<std::string>(), nullptr, false);
  if (!out.body.is_object() || !out.body.contains("kind")) return {};
  out.name = record.value("name", "");
  out.method = record["method"];
  out.path = record["path"];
  out.group = between(out.path, "/apis/", "/");
  out.kind = out.body["kind"];
  out.space = between(out.path, "/namespaces/", "/");
  if (out.kind == "Namespace") out.space.clear();
  out.status = record["status"];
  out.response = record.value("response", Json());
  out.has_warnings = record.contains("warnings");
  return out;
}

/// What admission and allocation add, which are no part of the checks: {kind, spec members}.
struct Added {
  const char* kind;
  std::vector<std::string> members;
};
inline const std::vector<Added>& server_added() {
  static const std::vector<Added> kAdded{
      {"Service", {"clusterIP", "clusterIPs", "healthCheckNodePort"}},
      {"Pod",
       {"serviceAccountName", "serviceAccount", "tolerations", "priority", "preemptionPolicy",
        "overhead", "nodeSelector"}},
  };
  return kAdded;
}

/// Volumes that admission mounts into pods.
inline bool is_token_volume(const Json& item) {
  return item.is_object() && item.value("name", "").starts_with("kube-api-access-");
}

/// Removes from a stored object what the server added by admission and allocation.
inline void remove_added(Json& object, const Json& body) {
  Json& spec = object["spec"];
  if (!spec.is_object()) return;
  for (const Added& added : server_added()) {
    if (object.value("kind", "") != added.kind) continue;
    for (const std::string& key : added.members) spec.erase(key);
  }
  if (object.value("kind", "") == "Service") {
    for (Json& port : spec["ports"]) port.erase("nodePort");
    if (spec["ports"].is_null()) spec.erase("ports");
  }
  if (object.value("kind", "") != "Pod") return;
  const auto drop = [](Json& holder, const char* key) {
    if (!holder.contains(key)) return;
    Json kept = Json::array();
    for (const Json& item : holder[key]) {
      if (!is_token_volume(item)) kept.push_back(item);
    }
    holder[key] = kept;
    if (kept.empty()) holder.erase(key);
  };
  if (!body.contains("/spec/volumes"_json_pointer)) drop(spec, "volumes");
  drop(spec, "volumes");
  for (const char* list : {"containers", "initContainers"}) {
    if (!spec.contains(list)) continue;
    for (Json& container : spec[list]) drop(container, "volumeMounts");
  }
}

/// Go omits empty members on output, so an empty one that the body itself named may be missing.
inline bool is_zero(const Json& value) {
  return value.is_null() || value == "" || value == 0 || value == false ||
         (value.is_structured() && value.empty());
}

inline const Json& child_of(const Json& value, const std::string& key) {
  static const Json kNone;
  return value.is_object() && value.contains(key) ? value[key] : kNone;
}

/// The path of the first difference, "" where there is none.
inline std::string first_difference(const Json& ours, const Json& stored, const Json& body,
                                    const std::string& path = "") {
  if (ours.is_object() && stored.is_object()) {
    for (const auto& [key, value] : stored.items()) {
      if (!ours.contains(key) && value.is_null()) continue;
      if (!ours.contains(key)) return path + "." + key + " is missing, should be " + value.dump();
      const std::string why =
          first_difference(ours[key], value, child_of(body, key), path + "." + key);
      if (!why.empty()) return why;
    }
    for (const auto& [key, value] : ours.items()) {
      if (stored.contains(key)) continue;
      const bool named = body.is_object() && body.contains(key);
      if (!(named && is_zero(value))) return path + "." + key + " is too much: " + value.dump();
    }
    return {};
  }
  if (ours.is_array() && stored.is_array() && ours.size() == stored.size()) {
    for (std::size_t i = 0; i < ours.size(); ++i) {
      const Json& from = body.is_array() && i < body.size() ? body[i] : Json();
      const std::string why =
          first_difference(ours[i], stored[i], from, path + "[" + std::to_string(i) + "]");
      if (!why.empty()) return why;
    }
    return {};
  }
  if (ours == stored || stored == "<varies>") return {};
  return path + ": " + ours.dump() + " should be " + stored.dump();
}

/// A body as the API server hands it to the checks: with namespace, name, uid and creation time,
/// then defaulted and prepared. Errors of the IP families end a request before validation.
struct Created {
  Json object;
  FieldErrors errors;
};
inline Created create_from(const Case& c) {
  Created out{c.body, {}};
  Json& meta = out.object["metadata"];
  if (!meta.is_object()) meta = Json::object();
  if (!c.space.empty()) meta["namespace"] = c.space;
  if (meta.value("name", "").empty() && !meta.value("generateName", "").empty()) {
    meta["name"] = meta["generateName"].get<std::string>() + "x7x7x";
  }
  meta["uid"] = kUid;
  meta["creationTimestamp"] = "<ts>";
  apply_defaults(c.group, c.kind, out.object);
  if (c.kind == "Job") job_generate_selector(out.object, kUid);
  prepare_create(c.group, c.kind, out.object);
  if (c.kind == "Pod") {  // admission
    Json& spec = out.object["spec"];
    if (spec.value("serviceAccountName", "").empty()) spec["serviceAccountName"] = "default";
  }
  if (c.kind == "Service") {
    out.errors = service_ip_families(out.object);
    if (!out.errors.empty()) return out;
    Json& spec = out.object["spec"];
    const bool local = spec.value("externalTrafficPolicy", "") == "Local";
    if (spec.value("type", "") == "LoadBalancer" && local) spec["healthCheckNodePort"] = 30000;
  }
  out.errors = validate_create(c.group, c.kind, out.object);
  return out;
}

/// The difference between our Status and the recorded one, "" where there is none.
inline std::string status_difference(const Case& c, const FieldErrors& errors,
                                     const std::string& name) {
  if (errors.empty()) return "accepted, should be: " + c.response.value("message", "");
  const Status status = invalid_status(c.kind, c.error_group(), name, errors);
  const std::string message = c.response.value("message", "");
  if (status.message() != message) return status.message() + "\n  should be: " + message;
  const Json causes = c.response["details"].value("causes", Json::array());
  const auto& ours = status.details().causes;
  if (ours.size() != causes.size()) return "other number of causes";
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (ours[i].field != causes[i].value("field", "") ||
        ours[i].reason != causes[i].value("reason", "") ||
        ours[i].message != causes[i].value("message", "")) {
      return "cause " + std::to_string(i) + ": " + ours[i].field + " " + ours[i].reason + " " +
             ours[i].message + " should be " + causes[i].dump();
    }
  }
  return {};
}

}  // namespace orrery::api
