// ApiServer: create.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "core/api/apps.h"
#include "core/api/batch.h"
#include "core/api/checks/checks.h"
#include "core/api/config.h"
#include "core/api/node.h"
#include "core/api/object_codec.h"
#include "core/api/storage.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/strategy.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

constexpr int kGeneratedLength = 5;
constexpr std::size_t kNameBaseMax = 63 - kGeneratedLength;  // names.maxGeneratedNameLength
constexpr int kGenerateTries = 8;                            // RESTCreateStrategy's retries

// names.SimpleNameGenerator: five characters without vowels or look-alikes.
Text generate_name(std::string_view base, RandomStream& stream) {
  static constexpr std::string_view kAlphabet = "bcdfghjklmnpqrstvwxz2456789";
  std::string name(base.substr(0, kNameBaseMax));
  for (int i = 0; i < kGeneratedLength; ++i) name += kAlphabet[stream.below(kAlphabet.size())];
  return Text(name);
}

Symbol qos_of(const json& document) {
  return Symbol(api::pod_qos_class(document.value("spec", json::object())));
}

// What the registry sets on new objects besides defaults (strategy.PrepareForCreate).
void reset_status(api::Object& object, const Strategy& strategy) {
  if (object.kind == api::KindId::kPod) {
    auto& pod = static_cast<api::Pod&>(object);
    const Symbol qos = pod.status.qos_class;
    pod.status = {};
    pod.status.phase = Symbol("Pending");
    pod.status.qos_class = qos;
    pod.status.observed_generation = 0;
    return;
  }
  if (object.kind == api::KindId::kNamespace) {
    auto& ns = static_cast<api::Namespace&>(object);
    ns.phase = Symbol("Active");
    if (ns.finalizers.empty()) ns.finalizers = {Symbol("kubernetes")};
    return;
  }
  // Nodes keep the status that their kubelet registers with.
  if (object.kind == api::KindId::kNode || !strategy.copy_status) return;
  if (object.kind == api::KindId::kPersistentVolume) {
    static_cast<api::PersistentVolume&>(object).phase = Symbol("Pending");
    return;
  }
  if (object.kind == api::KindId::kPersistentVolumeClaim) {
    static_cast<api::PersistentVolumeClaim&>(object).phase = Symbol("Pending");
    return;
  }
  if (object.kind >= api::KindId::kTypedCount) return;
  static const api::Kinds kEmptyOf;
  strategy.copy_status(object, *kEmptyOf.info(object.kind).make());
}

}  // namespace

Status ApiServer::check_namespace(const Request& request, const api::KindInfo& info) const {
  if (!info.namespaced) return Status();
  const api::ObjectRef* found =
      store_.find(api::KindId::kNamespace, Symbol(), request.namespace_.view());
  if (!found) return not_found("namespaces", request.namespace_.view());
  const auto& ns = static_cast<const api::Namespace&>(**found);
  if (!(ns.phase == "Terminating")) return Status();
  StatusDetails details;
  details.causes.push_back({"NamespaceTerminating",
                            fmt::format("namespace {} is being terminated", ns.meta.name.view()),
                            "metadata.namespace"});
  return Status(Reason::kForbidden,
                fmt::format("{} \"{}\" is forbidden: unable to create new content in namespace {} "
                            "because it is being terminated",
                            info.group_resource(), request.name.view(), ns.meta.name.view()),
                details);
}

Result<Ref<api::Object>> ApiServer::accept_new(const Request& request) {
  const api::KindInfo& info = kinds_.info(request.kind);
  Ref<api::Object> object;
  if (request.object) {
    object = request.object->clone();
  } else {
    Result<Ref<api::Object>> decoded =
        api::decode_object(kinds_, request.kind, request.document.json());
    if (!decoded.ok()) return decoded.status();
    object = *decoded;
  }
  api::ObjectMeta& meta = object->meta;
  if (info.namespaced && meta.namespace_.empty()) meta.namespace_ = request.namespace_;
  if (info.namespaced && !(meta.namespace_ == request.namespace_)) {
    return bad_request(
        "the namespace of the provided object does not match the namespace sent on the request");
  }
  if (!info.namespaced) meta.namespace_ = Symbol();
  if (meta.resource_version != 0) {
    return bad_request("resourceVersion should not be set on objects to be created");
  }
  return object;
}

