#include "sim/benchmarks/pod_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/object_codec.h"
#include "core/api/storage.h"

namespace orrery::sim {
namespace {

using nlohmann::json;

void with_volume(api::Pod& pod, const std::string& claim) {
  api::PersistentVolumeClaimVolumeSource source;
  source.claim_name = Text(claim);
  api::Volume volume;
  volume.name = Text("vol");
  volume.persistent_volume_claim = source;
  pod.spec.edit().volumes = {volume};
}

ManifestDocument with_json(ManifestDocument document, json changed) {
  document.json = std::make_shared<const json>(std::move(changed));
  return document;
}

}  // namespace

PodMaker::PodMaker(BenchCluster& cluster, TemplateSchema schema, Plan plan)
    : cluster_(cluster), schema_(schema), plan_(std::move(plan)) {}

std::string PodMaker::claim_name(std::int64_t index) const { return fmt::format("pvc-{}", index); }

// Volumes have no namespace: the name has it.
std::string PodMaker::volume_name(std::int64_t index) const {
  return fmt::format("{}-vol-{}", plan_.name_space.view(), index);
}

Result<ManifestDocument> PodMaker::volume_at(std::int64_t index) const {
  auto document = plan_.volume->document(schema_, index, plan_.count, {});
  if (!document.ok()) return document;
  json volume = *document->json;
  volume["metadata"]["name"] = volume_name(index);
  json& spec = volume["spec"];
  spec["claimRef"] = {{"apiVersion", "v1"},
                      {"kind", "PersistentVolumeClaim"},
                      {"namespace", plan_.name_space.str()},
                      {"name", claim_name(index)}};
  if (spec.contains("csi")) spec["csi"]["volumeHandle"] = volume_name(index);
  if (spec.contains("awsElasticBlockStore")) {
    spec["awsElasticBlockStore"]["volumeID"] = fmt::format("vol-{}", index);
  }
  return with_json(std::move(*document), std::move(volume));
}

Result<ManifestDocument> PodMaker::claim_at(std::int64_t index) const {
  auto document = plan_.claim->document(schema_, index, plan_.count, {});
  if (!document.ok()) return document;
  json claim = *document->json;
  claim["metadata"]["name"] = claim_name(index);
  claim["spec"]["volumeName"] = volume_name(index);
  return with_json(std::move(*document), std::move(claim));
}

Result<Ref<api::Pod>> PodMaker::pod_at(std::int64_t index) const {
  Ref<api::Pod> pod;
  if (prototype_) {
    pod = copy_of(prototype_);
  } else {
    auto document = plan_.pod->document(schema_, index, plan_.count, plan_.params);
    if (!document.ok()) return document.status();
    auto object = api::decode_object(schema_.kinds, *document->json);
    if (!object.ok()) return object.status().with_prefix(plan_.pod->file());
    pod = Ref<api::Pod>(static_cast<api::Pod*>(object->get()));
    pod->meta.namespace_ = plan_.name_space;
  }
  if (plan_.claim) with_volume(*pod, claim_name(index));
  return pod;
}

Status PodMaker::prepare() {
  auto first = plan_.pod->document(schema_, 0, plan_.count, plan_.params);
  if (!first.ok()) return first.status();
  if (first->json->value("kind", "") != "Pod") {
    return bad_request(fmt::format("{}:{}: kind: must be Pod", first->file, first->line));
  }
  RETURN_IF_ERROR(check_object(schema_, *first));
  if (plan_.pod->is_static()) {
    auto object = api::decode_object(schema_.kinds, *first->json);
    if (!object.ok()) return object.status().with_prefix(plan_.pod->file());
    (*object)->meta.namespace_ = plan_.name_space;
    prototype_ = Ref<const api::Pod>(static_cast<const api::Pod*>(object->get()));
  }
  if (!plan_.claim) return Status();
  const auto volume = volume_at(0);
  if (!volume.ok()) return volume.status();
  RETURN_IF_ERROR(check_object(schema_, volume.value()));
  const auto claim = claim_at(0);
  if (!claim.ok()) return claim.status();
  return check_object(schema_, claim.value());
}

void PodMaker::start() {
  for (std::int64_t i = std::min(kWorkers, plan_.count); i-- > 0;) work();
}

void PodMaker::work() {
  if (next_ < plan_.count && status_.ok()) make(next_++);
}

void PodMaker::make_one() { make(next_++); }

bool PodMaker::failed(const Status& status) {
  if (status.ok()) return false;
  if (status_.ok()) status_ = status;
  return true;
}

void PodMaker::make(std::int64_t index) {
  if (plan_.claim) {
    make_claim(index);
  } else {
    make_pod(index);
  }
}

// What is created begins without a status, so it is written apart: bound from the start.
void PodMaker::bound_phase(const api::ObjectRef& object, Callback<void()> then) {
  static const Symbol kBound("Bound");
  Ref<api::Object> changed = object->clone();
  if (changed->kind == api::KindId::kPersistentVolume) {
    static_cast<api::PersistentVolume&>(*changed).phase = kBound;
  } else {
    static_cast<api::PersistentVolumeClaim&>(*changed).phase = kBound;
  }
  cluster_.update_status(std::move(changed), [this, then = std::move(then)](Response r) mutable {
    if (!failed(r.status)) then();
  });
}

void PodMaker::make_claim(std::int64_t index) {
  const auto document = claim_at(index);
  if (failed(document.status())) return;
  const api::KindInfo& info = schema_.kinds.info(api::KindId::kPersistentVolumeClaim);
  cluster_.create(info, plan_.name_space, api::RawRef(*document.value().json),
                  [this, index](Response r) {
                    if (failed(r.status)) return;
                    bound_phase(r.object, [this, index] { make_volume(index); });
                  });
}

void PodMaker::make_volume(std::int64_t index) {
  const auto document = volume_at(index);
  if (failed(document.status())) return;
  const api::KindInfo& info = schema_.kinds.info(api::KindId::kPersistentVolume);
  cluster_.create(info, Symbol(), api::RawRef(*document.value().json), [this, index](Response r) {
    if (failed(r.status)) return;
    bound_phase(r.object, [this, index] { make_pod(index); });
  });
}

void PodMaker::make_pod(std::int64_t index) {
  auto pod = pod_at(index);
  if (failed(pod.status())) return;
  cluster_.create(Ref<const api::Object>(pod->get()), [this](Response r) {
    if (failed(r.status)) return;
    ++made_;
    work();
  });
}

}  // namespace orrery::sim
