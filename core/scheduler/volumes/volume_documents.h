// Volume documents: what the scheduler reads of volumes that API structs keep as raw JSON (sources
// of pod volumes and PersistentVolumes, CSINode, VolumeAttachment, CSIDriver, CSIStorageCapacity,
// allowedTopologies), and the table of in-tree plugins that CSI drivers replaced
// (csi-translation-lib). Called when an object comes in, never for each node.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/api/pod.h"
#include "core/api/storage.h"

namespace orrery::scheduler {

/// An in-tree volume plugin and the CSI driver in its place.
struct InTreePlugin {
  std::string_view name;
  std::string_view driver;
  std::string_view source;        // field of the volume source
  std::string_view id;            // field in it that becomes the volume handle
  std::string_view topology_key;  // "" = zones are not translated
  bool counts;                    // against attach limits, if migrated on the node
};
std::span<const InTreePlugin> in_tree_plugins();
/// By name ("kubernetes.io/aws-ebs"), or null.
const InTreePlugin* in_tree_plugin(std::string_view name);

/// A volume as a CSI driver knows it.
struct CsiSource {
  Symbol driver;
  Text handle;
  Symbol plugin;  // the in-tree plugin that it was written for: counts on migrated nodes only
};

/// A claim that a pod names, directly or as a generic ephemeral volume.
struct ClaimUse {
  Text name;  // of the claim; ephemeral: of the volume
  bool is_ephemeral = false;
};

/// A volume in the pod itself that cannot be mounted twice (VolumeRestrictions).
struct InlineDisk {
  enum class Kind : std::uint8_t { kGce, kAws, kIscsi, kRbd };
  Kind kind = Kind::kGce;
  bool is_read_only = false;
  Text id;  // pdName, volumeID, iqn, image
  Text pool;
  std::vector<Text> monitors;
  bool operator==(const InlineDisk&) const = default;
};

/// What matters of spec.volumes.
struct PodVolumes final : RefCounted {
  std::vector<ClaimUse> claims;
  std::vector<InlineDisk> disks;
  std::vector<CsiSource> in_tree;  // that count against attach limits
  bool has_migratable = false;     // any source that a CSI driver replaced
  bool has_ephemeral = false;
  bool empty() const { return claims.empty() && disks.empty() && !has_migratable; }
};
/// Null if nothing in the list matters.
Ref<const PodVolumes> read_volumes(const api::List<api::Volume>& volumes);
/// A generic ephemeral volume.
bool is_ephemeral(const api::Volume& volume);

/// The PersistentVolume's CSI source, or that of the driver in place of its in-tree plugin; none
/// for other sources.
std::optional<CsiSource> csi_source(const api::PersistentVolume& volume);
/// The required node affinity of the volume as its CSI driver would have it: zone labels replaced
/// by the driver's (TranslateInTreePVToCSI). Null if it has none.
api::Shared<api::NodeSelector> translated_affinity(const api::PersistentVolume& volume,
                                                   const InTreePlugin& plugin);
/// spec.volumeAttributesClassName of a claim's or volume's raw spec; "" if absent.
Symbol attributes_class(const api::RawRef& spec);

struct CsiNode {
  struct Limit {
    Symbol driver;
    std::int64_t count = 0;
  };
  std::vector<Limit> limits;     // drivers with allocatable.count
  std::vector<Symbol> migrated;  // in-tree plugins
};
CsiNode read_csi_node(const api::Dynamic& object);

struct Attachment {
  Symbol attacher;
  Symbol node;
  Text volume;  // name of the PersistentVolume; "" = inline
};
Attachment read_attachment(const api::Dynamic& object);

/// CSIDriver.spec.storageCapacity.
bool tracks_capacity(const api::Dynamic& csi_driver);

struct StorageCapacity {
  Symbol storage_class;
  std::optional<std::int64_t> limit;  // of one volume, bytes
  api::LabelSelector topology;
  bool has_topology = false;
};
StorageCapacity read_capacity(const api::Dynamic& object);

/// One term of StorageClass.allowedTopologies; without requirements it matches nothing.
struct TopologyTerm {
  struct Requirement {
    Symbol key;
    std::vector<Symbol> values;
  };
  std::vector<Requirement> requirements;
};
std::vector<TopologyTerm> allowed_topologies(const api::StorageClass& object);
/// MatchTopologySelectorTerms: no terms match everything.
bool matches(const std::vector<TopologyTerm>& terms, const api::Labels& labels);

}  // namespace orrery::scheduler
