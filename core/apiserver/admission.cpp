// ApiServer: admission: Priority, DefaultTolerationSeconds and ServiceAccount of pods;
// TaintNodesByCondition, DefaultStorageClass, StorageObjectInUseProtection and the single default
// PriorityClass.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/config.h"
#include "core/api/object_codec.h"
#include "core/api/storage.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/token_volume.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

constexpr std::int64_t kDefaultTolerationSeconds = 300;
constexpr std::string_view kNotReadyTaint = "node.kubernetes.io/not-ready";

bool tolerates_no_execute(const api::PodSpec& spec, std::string_view key) {
  return std::any_of(
      spec.tolerations.begin(), spec.tolerations.end(), [&](const api::Toleration& t) {
        return (t.key == key || t.key.empty()) && (t.effect == "NoExecute" || t.effect.empty());
      });
}

// plugin DefaultTolerationSeconds.
void tolerate_lost_nodes(api::Pod& pod) {
  for (const char* key : {"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"}) {
    if (tolerates_no_execute(*pod.spec, key)) continue;
    pod.spec.edit().tolerations.edit().push_back(
        {Symbol(key), Symbol("Exists"), Symbol(), Symbol("NoExecute"), kDefaultTolerationSeconds});
  }
}

Status forbidden(const api::KindInfo& info, std::string_view name, std::string_view why) {
  StatusDetails details;
  details.name = name;
  details.group = info.group.str();
  details.kind = info.resource.str();
  return Status(Reason::kForbidden,
                fmt::format("{} \"{}\" is forbidden: {}", info.group_resource(), name, why),
                details);
}

// tolerations.MergeTolerations: the pod's own, then what they do not cover yet.
void add_tolerations(api::PodSpec& spec, const api::List<api::Toleration>& more) {
  for (const api::Toleration& t : more) {
    const bool known =
        std::find(spec.tolerations.begin(), spec.tolerations.end(), t) != spec.tolerations.end();
    if (!known) spec.tolerations.edit().push_back(t);
  }
}

json& object_at(json& parent, const char* key) {
  json& value = parent[key];
  if (!value.is_object()) value = json::object();
  return value;
}

void add_finalizer(json& document, const char* finalizer) {
  json& all = object_at(document, "metadata")["finalizers"];
  if (!all.is_array()) all = json::array();
  if (std::find(all.begin(), all.end(), finalizer) == all.end()) all.push_back(finalizer);
}

// plugin TaintNodesByCondition: a node starts as not ready.
void taint_new_node(json& document) {
  json& taints = object_at(document, "spec")["taints"];
  if (!taints.is_array()) taints = json::array();
  for (const json& taint : taints) {
    if (taint.value("key", "") == kNotReadyTaint && taint.value("effect", "") == "NoSchedule")
      return;
  }
  taints.push_back({{"key", kNotReadyTaint}, {"effect", "NoSchedule"}});
}

// The newest of the classes marked as default, of equals the first by name.
const api::Object* default_class(const store::Store& store, api::KindId kind,
                                 std::string_view annotation) {
  const api::Object* best = nullptr;
  store.table(kind).for_each([&](const api::ObjectRef& o) {
    const Text* mark = api::find(o->meta.annotations, annotation);
    if (!mark || !(*mark == "true")) return;
    if (!best || o->meta.creation_timestamp > best->meta.creation_timestamp ||
        (o->meta.creation_timestamp == best->meta.creation_timestamp &&
         o->meta.name < best->meta.name)) {
      best = o.get();
    }
  });
  return best;
}

// Of several global defaults the lowest value wins.
const api::PriorityClass* default_priority_class(const store::Store& store) {
  const api::PriorityClass* found = nullptr;
  store.table(api::KindId::kPriorityClass).for_each([&](const api::ObjectRef& o) {
    const auto& c = static_cast<const api::PriorityClass&>(*o);
    if (c.global_default && (!found || c.value < found->value)) found = &c;
  });
  return found;
}

}  // namespace

