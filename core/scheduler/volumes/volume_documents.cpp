#include "core/scheduler/volumes/volume_documents.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace orrery::scheduler {
namespace {

using nlohmann::json;

// Names from csi-translation-lib/plugins. Files and vSphere disks are replaced, too, but do not
// count against attach limits.
constexpr std::array<InTreePlugin, 7> kInTree{{
    {"kubernetes.io/aws-ebs", "ebs.csi.aws.com", "awsElasticBlockStore", "volumeID",
     "topology.ebs.csi.aws.com/zone", true},
    {"kubernetes.io/gce-pd", "pd.csi.storage.gke.io", "gcePersistentDisk", "pdName",
     "topology.gke.io/zone", true},
    {"kubernetes.io/azure-disk", "disk.csi.azure.com", "azureDisk", "diskURI",
     "topology.disk.csi.azure.com/zone", true},
    {"kubernetes.io/cinder", "cinder.csi.openstack.org", "cinder", "volumeID",
     "topology.cinder.csi.openstack.org/zone", true},
    {"kubernetes.io/portworx-volume", "pxd.portworx.com", "portworxVolume", "volumeID", "", true},
    {"kubernetes.io/azure-file", "file.csi.azure.com", "azureFile", "shareName", "", false},
    {"kubernetes.io/vsphere-volume", "csi.vsphere.vmware.com", "vsphereVolume", "volumePath", "",
     false},
}};

/// The member, or null if `object` is no object or does not have it.
const json* member(const json* object, std::string_view key) {
  if (!object || !object->is_object()) return nullptr;
  const auto it = object->find(key);
  return it != object->end() ? &*it : nullptr;
}

const json* member(const api::RawRef& raw, std::string_view key) {
  return raw ? member(&raw.json(), key) : nullptr;
}

std::string_view text(const json* object, std::string_view key) {
  const json* value = member(object, key);
  return value && value->is_string() ? std::string_view(value->get_ref<const std::string&>())
                                     : std::string_view();
}

bool flag(const json* object, std::string_view key) {
  const json* value = member(object, key);
  return value && value->is_boolean() && value->get<bool>();
}

/// The elements of an array; none if it is no array.
const json& items(const json* object, std::string_view key) {
  static const json kNone = json::array();
  const json* value = member(object, key);
  return value && value->is_array() ? *value : kNone;
}

std::vector<Symbol> symbols(const json& array) {
  std::vector<Symbol> out;
  for (const json& item : array) {
    if (item.is_string()) out.emplace_back(item.get_ref<const std::string&>());
  }
  return out;
}

std::vector<std::string_view> split(std::string_view list, std::string_view separator) {
  std::vector<std::string_view> out;
  for (std::size_t from = 0;;) {
    const std::size_t to = list.find(separator, from);
    out.push_back(list.substr(from, to - from));
    if (to == std::string_view::npos) return out;
    from = to + separator.size();
  }
}

struct TopologyLabels {
  Symbol zone{"topology.kubernetes.io/zone"};
  Symbol region{"topology.kubernetes.io/region"};
  Symbol beta_zone{"failure-domain.beta.kubernetes.io/zone"};
  Symbol beta_region{"failure-domain.beta.kubernetes.io/region"};
};
const TopologyLabels& topology_labels() {
  static const TopologyLabels kLabels;
  return kLabels;
}

/// projects/UNSPECIFIED/zones/Z/disks/D, or regions/R for a disk in several zones.
std::string gce_handle(std::string_view disk, const api::PersistentVolume* volume) {
  std::string_view label;
  if (volume) {
    const Symbol zone = volume->meta.labels.get(topology_labels().zone);
    label = (zone.empty() ? volume->meta.labels.get(topology_labels().beta_zone) : zone).view();
  }
  const std::vector<std::string_view> zones = split(label, "__");
  std::string where = "zones/UNSPECIFIED";
  if (zones.size() > 1) {
    where = "regions/" + std::string(zones[0].substr(0, zones[0].rfind('-')));
  } else if (!zones[0].empty()) {
    where = "zones/" + std::string(zones[0]);
  }
  return "projects/UNSPECIFIED/" + where + "/disks/" + std::string(disk);
}

/// The handle that the plugin's CSI driver gives this source.
Text handle_of(const InTreePlugin& plugin, const json& source,
               const api::PersistentVolume* volume) {
  const std::string_view id = text(&source, plugin.id);
  if (plugin.source == "gcePersistentDisk") return Text(gce_handle(id, volume));
  // aws://zone/vol-1
  if (id.starts_with("aws://")) return Text(id.substr(id.rfind('/') + 1));
  return Text(id);
}

std::optional<InlineDisk> inline_disk(const json& volume) {
  InlineDisk disk;
  const json* source = nullptr;
  if ((source = member(&volume, "gcePersistentDisk"))) {
    disk.kind = InlineDisk::Kind::kGce;
    disk.id = Text(text(source, "pdName"));
  } else if ((source = member(&volume, "awsElasticBlockStore"))) {
    disk.kind = InlineDisk::Kind::kAws;
    disk.id = Text(text(source, "volumeID"));
  } else if ((source = member(&volume, "iscsi"))) {
    disk.kind = InlineDisk::Kind::kIscsi;
    disk.id = Text(text(source, "iqn"));
  } else if ((source = member(&volume, "rbd"))) {
    disk.kind = InlineDisk::Kind::kRbd;
    disk.id = Text(text(source, "image"));
    disk.pool = Text(text(source, "pool"));
    for (const json& m : items(source, "monitors")) {
      if (m.is_string()) disk.monitors.emplace_back(m.get_ref<const std::string&>());
    }
  } else {
    return std::nullopt;
  }
  disk.is_read_only = flag(source, "readOnly");
  return disk;
}

void read_source(const api::Volume& volume, PodVolumes& out) {
  const json& raw = volume.extra.json();
  if (member(&raw, "ephemeral")) {
    out.claims.push_back({volume.name, true});
    out.has_ephemeral = true;
    return;
  }
  if (auto disk = inline_disk(raw)) out.disks.push_back(std::move(*disk));
  for (const InTreePlugin& plugin : kInTree) {
    const json* source = member(&raw, plugin.source);
    if (!source) continue;
    out.has_migratable = true;
    if (plugin.counts) {
      out.in_tree.push_back(
          {Symbol(plugin.driver), handle_of(plugin, *source, nullptr), Symbol(plugin.name)});
    }
  }
}

bool names_key(const api::NodeSelector* selector, Symbol key) {
  if (!selector) return false;
  for (const api::NodeSelectorTerm& term : selector->node_selector_terms) {
    for (const api::NodeSelectorRequirement& r : term.match_expressions) {
      if (r.key == key) return true;
    }
  }
  return false;
}

void replace_key(api::NodeSelector& selector, Symbol from, Symbol to) {
  for (api::NodeSelectorTerm& term : selector.node_selector_terms.edit()) {
    if (term.match_expressions.empty()) continue;
    for (api::NodeSelectorRequirement& r : term.match_expressions.edit()) {
      if (r.key == from) r.key = to;
    }
  }
}

}  // namespace

