#include "core/apiserver/api_server.h"

#include <nlohmann/json.hpp>

#include "core/api/config.h"
#include "core/api/custom/custom_resource.h"
#include "core/api/node.h"

namespace orrery::apiserver {

Response failed(Status status) {
  Response response;
  response.status = std::move(status);
  return response;
}

Response succeeded(api::ObjectRef object) {
  Response response;
  response.object = std::move(object);
  return response;
}

Response answer_of(Result<api::ObjectRef> put) {
  return put.ok() ? succeeded(std::move(*put)) : failed(put.status());
}

ApiServer::Done with_warnings(ApiServer::Done done, std::vector<std::string> warnings) {
  return [done = std::move(done), warnings = std::move(warnings)](Response response) mutable {
    if (response.status.ok()) response.warnings = std::move(warnings);
    done(std::move(response));
  };
}

ApiServer::ApiServer(Env& env, api::Kinds& kinds, const api::ApiTable& table,
                     store::Store& store, Admission admission)
    : env_(env),
      kinds_(kinds),
      table_(table),
      store_(store),
      catalog_(kinds, table),
      admission_(admission),
      uid_stream_(env.random.stream("apiserver.uid")),
      name_stream_(env.random.stream("apiserver.generate_name")),
      addresses_(kinds, store, env.random.stream("apiserver.service_addresses")),
      limits_(kinds, store),
      quotas_(env, kinds, store) {
  if (const api::KindInfo* info = kinds.find("node.k8s.io/v1", "RuntimeClass")) {
    runtime_classes_ = info->id;
  }
  if (const api::KindInfo* info =
          kinds.find("apiextensions.k8s.io/v1", "CustomResourceDefinition")) {
    definitions_ = info->id;
  }
  store_.add_observer([this](const store::Change& change) {
    switch (change.now->kind) {
      case api::KindId::kPriorityClass:
      case api::KindId::kServiceAccount:
        memo_.forget_specs();  // pods admitted under the old ones are admitted anew
        break;
      case api::KindId::kService: addresses_.follow(change); break;
      default:
        if (change.now->kind == limits_.kind() || change.now->kind == runtime_classes_) {
          memo_.forget_specs();
        }
        if (change.now->kind == definitions_) follow_definitions(change);
        quotas_.follow(change);
        break;
    }
  });
}

ApiServer::~ApiServer() = default;

void ApiServer::bootstrap() {
  for (const char* name : {"default", "kube-system", "kube-public", "kube-node-lease"}) {
    auto ns = make_ref<api::Namespace>();
    ns->meta.name = name;
    Request request;
    request.verb = Verb::kCreate;
    request.kind = api::KindId::kNamespace;
    request.object = ns;
    handle(std::move(request), {});
  }
  // PriorityClass names that begin with "system-" are the server's own, so they pass no validation.
  const struct {
    const char* name;
    std::int32_t value;
    const char* description;
  } classes[] = {
      {"system-cluster-critical", 2000000000,
       "Used for system critical pods that must run in the cluster, but can be moved to another "
       "node if necessary."},
      {"system-node-critical", 2000001000,
       "Used for system critical pods that must not be moved from their current node."}};
  for (const auto& c : classes) {
    auto priority = make_ref<api::PriorityClass>();
    priority->meta.name = c.name;
    priority->value = c.value;
    priority->description = c.description;
    priority->preemption_policy = Symbol("PreemptLowerPriority");
    stamp_new(*priority);
    store_.put(priority, 0, [](Result<api::ObjectRef>) {});
  }
}

void ApiServer::handle(Request request, Done done) {
  if (!done) done = [](Response) {};
  if (!request.object) done = with_checks_warnings(request, std::move(done));
  switch (request.verb) {
    case Verb::kGet: return get(request, done);
    case Verb::kList: return list(request, done);
    case Verb::kCreate:
      if (request.subresource == Subresource::kBinding) return bind(request, std::move(done));
      if (request.subresource == Subresource::kEviction) return evict(request, std::move(done));
      return create(request, std::move(done));
    case Verb::kUpdate:
      if (request.subresource == Subresource::kScale) return scale(request, std::move(done));
      return update(request, std::move(done));
    case Verb::kPatch: return patch(request, std::move(done));
    case Verb::kDelete: return remove(request, std::move(done));
    case Verb::kDeleteCollection: return remove_collection(request, std::move(done));
  }
}

ApiServer::Done ApiServer::settle_addresses(Done done, api::ObjectRef old, api::ObjectRef placed) {
  return [this, old = std::move(old), placed = std::move(placed),
          done = std::move(done)](Response response) mutable {
    if (!response.status.ok()) {
      if (placed) addresses_.give_back(*placed);
    } else {
      addresses_.record(old.get(), response.deleted ? nullptr : response.object.get());
    }
    done(std::move(response));
  };
}

Response ApiServer::not_found_response(const Request& request) const {
  return failed(not_found(kinds_.info(request.kind).group_resource(), request.name.view()));
}

}  // namespace orrery::apiserver
