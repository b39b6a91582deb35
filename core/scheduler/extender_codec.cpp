#include "core/scheduler/extender_codec.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/object_codec.h"

namespace orrery::scheduler {
namespace {

using nlohmann::json;

/// As Go writes an object out of a cache: without apiVersion and kind.
json bare(const api::Kinds& kinds, const api::Object& object) {
  json out = api::encode_object(kinds, object);
  out.erase("apiVersion");
  out.erase("kind");
  return out;
}

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

/// The member of this name in any case, the exact one first; null if absent or JSON null.
const json* member(const json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const json* found = nullptr;
  for (const auto& [key, value] : object.items()) {
    if (key == name) {
      found = &value;
      break;
    }
    if (!found && same_letters(key, name)) found = &value;
  }
  return found && !found->is_null() ? found : nullptr;
}

std::string text_of(const json& object, std::string_view name) {
  const json* value = member(object, name);
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::int64_t number_of(const json& object, std::string_view name) {
  const json* value = member(object, name);
  return value && value->is_number_integer() ? value->get<std::int64_t>() : 0;
}

std::map<std::string, std::string> texts_of(const json& object, std::string_view name) {
  std::map<std::string, std::string> out;
  const json* value = member(object, name);
  if (!value || !value->is_object()) return out;
  for (const auto& [key, text] : value->items()) {
    out[key] = text.is_string() ? text.get<std::string>() : std::string();
  }
  return out;
}

/// The document, or why it is none. `wanted`: its JSON type.
Result<json> parse(const std::string& body, json::value_t wanted) {
  json document = json::parse(body, nullptr, false);
  if (document.is_discarded()) return bad_request("the answer is not JSON");
  if (document.is_null()) document = json(wanted);
  if (document.type() != wanted) {
    return bad_request(std::string("the answer is a JSON ") + document.type_name() + ", not " +
                       json(wanted).type_name());
  }
  return document;
}

std::string dump(const json& document) {
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string encode_extender_args(const api::Kinds& kinds, const api::Pod& pod,
                                 std::span<const api::Node* const> nodes, bool names_only) {
  json args = {{"Pod", bare(kinds, pod)}, {"Nodes", nullptr}, {"NodeNames", nullptr}};
  if (names_only) {
    json& names = args["NodeNames"] = json::array();
    for (const api::Node* node : nodes) names.push_back(node->meta.name.str());
  } else {
    json items = json::array();
    for (const api::Node* node : nodes) items.push_back(bare(kinds, *node));
    args["Nodes"] = {{"metadata", json::object()}, {"items", std::move(items)}};
  }
  return dump(args);
}

Result<ExtenderFilterResult> decode_filter_result(const std::string& body) {
  auto document = parse(body, json::value_t::object);
  if (!document.ok()) return document.status();
  ExtenderFilterResult out;
  if (const json* nodes = member(*document, "Nodes")) {
    out.nodes.emplace();
    const json* items = member(*nodes, "items");
    for (std::size_t i = 0; items && items->is_array() && i < items->size(); ++i) {
      const json* meta = member((*items)[i], "metadata");
      out.nodes->push_back(meta ? text_of(*meta, "name") : std::string());
    }
  }
  if (const json* names = member(*document, "NodeNames"); names && names->is_array()) {
    out.node_names.emplace();
    for (const json& name : *names) {
      out.node_names->push_back(name.is_string() ? name.get<std::string>() : std::string());
    }
  }
  out.failed = texts_of(*document, "FailedNodes");
  out.failed_and_unresolvable = texts_of(*document, "FailedAndUnresolvableNodes");
  out.error = text_of(*document, "Error");
  return out;
}

Result<std::vector<HostPriority>> decode_priorities(const std::string& body) {
  auto document = parse(body, json::value_t::array);
  if (!document.ok()) return document.status();
  std::vector<HostPriority> out;
  for (const json& item : *document) {
    out.push_back({text_of(item, "Host"), number_of(item, "Score")});
  }
  return out;
}

std::string encode_preemption_args(const api::Kinds& kinds, const api::Pod& pod,
                                   std::span<const ExtenderVictims> victims, bool uids_only) {
  json nodes = json::object();
  for (const ExtenderVictims& node : victims) {
    json pods = json::array();
    for (const api::Pod* victim : node.pods) {
      pods.push_back(uids_only ? json{{"UID", victim->meta.uid.str()}} : bare(kinds, *victim));
    }
    nodes[node.node] = {{"Pods", std::move(pods)}, {"NumPDBViolations", node.pdb_violations}};
  }
  json args = {{"Pod", bare(kinds, pod)},
               {"NodeNameToVictims", nullptr},
               {"NodeNameToMetaVictims", nullptr}};
  args[uids_only ? "NodeNameToMetaVictims" : "NodeNameToVictims"] = std::move(nodes);
  return dump(args);
}

Result<std::map<std::string, MetaVictims>> decode_preemption_result(const std::string& body) {
  auto document = parse(body, json::value_t::object);
  if (!document.ok()) return document.status();
  std::map<std::string, MetaVictims> out;
  const json* nodes = member(*document, "NodeNameToMetaVictims");
  if (!nodes || !nodes->is_object()) return out;
  for (const auto& [name, node] : nodes->items()) {
    MetaVictims& victims = out[name];
    victims.pdb_violations = number_of(node, "NumPDBViolations");
    const json* pods = member(node, "Pods");
    for (std::size_t i = 0; pods && pods->is_array() && i < pods->size(); ++i) {
      victims.uids.push_back(text_of((*pods)[i], "UID"));
    }
  }
  return out;
}

std::string encode_binding_args(const api::Pod& pod, const std::string& node) {
  return dump(json{{"PodName", pod.meta.name.str()},
                   {"PodNamespace", pod.meta.namespace_.str()},
                   {"PodUID", pod.meta.uid.str()},
                   {"Node", node}});
}

Result<std::string> decode_binding_result(const std::string& body) {
  auto document = parse(body, json::value_t::object);
  if (!document.ok()) return document.status();
  return text_of(*document, "Error");
}

}  // namespace orrery::scheduler