// plugin Priority: the class by name, or the global default, or zero.
Status ApiServer::admit_priority(api::Pod& pod) {
  const api::KindInfo& info = kinds_.info(pod.kind);
  const api::PriorityClass* found = nullptr;
  const Symbol wanted = pod.spec->priority_class_name;
  if (wanted.empty()) {
    found = default_priority_class(store_);
  } else {
    const api::ObjectRef* named = store_.find(api::KindId::kPriorityClass, Symbol(), wanted.view());
    if (!named) {
      return forbidden(info, pod.meta.name.view(),
                       fmt::format("no PriorityClass with name {} was found", wanted.view()));
    }
    found = static_cast<const api::PriorityClass*>(named->get());
  }
  const std::int32_t priority = found ? found->value : 0;
  if (pod.spec->priority && *pod.spec->priority != priority) {
    return forbidden(info, pod.meta.name.view(),
                     fmt::format("the integer value of priority ({}) must not be provided in pod "
                                 "spec; priority admission controller computed {} from the given "
                                 "PriorityClass name",
                                 *pod.spec->priority, priority));
  }
  const Symbol policy = found && found->preemption_policy ? *found->preemption_policy
                                                          : Symbol("PreemptLowerPriority");
  if (!pod.spec->preemption_policy.empty() && !(pod.spec->preemption_policy == policy)) {
    return forbidden(
        info, pod.meta.name.view(),
        fmt::format("the string value of PreemptionPolicy ({}) must not be provided in "
                    "pod spec; priority admission controller computed {} from the "
                    "given PriorityClass name",
                    pod.spec->preemption_policy.view(), policy.view()));
  }
  api::PodSpec& spec = pod.spec.edit();
  spec.priority = priority;
  spec.preemption_policy = policy;
  if (found) spec.priority_class_name = Symbol(found->meta.name.view());
  return Status();
}

// plugin RuntimeClass: its overhead, node selector and tolerations.
Status ApiServer::admit_runtime_class(api::Pod& pod) const {
  if (!pod.spec->extra) return Status();
  const json& rest = pod.spec->extra.json();
  const auto wanted = rest.find("runtimeClassName");
  if (wanted == rest.end() || !wanted->is_string() || wanted->get<std::string>().empty()) {
    return Status();
  }
  const api::KindInfo& info = kinds_.info(pod.kind);
  const std::string name = wanted->get<std::string>();
  const api::KindInfo* classes = kinds_.find("node.k8s.io/v1", "RuntimeClass");
  const api::ObjectRef* found = classes ? store_.find(classes->id, Symbol(), name) : nullptr;
  if (!found) {
    return forbidden(info, pod.meta.name.view(),
                     fmt::format("pod rejected: RuntimeClass \"{}\" not found", name));
  }
  const api::RawRef& body = static_cast<const api::Dynamic&>(**found).body;
  if (!body) return Status();
  json overlay = {
      {"overhead", body.json().value(json::json_pointer("/overhead/podFixed"), json::object())},
      {"tolerations",
       body.json().value(json::json_pointer("/scheduling/tolerations"), json::array())},
      {"nodeSelector",
       body.json().value(json::json_pointer("/scheduling/nodeSelector"), json::object())}};
  Result<api::PodTemplateSpec> added = api::decode_template({{"spec", overlay}});
  if (!added.ok()) return added.status();
  api::PodSpec& spec = pod.spec.edit();
  if (!added->spec) return Status();
  if (!added->spec->overhead.empty()) spec.overhead = added->spec->overhead;
  add_tolerations(spec, added->spec->tolerations);
  api::Labels selector = *spec.node_selector;
  for (const auto& [key, value] : added->spec->node_selector->entries()) {
    const Symbol own = selector.get(key);
    if (!own.empty() && !(own == value)) {
      return forbidden(
          info, pod.meta.name.view(),
          fmt::format("pod rejected: conflict: runtimeClass.scheduling.nodeSelector[{}]"
                      " = {}; pod.spec.nodeSelector[{}] = {}",
                      key.view(), value.view(), key.view(), own.view()));
    }
    selector.set(key, value);
  }
  spec.node_selector = api::LabelSet(std::move(selector));
  return Status();
}

