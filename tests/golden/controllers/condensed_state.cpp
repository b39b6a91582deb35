#include "tests/golden/controllers/condensed_state.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace orrery::golden {
namespace {

using nlohmann::json;

// Made in every namespace of the recorded cluster by a publisher that is no part of the trace.
constexpr std::string_view kFurniture[] = {"openshift-service-ca.crt", "kube-root-ca.crt"};

bool is_furniture(std::string_view name) {
  return std::find(std::begin(kFurniture), std::end(kFurniture), name) != std::end(kFurniture);
}

void drop_times(json& value) {
  if (value.is_object()) {
    for (auto it = value.begin(); it != value.end();) {
      if (it.key().ends_with("Time")) {
        it = value.erase(it);
      } else {
        drop_times(*it++);
      }
    }
  } else if (value.is_array()) {
    for (json& item : value) drop_times(item);
  }
}

std::string owner_of(const json& metadata) {
  for (const json& owner : metadata.value("ownerReferences", json::array())) {
    if (owner.value("controller", false)) {
      return owner["kind"].get<std::string>() + "/" + owner["name"].get<std::string>();
    }
  }
  return "";
}

json condense_pod(const json& pod) {
  const json& metadata = pod["metadata"];
  json out;
  out["owner"] = owner_of(metadata);
  if (out["owner"] == "" || out["owner"].get<std::string>().starts_with("StatefulSet/")) {
    out["name"] = metadata["name"];
  }
  for (const char* label : {"pod-template-hash", "controller-revision-hash",
                            "batch.kubernetes.io/job-completion-index"}) {
    const json labels = metadata.value("labels", json::object());
    if (labels.contains(label)) out[label] = labels[label];
  }
  const json status = pod.value("status", json::object());
  out["phase"] = status.value("phase", "");
  out["ready"] = false;
  for (const json& c : status.value("conditions", json::array())) {
    if (c["type"] == "Ready") out["ready"] = c["status"] == "True";
  }
  out["terminating"] = metadata.contains("deletionTimestamp");
  return out;
}

json condense(const std::string& plural, const json& object) {
  const json& metadata = object["metadata"];
  const json spec = object.value("spec", json::object());
  json out;
  out["name"] = metadata["name"];
  if (metadata.contains("deletionTimestamp")) out["terminating"] = true;
  if (metadata.contains("finalizers")) out["finalizers"] = metadata["finalizers"];
  const json annotations = metadata.value("annotations", json::object());
  for (const auto& [key, value] : annotations.items()) {
    if (key.starts_with("deployment.kubernetes.io/") ||
        key == "deprecated.daemonset.template.generation") {
      out["annotations"][key] = value;
    }
  }
  if (const std::string owner = owner_of(metadata); !owner.empty()) out["owner"] = owner;
  if (metadata.value("generation", 0) > 0) out["generation"] = metadata["generation"];
  for (const char* field : {"replicas", "parallelism", "completions", "suspend"}) {
    if (spec.contains(field)) out[field] = spec[field];
  }
  if (spec.value("paused", false)) out["paused"] = true;
  if (object.contains("revision")) out["revision"] = object["revision"];
  if (plural != "configmaps" && plural != "controllerrevisions") {
    out["status"] = object.value("status", json::object());
    drop_times(out["status"]);
  }
  return out;
}

// Text with <rand> for any five characters.
bool is_like(std::string_view pattern, std::string_view text) {
  constexpr std::string_view kRand = "<rand>";
  const std::size_t at = pattern.find(kRand);
  if (at == std::string_view::npos) return pattern == text;
  if (text.substr(0, at) != pattern.substr(0, at) || text.size() < at + 5) return false;
  return is_like(pattern.substr(at + kRand.size()), text.substr(at + 5));
}

void compare(const std::string& path, const json& recorded, const json& here,
             std::vector<std::string>& out) {
  if (recorded == "<varies>") return;
  if (recorded.is_object() && here.is_object()) {
    for (const auto& [key, value] : recorded.items()) {
      compare(path + "." + key, value, here.value(key, json()), out);
    }
    for (const auto& [key, value] : here.items()) {
      if (!recorded.contains(key)) compare(path + "." + key, json(), value, out);
    }
  } else if (recorded.is_array() && here.is_array() && recorded.size() == here.size()) {
    for (std::size_t i = 0; i < recorded.size(); ++i) {
      compare(path + "[" + std::to_string(i) + "]", recorded[i], here[i], out);
    }
  } else if (!(recorded.is_string() && here.is_string() &&
               is_like(recorded.get<std::string>(), here.get<std::string>())) &&
             recorded != here) {
    out.push_back(path + ": recorded " + recorded.dump() + ", here " + here.dump());
  }
}

json sorted(json items) {
  std::stable_sort(items.begin(), items.end(),
                   [](const json& a, const json& b) { return a.dump() < b.dump(); });
  return items;
}

}  // namespace

json condensed_state(const TraceWorld& world, const json& recorded) {
  json out = json::object();
  for (const auto& [plural, ignored] : recorded.items()) {
    out[plural] = json::array();
    std::map<std::string, std::pair<json, int>> pods;
    for (const api::KindInfo& info : world.kinds.all()) {
      if (!(info.resource == plural)) continue;
      for (const api::ObjectRef& object : world.list(info.id)) {
        if (is_furniture(object->meta.name.view())) continue;
        const json document = api::encode_object(world.kinds, *object);
        if (plural != "pods") {
          out[plural].push_back(condense(plural, document));
          continue;
        }
        const json pod = condense_pod(document);
        auto& entry = pods[pod.dump()];
        entry.first = pod;
        ++entry.second;
      }
    }
    for (auto& [text, entry] : pods) {
      entry.first["count"] = entry.second;
      out[plural].push_back(entry.first);
    }
  }
  return out;
}

std::vector<std::string> differences(const json& recorded, const json& here) {
  std::vector<std::string> out;
  for (const auto& [plural, items] : recorded.items()) {
    json wanted = items;
    for (std::size_t i = wanted.size(); i > 0; --i) {
      if (is_furniture(wanted[i - 1].value("name", ""))) {
        wanted.erase(i - 1);
      }
    }
    compare(plural, sorted(wanted), sorted(here.value(plural, json::array())), out);
  }
  return out;
}

}  // namespace orrery::golden
