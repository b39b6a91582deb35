#include "sim/serving/metrics_api.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/apiserver/object_filter.h"
#include "core/apiserver/wire/wire_options.h"

namespace orrery::sim {
namespace {

using nlohmann::json;
using apiserver::CallRef;
using apiserver::Shaping;

constexpr const char* kGroup = "metrics.k8s.io";
constexpr const char* kVersion = "metrics.k8s.io/v1beta1";
constexpr const char* kWindow = "30s";

json usage_json(const Usage& usage) {
  return {{"cpu", fmt::format("{}m", usage.cpu_milli)},
          {"memory", fmt::format("{}Ki", usage.memory_bytes >> 10)}};
}

json head_of(const api::Object& object, const char* kind, Time now) {
  json meta = {{"name", object.meta.name.str()}, {"creationTimestamp", format_rfc3339(now)}};
  if (!object.meta.namespace_.empty()) meta["namespace"] = object.meta.namespace_.str();
  for (const auto& [key, value] : object.meta.labels->entries()) {
    meta["labels"][key.str()] = value.str();
  }
  return {{"kind", kind},
          {"apiVersion", kVersion},
          {"metadata", std::move(meta)},
          {"timestamp", format_rfc3339(now)},
          {"window", kWindow}};
}

bool is_measured(const api::Object& object) {
  if (const api::Pod* pod = api::as<api::Pod>(&object)) return pod->status.phase == "Running";
  const auto& node = static_cast<const api::Node&>(object);
  for (const api::NodeCondition& c : node.status.conditions) {
    if (c.type == "Ready") return c.status == "True";
  }
  return false;
}

// `kubectl get nodes.metrics.k8s.io`
json table_of(const apiserver::Call& call, const json& items) {
  json columns = json::array(), rows = json::array();
  for (const api::ColumnRow& c : call.served->row->columns) {
    columns.push_back({{"name", c.name},
                       {"type", c.type},
                       {"format", c.format == "-" ? "" : std::string(c.format)},
                       {"description", ""},
                       {"priority", c.priority}});
  }
  const auto sum = [](const json& item) {
    if (item.contains("usage")) return item["usage"];
    std::int64_t cpu = 0, memory = 0;
    for (const json& c : item["containers"]) {
      cpu += std::stoll(c["usage"]["cpu"].get<std::string>());
      memory += std::stoll(c["usage"]["memory"].get<std::string>());
    }
    return json{{"cpu", fmt::format("{}m", cpu)}, {"memory", fmt::format("{}Ki", memory)}};
  };
  for (const json& item : items) {
    const json usage = sum(item);
    rows.push_back({{"cells",
                     {item["metadata"]["name"], usage["cpu"], usage["memory"], item["window"]}},
                    {"object",
                     {{"kind", "PartialObjectMetadata"},
                      {"apiVersion", "meta.k8s.io/v1"},
                      {"metadata", item["metadata"]}}}});
  }
  return {{"kind", "Table"},
          {"apiVersion", "meta.k8s.io/" + call.wanted.meta_version},
          {"metadata", json::object()},
          {"columnDefinitions", std::move(columns)},
          {"rows", std::move(rows)}};
}

}  // namespace

MetricsApi::MetricsApi(Env& env, apiserver::ApiServer& server, const store::Store& store,
                       PodUsage usage)
    : env_(env), server_(server), store_(store), usage_(std::move(usage)) {}

void MetricsApi::add_to(apiserver::WireServer& wire) {
  server_.add_resources(kGroup, metrics_table());
  wire.add_resource(kGroup, "pods", "", [this, &wire](CallRef call) {
    serve(wire, std::move(call), api::KindId::kPod);
  });
  wire.add_resource(kGroup, "nodes", "", [this, &wire](CallRef call) {
    serve(wire, std::move(call), api::KindId::kNode);
  });
}

void MetricsApi::serve(apiserver::WireServer& wire, CallRef call, api::KindId kind) {
  const bool is_get = call->info.verb == "get";
  if (!is_get && call->info.verb != "list") return call->fail(apiserver::method_not_allowed());
  auto wanted = apiserver::negotiate(call->request().header("accept"), true);
  if (!wanted.ok()) return call->fail(wanted.status());
  call->wanted = *wanted;
  // The API table cannot say the Duration in these messages: clients take JSON as well.
  if (wanted->encoding == apiserver::Encoding::kProtobuf) {
    call->wanted.encoding = apiserver::Encoding::kJson;
  }
  json items = json::array();
  if (is_get) {
    const api::ObjectRef* found = store_.find(kind, Symbol(call->info.space), call->info.name);
    if (!found || !is_measured(**found)) {
      return call->fail(Status(
          Reason::kNotFound,
          fmt::format("{}.{} \"{}\" not found", call->info.resource, kGroup, call->info.name)));
    }
    items.push_back(document_of(**found));
  } else {
    const auto filter = apiserver::ObjectFilter::make(
        server_.kinds().info(kind), Symbol(call->info.space), call->query.get("labelSelector"),
        call->query.get("fieldSelector"));
    if (!filter.ok()) return call->fail(filter.status());
    for (const api::ObjectRef& object : store_.table(kind).sorted()) {
      if (is_measured(*object) && filter->matches(*object)) items.push_back(document_of(*object));
    }
  }
  const apiserver::View view = wire.view_of(*call);
  json answer = is_get ? items[0]
                       : json{{"kind", std::string(call->served->row->kind) + "List"},
                              {"apiVersion", kVersion},
                              {"metadata", json::object()},
                              {"items", items}};
  if (call->wanted.shaping == Shaping::kTable) answer = table_of(*call, items);
  call->reply(200, apiserver::content_type_of(call->wanted, false),
              wire.encoder().document(view, answer));
}

json MetricsApi::document_of(const api::Object& object) const {
  if (const api::Pod* pod = api::as<api::Pod>(&object)) return pod_metrics(*pod);
  return node_metrics(static_cast<const api::Node&>(object));
}

json MetricsApi::pod_metrics(const api::Pod& pod) const {
  json document = head_of(pod, "PodMetrics", env_.now());
  document["containers"] = json::array();
  for (const PodUsage::OfContainer& c : usage_.of(pod, env_.now())) {
    document["containers"].push_back({{"name", c.name.str()}, {"usage", usage_json(c.usage)}});
  }
  return document;
}

json MetricsApi::node_metrics(const api::Node& node) const {
  Usage sum = PodUsage::of_system(node);
  store_.table(api::KindId::kPod).for_each([&](const api::ObjectRef& object) {
    const auto& pod = static_cast<const api::Pod&>(*object);
    if (!(pod.node_name == node.meta.name.view())) return;
    for (const PodUsage::OfContainer& c : usage_.of(pod, env_.now())) sum.add(c.usage);
  });
  json document = head_of(node, "NodeMetrics", env_.now());
  document["usage"] = usage_json(sum);
  return document;
}

}  // namespace orrery::sim
