// Rows of volumes, claims and storage.k8s.io kinds.
#include <fmt/format.h>

#include <algorithm>

#include "core/api/checks/json_view.h"
#include "core/apiserver/tables/row_printers.h"
#include "core/apiserver/tables/row_text.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

/// GetAccessModesAsString: each mode once, in this order.
std::string access_modes(const Json& modes) {
  static constexpr std::pair<std::string_view, std::string_view> kShort[] = {
      {"ReadWriteOnce", "RWO"},
      {"ReadOnlyMany", "ROX"},
      {"ReadWriteMany", "RWX"},
      {"ReadWriteOncePod", "RWOP"}};
  std::vector<std::string_view> out;
  for (const auto& [mode, letters] : kShort) {
    if (std::find(modes.begin(), modes.end(), mode) != modes.end()) out.push_back(letters);
  }
  return joined(out, ",");
}

/// The beta annotation goes before spec.storageClassName.
std::string_view class_of(const Json& o) {
  const auto beta = maybe_text(object_at(o, {"metadata", "annotations"}),
                               "volume.beta.kubernetes.io/storage-class");
  return beta ? *beta : text(object(o, "spec"), "storageClassName");
}

std::string_view phase_of(const Json& o) {
  return is_being_deleted(o) ? "Terminating" : text(object(o, "status"), "phase");
}

void print_persistent_volume(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  const Json* claim = member(spec, "claimRef");
  cells.text(name_of(o));
  cells.text(quantity_at(object(spec, "capacity"), "storage", "0"));
  cells.text(access_modes(array(spec, "accessModes")));
  cells.text(text(spec, "persistentVolumeReclaimPolicy"));
  cells.text(phase_of(o));
  cells.text(claim ? fmt::format("{}/{}", text(*claim, "namespace"), text(*claim, "name")) : "");
  cells.text(class_of(o));
  cells.text(maybe_text(spec, "volumeAttributesClassName").value_or("<unset>"));
  cells.text(text(object(o, "status"), "reason"));
  cells.text(age_of(o, now));
  cells.text(maybe_text(spec, "volumeMode").value_or("<unset>"));
}

void print_persistent_volume_claim(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  const Json& status = object(o, "status");
  const bool is_bound = !text(spec, "volumeName").empty();
  cells.text(name_of(o));
  cells.text(phase_of(o));
  cells.text(text(spec, "volumeName"));
  cells.text(is_bound ? quantity_at(object(status, "capacity"), "storage", "0") : "");
  cells.text(is_bound ? access_modes(array(status, "accessModes")) : "");
  cells.text(class_of(o));
  cells.text(maybe_text(spec, "volumeAttributesClassName").value_or("<unset>"));
  cells.text(age_of(o, now));
  cells.text(maybe_text(spec, "volumeMode").value_or("<unset>"));
}

std::string with_default(const Json& o, bool is_default) {
  return std::string(name_of(o)).append(is_default ? " (default)" : "");
}

void print_storage_class(const Json& o, Time now, RowCells& cells) {
  cells.text(with_default(
      o, has_annotation(o, "storageclass.kubernetes.io/is-default-class", "true") ||
             has_annotation(o, "storageclass.beta.kubernetes.io/is-default-class", "true")));
  cells.text(text(o, "provisioner"));
  cells.text(maybe_text(o, "reclaimPolicy").value_or("Delete"));
  cells.text(maybe_text(o, "volumeBindingMode").value_or("Immediate"));
  cells.flag(flag(o, "allowVolumeExpansion"));
  cells.text(age_of(o, now));
}

void print_volume_attributes_class(const Json& o, Time now, RowCells& cells) {
  cells.text(with_default(
      o, has_annotation(o, "volumeattributesclass.alpha.kubernetes.io/is-default-class", "true")));
  cells.text(text(o, "driverName"));
  cells.text(age_of(o, now));
}

void print_volume_attachment(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  cells.text(name_of(o));
  cells.text(text(spec, "attacher"));
  cells.text(text(object(spec, "source"), "persistentVolumeName"));
  cells.text(text(spec, "nodeName"));
  cells.flag(flag(object(o, "status"), "attached"));
  cells.text(age_of(o, now));
}

void print_csi_node(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.integer(static_cast<std::int64_t>(array(object(o, "spec"), "drivers").size()));
  cells.text(age_of(o, now));
}

void print_csi_driver(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  const std::string modes = joined_texts(array(spec, "volumeLifecycleModes"), ",");
  cells.text(name_of(o));
  cells.flag(maybe_flag(spec, "attachRequired").value_or(true));
  cells.flag(flag(spec, "podInfoOnMount"));
  cells.flag(flag(spec, "storageCapacity"));
  cells.text(has(spec, "tokenRequests") ? joined_members(array(spec, "tokenRequests"), "audience")
                                        : "<unset>");
  cells.flag(flag(spec, "requiresRepublish"));
  cells.text(modes.empty() ? "<none>" : modes);
  cells.text(age_of(o, now));
}

}  // namespace

std::span<const RowPrinterEntry> storage_row_printers() {
  static constexpr RowPrinterEntry kEntries[] = {
      {"", "PersistentVolume", print_persistent_volume},
      {"", "PersistentVolumeClaim", print_persistent_volume_claim},
      {"storage.k8s.io", "StorageClass", print_storage_class},
      {"storage.k8s.io", "VolumeAttributesClass", print_volume_attributes_class},
      {"storage.k8s.io", "VolumeAttachment", print_volume_attachment},
      {"storage.k8s.io", "CSINode", print_csi_node},
      {"storage.k8s.io", "CSIDriver", print_csi_driver},
  };
  return kEntries;
}

}  // namespace orrery::apiserver