std::span<const InTreePlugin> in_tree_plugins() { return kInTree; }

const InTreePlugin* in_tree_plugin(std::string_view name) {
  for (const InTreePlugin& plugin : kInTree) {
    if (plugin.name == name) return &plugin;
  }
  return nullptr;
}

Ref<const PodVolumes> read_volumes(const api::List<api::Volume>& volumes) {
  auto out = make_ref<PodVolumes>();
  for (const api::Volume& volume : volumes) {
    if (volume.persistent_volume_claim) {
      out->claims.push_back({volume.persistent_volume_claim->claim_name, false});
    } else if (volume.extra) {
      read_source(volume, *out);
    }
  }
  if (out->empty()) return nullptr;
  return out;
}

bool is_ephemeral(const api::Volume& volume) { return member(volume.extra, "ephemeral"); }

std::optional<CsiSource> csi_source(const api::PersistentVolume& volume) {
  if (!volume.spec.extra) return std::nullopt;
  const json& raw = volume.spec.extra.json();
  if (const json* csi = member(&raw, "csi")) {
    return CsiSource{Symbol(text(csi, "driver")), Text(text(csi, "volumeHandle")), Symbol()};
  }
  for (const InTreePlugin& plugin : kInTree) {
    if (const json* source = member(&raw, plugin.source)) {
      return CsiSource{Symbol(plugin.driver), handle_of(plugin, *source, &volume),
                       Symbol(plugin.name)};
    }
  }
  return std::nullopt;
}

