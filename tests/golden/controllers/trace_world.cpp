#include "tests/golden/controllers/trace_world.h"

#include <nlohmann/json.hpp>

namespace orrery::golden {
namespace {

// Any user latency between the quarter and the whole of the controllers' replays all traces alike;
// below, the script's writes overtake the controllers' reactions more than they did in the
// recording.
constexpr sim::LinkModel kUserLink{{1ms, 1ms}, {100us, 100us}};
constexpr sim::LinkModel kControllerLink{{2ms, 2ms}, {100us, 100us}};

}  // namespace

TraceWorld::TraceWorld(std::string name)
    : ns(std::move(name)),
      user_(env, server, kUserLink, "trace"),
      client_(env, server, kControllerLink, "kube-controller-manager"),
      informers_(env, client_) {
  server.bootstrap();
  start_controllers();
  for (const char* node : {"n0", "n1", "n2"}) {
    Request request;
    request.verb = Verb::kCreate;
    request.kind = api::KindId::kNode;
    request.document = api::RawRef(nlohmann::json{
        {"apiVersion", "v1"}, {"kind", "Node"}, {"metadata", {{"name", node}}}});
    CHECK(call(std::move(request)).status.ok());
  }
  Request request;
  request.verb = Verb::kCreate;
  request.kind = api::KindId::kNamespace;
  request.document = api::RawRef(nlohmann::json{
      {"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", ns}}}});
  CHECK(call(std::move(request)).status.ok());
  run_for(1s);
}

api::Kinds TraceWorld::all_kinds() {
  api::Kinds kinds;
  kinds.add("", "v1", "ResourceQuota", "resourcequotas", true);  // has no struct; a trace needs it
  return kinds;
}

void TraceWorld::start_controllers() {
  controller::ControllerOptions options;
  options.enabled = controller::ControllerManager::names();
  std::erase(options.enabled, "node-lifecycle");  // as recorded: the nodes have no heartbeats
  controllers_ = std::make_unique<controller::ControllerManager>(env, client_, informers_, kinds,
                                                                 std::move(options));
  informers_.start();
  run_for(1s);
  CHECK(informers_.has_synced());
}

Response TraceWorld::call(Request request) {
  std::optional<Response> out;
  user_.call(std::move(request), [&](Response r) { out = std::move(r); });
  while (!out) CHECK(loop.run_one());
  return std::move(*out);
}

Request TraceWorld::about(Verb verb, api::KindId kind, std::string_view name) const {
  Request request;
  request.verb = verb;
  request.kind = kind;
  if (kinds.info(kind).namespaced) request.namespace_ = Symbol(ns);
  request.name = Text(name);
  return request;
}

api::KindId TraceWorld::kind(std::string_view api_version, std::string_view kind_name) const {
  const api::KindInfo* info = kinds.find(api_version, kind_name);
  CHECK(info != nullptr);
  return info->id;
}

std::vector<api::ObjectRef> TraceWorld::list(api::KindId kind) const {
  std::vector<api::ObjectRef> out;
  for (const api::ObjectRef& object : store.table(kind).sorted()) {
    if (object->meta.namespace_ == ns) out.push_back(object);
  }
  return out;
}

}  // namespace orrery::golden