// A pod whose spec and labels were checked before is complete at once; everything else is defaulted,
// admitted and validated as a document.
Result<Ref<api::Object>> ApiServer::check_new(Ref<api::Object> object, const api::KindInfo& info) {
  if (strategy_of(object->kind).trusted) return object;
  api::Pod* pod = object->kind == api::KindId::kPod ? static_cast<api::Pod*>(object.get()) : nullptr;
  if (pod && pod->spec && pod->meta.annotations.empty()) {
    const PodMemo::Admitted* known = memo_.find(pod->spec);
    if (known && memo_.knows_labels(pod->meta.labels)) {
      pod->spec = known->spec;
      if (pod->node_name.empty()) pod->node_name = known->node_name;
      pod->status.qos_class = known->qos_class;
      return object;
    }
  }
  json document = api::encode_object(kinds_, *object);
  const std::string group = info.group.str();
  const std::string kind = info.kind.str();
  api::apply_defaults(group, kind, document);
  if (object->kind == api::KindId::kJob) api::job_generate_selector(document, object->meta.uid.str());
  if (const api::FieldErrors errors = api::validate_create(group, kind, document);
      !errors.empty()) {
    return api::invalid_status(kind, group, object->meta.name.view(), errors);
  }
  Result<Ref<api::Object>> decoded = api::decode_object(kinds_, object->kind, document);
  if (!decoded.ok()) return decoded;
  Ref<api::Object> complete = std::move(*decoded);
  if (complete->meta.labels == object->meta.labels) complete->meta.labels = object->meta.labels;
  if (complete->meta.owner_references == object->meta.owner_references) {
    complete->meta.owner_references = object->meta.owner_references;
  }
  if (!pod) return complete;
  auto& admitted = static_cast<api::Pod&>(*complete);
  admitted.status.qos_class = qos_of(document);
  if (Status s = admit_pod(admitted); !s.ok()) return s;
  memo_.remember({pod->spec, admitted.spec, pod->node_name.empty() ? admitted.node_name : Symbol(),
                  admitted.status.qos_class});
  memo_.remember_labels(object->meta.labels);
  return complete;
}

void ApiServer::stamp_new(api::Object& object) {
  api::ObjectMeta& meta = object.meta;
  meta.uid = Uid::draw(uid_stream_);
  meta.creation_timestamp = truncate_to_second(env_.now());
  meta.deletion_timestamp = {};
  meta.deletion_grace_period_seconds.reset();
  if (strategy_of(object.kind).tracks_generation) meta.generation = 1;
}

void ApiServer::create(Request& request, Done done) {
  const api::KindInfo& info = kinds_.info(request.kind);
  Result<Ref<api::Object>> accepted = accept_new(request);
  if (!accepted.ok()) return done(failed(accepted.status()));
  Ref<api::Object> object = std::move(*accepted);
  const bool generated = object->meta.name.empty() && !object->meta.generate_name.empty();
  if (generated) {
    object->meta.name = generate_name(object->meta.generate_name.view(), name_stream_);
    for (int i = 1; i < kGenerateTries && store_.find(request.kind, object->meta.namespace_,
                                                      object->meta.name.view());
         ++i) {
      object->meta.name = generate_name(object->meta.generate_name.view(), name_stream_);
    }
  }
  request.name = object->meta.name;
  if (Status s = check_namespace(request, info); !s.ok()) return done(failed(std::move(s)));
  stamp_new(*object);
  Result<Ref<api::Object>> checked = check_new(std::move(object), info);
  if (!checked.ok()) return done(failed(checked.status()));
  object = std::move(*checked);
  reset_status(*object, strategy_of(object->kind));
  if (store_.find(object->kind, object->meta.namespace_, object->meta.name.view())) {
    return done(failed(already_exists(info.group_resource(), object->meta.name.view())));
  }
  if (request.dry_run) return done(succeeded(object));
  store_.put(std::move(object), 0, [done = std::move(done)](Result<api::ObjectRef> put) mutable {
    done(put.ok() ? succeeded(std::move(*put)) : failed(put.status()));
  });
}

}  // namespace orrery::apiserver
