#include "core/controller/workload_revision.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "core/api/hash/controller_revision.h"
#include "core/api/object_codec.h"
#include "core/controller/owner_claim.h"
#include "core/controller/template_hash.h"

namespace orrery::controller {
namespace {

using nlohmann::json;

std::string data_of(const api::PodTemplateSpec& pod_template) {
  json workload;
  workload["spec"]["template"] = api::encode_template(pod_template);
  return api::controller_revision_data(workload);
}

Ref<api::ControllerRevision> make(const api::Object& owner, std::string_view kind,
                                  const api::LabelSet& template_labels, std::string_view hash_label,
                                  std::string_view hash, const std::string& data) {
  auto out = make_ref<api::ControllerRevision>();
  out->meta.namespace_ = owner.meta.namespace_;
  out->meta.name = Text(api::controller_revision_name(owner.meta.name.view(), hash));
  api::Labels labels = *template_labels;
  labels.set(Symbol(hash_label), Symbol(hash));
  out->meta.labels = api::LabelSet(std::move(labels));
  out->meta.owner_references = {controller_reference(owner, Symbol("apps/v1"), Symbol(kind))};
  out->data = api::RawRef(json::parse(data, nullptr, false));
  return out;
}

}  // namespace

Ref<api::ControllerRevision> daemon_revision(const api::DaemonSet& set) {
  Ref<api::ControllerRevision> out = make(
      set, "DaemonSet", set.spec.template_.metadata.labels, api::kDaemonSetRevisionHashLabel,
      template_hash(set.spec.template_, set.status.collision_count), data_of(set.spec.template_));
  out->meta.annotations = set.meta.annotations;
  return out;
}

Ref<api::ControllerRevision> stateful_revision(const api::StatefulSet& set,
                                               std::int32_t collision_count) {
  const std::string data = data_of(set.spec.template_);
  return make(set, "StatefulSet", set.spec.template_.metadata.labels,
              api::kStatefulSetRevisionHashLabel,
              api::controller_revision_hash(data, collision_count), data);
}

bool same_revision(const api::ControllerRevision& a, const api::ControllerRevision& b) {
  return a.data == b.data;
}

api::PodTemplateSpec template_of(const api::ControllerRevision& revision,
                                 const api::PodTemplateSpec& otherwise) {
  if (!revision.data) return otherwise;
  const json& data = revision.data.json();
  const auto spec = data.find("spec");
  if (spec == data.end() || !spec->is_object()) return otherwise;
  const auto found = spec->find("template");
  if (found == spec->end() || !found->is_object()) return otherwise;
  json document = *found;
  document.erase("$patch");
  Result<api::PodTemplateSpec> decoded = api::decode_template(document);
  return decoded.ok() ? std::move(*decoded) : otherwise;
}

void sort_revisions(std::vector<RevisionRef>& revisions) {
  std::sort(revisions.begin(), revisions.end(), [](const RevisionRef& a, const RevisionRef& b) {
    return std::tuple(a->revision, a->meta.creation_timestamp, a->meta.name.view()) <
           std::tuple(b->revision, b->meta.creation_timestamp, b->meta.name.view());
  });
}

}  // namespace orrery::controller