api::Shared<api::NodeSelector> translated_affinity(const api::PersistentVolume& volume,
                                                   const InTreePlugin& plugin) {
  const api::Shared<api::NodeSelector>& given = volume.spec.node_affinity_required;
  if (plugin.topology_key.empty()) return given;
  const Symbol key(plugin.topology_key);
  const TopologyLabels& known = topology_labels();
  const api::Labels& labels = *volume.meta.labels;
  bool is_beta = false;
  if (!names_key(given.get(), known.zone)) {
    is_beta = names_key(given.get(), known.beta_zone) || !labels.has(known.zone);
  }
  const Symbol zone = is_beta ? known.beta_zone : known.zone;
  api::NodeSelector out = given ? *given : api::NodeSelector();
  if (names_key(given.get(), zone)) {
    replace_key(out, zone, key);
  } else if (const Symbol* label = labels.find(zone)) {
    std::vector<Symbol> zones;
    for (const std::string_view z : split(label->view(), "__")) zones.emplace_back(z);
    const api::NodeSelectorRequirement in{key, Symbol("In"), zones};
    if (out.node_selector_terms.empty()) out.node_selector_terms = {api::NodeSelectorTerm{}};
    for (api::NodeSelectorTerm& term : out.node_selector_terms.edit()) {
      term.match_expressions.edit().push_back(in);
    }
  }
  if (is_beta && names_key(&out, known.beta_region)) {
    replace_key(out, known.beta_region, known.region);
  }
  if (out.node_selector_terms.empty()) return given;
  return out;
}

Symbol attributes_class(const api::RawRef& spec) {
  return spec ? Symbol(text(&spec.json(), "volumeAttributesClassName")) : Symbol();
}

CsiNode read_csi_node(const api::Dynamic& object) {
  CsiNode out;
  const json* spec = member(object.body, "spec");
  for (const json& driver : items(spec, "drivers")) {
    const json* count = member(member(&driver, "allocatable"), "count");
    if (!count || !count->is_number_integer()) continue;
    out.limits.push_back({Symbol(text(&driver, "name")), count->get<std::int64_t>()});
  }
  const Text* list =
      api::find(object.meta.annotations, "storage.alpha.kubernetes.io/migrated-plugins");
  if (list && !list->empty()) {
    for (const std::string_view name : split(list->view(), ",")) out.migrated.emplace_back(name);
  }
  return out;
}

Attachment read_attachment(const api::Dynamic& object) {
  const json* spec = member(object.body, "spec");
  return {Symbol(text(spec, "attacher")), Symbol(text(spec, "nodeName")),
          Text(text(member(spec, "source"), "persistentVolumeName"))};
}

bool tracks_capacity(const api::Dynamic& csi_driver) {
  return flag(member(csi_driver.body, "spec"), "storageCapacity");
}

StorageCapacity read_capacity(const api::Dynamic& object) {
  StorageCapacity out;
  if (!object.body) return out;
  const json* body = &object.body.json();
  out.storage_class = Symbol(text(body, "storageClassName"));
  std::string_view amount = text(body, "maximumVolumeSize");
  if (amount.empty()) amount = text(body, "capacity");
  if (!amount.empty()) {
    const auto quantity = api::Quantity::parse(amount);
    if (quantity.ok()) out.limit = quantity->value();
  }
  const json* topology = member(body, "nodeTopology");
  out.has_topology = topology != nullptr;
  if (const json* labels = member(topology, "matchLabels"); labels && labels->is_object()) {
    for (const auto& [key, value] : labels->items()) {
      if (!value.is_string()) continue;
      out.topology.match_labels.emplace_back(Symbol(key),
                                             Symbol(value.get_ref<const std::string&>()));
    }
  }
  for (const json& e : items(topology, "matchExpressions")) {
    out.topology.match_expressions.push_back(
        {Symbol(text(&e, "key")), Symbol(text(&e, "operator")), symbols(items(&e, "values"))});
  }
  return out;
}

std::vector<TopologyTerm> allowed_topologies(const api::StorageClass& object) {
  std::vector<TopologyTerm> out;
  if (!object.extra) return out;
  for (const json& term : items(&object.extra.json(), "allowedTopologies")) {
    TopologyTerm& added = out.emplace_back();
    for (const json& e : items(&term, "matchLabelExpressions")) {
      added.requirements.push_back({Symbol(text(&e, "key")), symbols(items(&e, "values"))});
    }
  }
  return out;
}

bool matches(const std::vector<TopologyTerm>& terms, const api::Labels& labels) {
  const auto holds = [&](const TopologyTerm::Requirement& r) {
    const Symbol* value = labels.find(r.key);
    return value && std::find(r.values.begin(), r.values.end(), *value) != r.values.end();
  };
  if (terms.empty()) return true;
  return std::any_of(terms.begin(), terms.end(), [&](const TopologyTerm& term) {
    return !term.requirements.empty() &&
           std::all_of(term.requirements.begin(), term.requirements.end(), holds);
  });
}

}  // namespace orrery::scheduler
