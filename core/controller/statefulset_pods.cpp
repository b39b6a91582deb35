#include "core/controller/statefulset_pods.h"

#include <nlohmann/json.hpp>

#include "core/api/pod.h"
#include "core/api/storage.h"
#include "core/controller/owner_claim.h"

namespace orrery::controller {
namespace {

using nlohmann::json;

std::string template_name(const api::RawRef& claim) {
  if (!claim || !claim.json().is_object()) return {};
  const json& document = claim.json();
  const auto meta = document.find("metadata");
  if (meta == document.end() || !meta->is_object()) return {};
  const auto name = meta->find("name");
  return name != meta->end() && name->is_string() ? name->get<std::string>() : std::string();
}

std::string claim_name(const api::StatefulSet& set, const std::string& name, std::int32_t ordinal) {
  return name + "-" + set.meta.name.str() + "-" + std::to_string(ordinal);
}

}  // namespace

Ref<api::Pod> stateful_pod(const api::StatefulSet& set, const api::PodTemplateSpec& pod_template,
                           const Text& revision, std::int32_t ordinal) {
  auto pod = make_ref<api::Pod>();
  pod->meta.name = Text(set.meta.name.str() + "-" + std::to_string(ordinal));
  pod->meta.namespace_ = set.meta.namespace_;
  api::Labels labels = *pod_template.metadata.labels;
  labels.set(Symbol("statefulset.kubernetes.io/pod-name"), Symbol(pod->meta.name.view()));
  labels.set(Symbol("apps.kubernetes.io/pod-index"), Symbol(std::to_string(ordinal)));
  labels.set(Symbol("controller-revision-hash"), Symbol(revision.view()));
  pod->meta.labels = api::LabelSet(std::move(labels));
  pod->meta.annotations = pod_template.metadata.annotations;
  pod->meta.finalizers = pod_template.metadata.finalizers;
  pod->meta.owner_references = {
      controller_reference(set, Symbol("apps/v1"), Symbol("StatefulSet"))};
  pod->spec = pod_template.spec;
  api::PodSpec& spec = pod->spec.edit();
  spec.hostname = pod->meta.name;
  spec.subdomain = set.spec.service_name;
  std::vector<api::Volume> volumes;
  for (const api::RawRef& claim : set.spec.volume_claim_templates) {
    const std::string name = template_name(claim);
    if (name.empty()) continue;
    api::Volume volume;
    volume.name = Text(name);
    volume.persistent_volume_claim.edit().claim_name = Text(claim_name(set, name, ordinal));
    volumes.push_back(std::move(volume));
  }
  const std::size_t claims = volumes.size();
  for (const api::Volume& v : spec.volumes) {
    bool replaced = false;
    for (std::size_t i = 0; i < claims; ++i) replaced = replaced || volumes[i].name == v.name;
    if (!replaced) volumes.push_back(v);
  }
  spec.volumes = api::List<api::Volume>(std::move(volumes));
  return pod;
}

std::vector<Request> claim_requests(const api::StatefulSet& set, std::int32_t ordinal) {
  std::vector<Request> out;
  for (const api::RawRef& claim : set.spec.volume_claim_templates) {
    const std::string name = template_name(claim);
    if (name.empty()) continue;
    json document = claim.json();
    document["apiVersion"] = "v1";
    document["kind"] = "PersistentVolumeClaim";
    document.erase("status");
    json& meta = document["metadata"];
    meta["name"] = claim_name(set, name, ordinal);
    meta["namespace"] = set.meta.namespace_.str();
    if (set.spec.selector) {
      for (const auto& [key, value] : set.spec.selector->match_labels) {
        meta["labels"][key.str()] = value.str();
      }
    }
    Request request;
    request.verb = Verb::kCreate;
    request.kind = api::KindId::kPersistentVolumeClaim;
    request.namespace_ = set.meta.namespace_;
    request.name = Text(claim_name(set, name, ordinal));
    request.document = api::RawRef(std::move(document));
    out.push_back(std::move(request));
  }
  return out;
}

}  // namespace orrery::controller