// plugin ServiceAccount.
Status ApiServer::admit_service_account(api::Pod& pod) const {
  if (pod.spec->service_account_name.empty()) {
    pod.spec.edit().service_account_name = Symbol("default");
  }
  if (!admission_.service_account_tokens) return Status();
  const Symbol name = pod.spec->service_account_name;
  const api::ObjectRef* account =
      store_.find(api::KindId::kServiceAccount, pod.meta.namespace_, name.view());
  if (!account) {
    return forbidden(
        kinds_.info(pod.kind), pod.meta.name.view(),
        fmt::format("error looking up service account {}/{}: serviceaccount \"{}\" not "
                    "found",
                    pod.meta.namespace_.view(), name.view(), name.view()));
  }
  mount_token(pod, static_cast<const api::ServiceAccount&>(**account));
  return Status();
}

Status ApiServer::admit_pod(api::Pod& pod) {
  RETURN_IF_ERROR(limits_.admit(pod));
  RETURN_IF_ERROR(admit_service_account(pod));
  if (admission_.priority) RETURN_IF_ERROR(admit_priority(pod));
  tolerate_lost_nodes(pod);
  RETURN_IF_ERROR(admit_runtime_class(pod));
  return Status();
}

Status ApiServer::admit_document(const api::KindInfo& info, const api::ObjectMeta& meta,
                                 json& document) const {
  switch (info.id) {
    case api::KindId::kNode:
      if (admission_.taint_new_nodes) taint_new_node(document);
      break;
    case api::KindId::kPersistentVolume:
      if (admission_.protect_storage) add_finalizer(document, "kubernetes.io/pv-protection");
      break;
    case api::KindId::kPersistentVolumeClaim: {
      if (admission_.protect_storage) add_finalizer(document, "kubernetes.io/pvc-protection");
      RETURN_IF_ERROR(limits_.admit_claim(meta, document));
      json& spec = object_at(document, "spec");
      const api::Object* chosen = default_class(store_, api::KindId::kStorageClass,
                                                "storageclass.kubernetes.io/is-default-class");
      if (chosen && !spec.contains("storageClassName")) {
        spec["storageClassName"] = chosen->meta.name.str();
      }
      break;
    }
    case api::KindId::kPriorityClass: {
      if (!document.value("globalDefault", false)) break;
      const api::PriorityClass* other = default_priority_class(store_);
      const std::string name = document["metadata"].value("name", std::string());
      if (!other || other->meta.name == name) break;
      return forbidden(
          info, name,
          fmt::format("PriorityClass {} is already marked as default. Only one default "
                      "can exist",
                      other->meta.name.view()));
    }
    default:
      if (info.kind == "VolumeAttributesClass" && info.group == "storage.k8s.io" &&
          admission_.protect_storage) {
        add_finalizer(document, "kubernetes.io/vac-protection");
      }
      if (info.kind == "Ingress" && info.group == "networking.k8s.io")
        choose_ingress_class(document);
      break;
  }
  return Status();
}

// plugin DefaultIngressClass.
void ApiServer::choose_ingress_class(json& ingress) const {
  const api::KindInfo* classes = kinds_.find("networking.k8s.io/v1", "IngressClass");
  json& spec = object_at(ingress, "spec");
  const json::json_pointer old_mark("/metadata/annotations/kubernetes.io~1ingress.class");
  if (!classes || spec.contains("ingressClassName") || ingress.contains(old_mark)) return;
  const api::Object* chosen =
      default_class(store_, classes->id, "ingressclass.kubernetes.io/is-default-class");
  if (chosen) spec["ingressClassName"] = chosen->meta.name.str();
}

}  // namespace orrery::apiserver
