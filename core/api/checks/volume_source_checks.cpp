#include <algorithm>
#include <array>

#include "core/api/checks/amount.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/storage_checks.h"
#include "core/api/checks/volume_checks.h"

namespace orrery::api {
namespace {

// Sources of which upstream only asks that some members are set.
struct Needs {
  std::string_view kind;
  std::array<const char*, 3> members;
};
constexpr std::array<Needs, 13> kNeeds{{
    {"persistentVolumeClaim", {"claimName"}},
    {"glusterfs", {"endpoints", "path"}},
    {"rbd", {"monitors", "image"}},
    {"cephfs", {"monitors"}},
    {"flexVolume", {"driver"}},
    {"azureFile", {"secretName", "shareName"}},
    {"vsphereVolume", {"volumePath"}},
    {"photonPersistentDisk", {"pdID"}},
    {"portworxVolume", {"volumeID"}},
    {"scaleIO", {"gateway", "system", "volumeName"}},
    {"cinder", {"volumeID"}},
    {"storageos", {"volumeName"}},
    {"gitRepo", {"repository"}},
}};

bool is_unset(const Json& source, const char* key) {
  const Json* value = member(source, key);
  return !value || (value->is_string() ? as_text(*value).empty() : value->empty());
}

void check_range(FieldErrors& errors, const Json& source, const char* key, std::int64_t low,
                 std::int64_t printed_low, std::int64_t high, const Path& path) {
  const std::int64_t value = integer(source, key);
  if (value < low || value > high) {
    errors.invalid(path.child(key), value, range_message(printed_low, high));
  }
}

void check_host_path(FieldErrors& errors, const Json& source, const Path& path) {
  if (text(source, "path").empty()) return errors.required(path.child("path"));
  check_no_backsteps(errors, text(source, "path"), path.child("path"));
  const auto type = maybe_text(source, "type");
  static constexpr std::array<std::string_view, 8> kTypes{
      "",     "BlockDevice",  "CharDevice", "Directory", "DirectoryOrCreate",
      "File", "FileOrCreate", "Socket"};
  if (type && std::find(kTypes.begin(), kTypes.end(), *type) == kTypes.end()) {
    errors.not_supported(path.child("type"), *type,
                         {"", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File",
                          "FileOrCreate", "Socket"});
  }
}

void check_files(FieldErrors& errors, const Json& source, const char* name_key, const Path& path) {
  if (text(source, name_key).empty()) errors.required(path.child(name_key));
  check_mode(errors, source, "defaultMode", path);
  const Json& items = array(source, "items");
  for (std::size_t i = 0; i < items.size(); ++i) {
    check_key_to_path(errors, items[i], path.at("items", i));
  }
}

void check_downward(FieldErrors& errors, const Json& source, const Path& path) {
  check_mode(errors, source, "defaultMode", path);
  for (const Json& file : array(source, "items")) check_downward_file(errors, file, path);
}

void check_nfs(FieldErrors& errors, const Json& source, const Path& path) {
  const std::string_view dir = text(source, "path");
  if (text(source, "server").empty()) errors.required(path.child("server"));
  if (dir.empty()) errors.required(path.child("path"));
  if (!dir.starts_with('/')) errors.invalid(path.child("path"), dir, "must be an absolute path");
}

void check_iscsi(FieldErrors& errors, const Json& source, const Path& path) {
  if (text(source, "targetPortal").empty()) errors.required(path.child("targetPortal"));
  const std::string_view iqn = text(source, "iqn");
  const std::string_view form = iqn.substr(0, 3);
  if (iqn.empty()) {
    errors.required(path.child("iqn"));
  } else if (form != "iqn" && form != "eui" && form != "naa") {
    errors.invalid(path.child("iqn"), iqn, "must be valid format starting with iqn, eui, or naa");
  }
  check_range(errors, source, "lun", 0, 0, 255, path);
  const bool chap = flag(source, "chapAuthDiscovery") || flag(source, "chapAuthSession");
  if (chap && !has(source, "secretRef")) errors.required(path.child("secretRef"));
}

void check_fc(FieldErrors& errors, const Json& source, const Path& path) {
  const Json& targets = array(source, "targetWWNs");
  const Json& wwids = array(source, "wwids");
  const Path at = path.child("targetWWNs");
  if (targets.empty() && wwids.empty()) {
    errors.required(at, "must specify either targetWWNs or wwids, but not both");
  }
  if (!targets.empty() && !wwids.empty()) {
    errors.invalid_raw(at, targets.dump(),
                       "targetWWNs and wwids can not be specified simultaneously");
  }
  if (targets.empty()) return;
  if (!has(source, "lun")) {
    errors.required(path.child("lun"), "lun is required if targetWWNs is specified");
  } else {
    check_range(errors, source, "lun", 0, 0, 255, path);
  }
}

void check_flocker(FieldErrors& errors, const Json& source, const Path& path) {
  const std::string_view name = text(source, "datasetName");
  const bool uuid = !text(source, "datasetUUID").empty();
  if (name.empty() && !uuid) {
    errors.required(path, "one of datasetName and datasetUUID is required");
  }
  if (!name.empty() && uuid) {
    errors.invalid(path, "resource",
                   "datasetName and datasetUUID can not be specified simultaneously");
  }
  if (name.find('/') != std::string_view::npos) {
    errors.invalid(path.child("datasetName"), name, "must not contain '/'");
  }
}

void check_quobyte(FieldErrors& errors, const Json& source, const Path& path) {
  constexpr std::string_view kText =
      "must be a host:port pair or multiple pairs separated by commas";
  const std::string_view registry = text(source, "registry");
  if (registry.empty()) {
    errors.required(path.child("registry"), kText);
  } else if (text(source, "tenant").size() >= 65) {
    errors.required(path.child("tenant"),
                    "must be a UUID and may not exceed a length of 64 characters");
  } else if (registry.find(':') == std::string_view::npos) {
    errors.invalid(path.child("registry"), registry, kText);
  }
  if (text(source, "volume").empty()) errors.required(path.child("volume"));
}

void check_azure_disk(FieldErrors& errors, const Json& source, const Path& path) {
  for (const char* key : {"diskName", "diskURI"}) {
    if (text(source, key).empty()) errors.required(path.child(key));
  }
  const std::string_view mode = text(source, "cachingMode"), kind = text(source, "kind");
  if (mode != "None" && mode != "ReadOnly" && mode != "ReadWrite") {
    errors.not_supported(path.child("cachingMode"), mode, {"None", "ReadOnly", "ReadWrite"});
  }
  if (kind != "Shared" && kind != "Dedicated" && kind != "Managed") {
    errors.not_supported(path.child("kind"), kind, {"Dedicated", "Managed", "Shared"});
  }
  const std::string_view uri = text(source, "diskURI");
  if (kind == "Managed" && !uri.starts_with("/subscriptions/")) {
    errors.not_supported(path.child("diskURI"), uri,
                         {"/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/"
                          "microsoft.compute/disks/{disk-id}"});
  }
  if (kind != "Managed" && !uri.starts_with("https://")) {
    errors.not_supported(path.child("diskURI"), uri,
                         {"https://{account-name}.blob.core.windows.net/{container-name}/"
                          "{disk-name}.vhd"});
  }
}

void check_csi(FieldErrors& errors, const Json& source, const Path& path) {
  check_csi_driver_name(errors, text(source, "driver"), path.child("driver"));
  const Json* secret = member(source, "nodePublishSecretRef");
  if (!secret) return;
  const std::string_view name = text(*secret, "name");
  if (name.empty()) {
    errors.required(path.child("nodePublishSecretRef.name"));
  } else {
    errors.invalid_each(path.child("name"), name, dns_subdomain_messages(name));
  }
}

void check_disk(FieldErrors& errors, const Json& source, const char* id, const Path& path) {
  if (text(source, id).empty()) errors.required(path.child(id));
  check_range(errors, source, "partition", 0, 1, 255, path);
}

void check_image(FieldErrors& errors, const Json& source, bool is_pod, const Path& path) {
  if (is_pod && text(source, "reference").empty()) errors.required(path.child("reference"));
  check_pull_policy(errors, source, "pullPolicy", path.child("pullPolicy"));
}

void check_ephemeral(FieldErrors& errors, const Json& source, const Path& path) {
  const Json* claim = member(source, "volumeClaimTemplate");
  if (claim) {
    check_claim_template(errors, *claim, path.child("volumeClaimTemplate"));
  } else {
    errors.required(path.child("volumeClaimTemplate"));
  }
}

bool check_files_source(FieldErrors& errors, std::string_view kind, const Json& source,
                        const Path& path) {
  if (kind == "secret") {
    check_files(errors, source, "secretName", path);
  } else if (kind == "configMap") {
    check_files(errors, source, "name", path);
  } else if (kind == "downwardAPI") {
    check_downward(errors, source, path);
  } else if (kind == "projected") {
    check_projected(errors, source, path);
  } else if (kind == "emptyDir") {
    const Json* limit = member(source, "sizeLimit");
    if (limit && is_negative_amount(*limit)) {
      errors.forbidden(path.child("sizeLimit"),
                       "SizeLimit field must be a valid resource quantity");
    }
  } else {
    return false;
  }
  return true;
}

}  // namespace

void check_volume_source(FieldErrors& errors, std::string_view kind, const Json& source,
                         bool is_pod, const Path& path) {
  if (check_files_source(errors, kind, source, path)) return;
  if (kind == "hostPath") return check_host_path(errors, source, path);
  if (kind == "nfs") return check_nfs(errors, source, path);
  if (kind == "csi") return check_csi(errors, source, path);
  if (kind == "ephemeral") return check_ephemeral(errors, source, path);
  if (kind == "image") return check_image(errors, source, is_pod, path);
  if (kind == "iscsi") return check_iscsi(errors, source, path);
  if (kind == "fc") return check_fc(errors, source, path);
  if (kind == "flocker") return check_flocker(errors, source, path);
  if (kind == "quobyte") return check_quobyte(errors, source, path);
  if (kind == "azureDisk") return check_azure_disk(errors, source, path);
  if (kind == "gcePersistentDisk") return check_disk(errors, source, "pdName", path);
  if (kind == "awsElasticBlockStore") return check_disk(errors, source, "volumeID", path);
  for (const Needs& needs : kNeeds) {
    if (needs.kind != kind) continue;
    for (const char* key : needs.members) {
      if (key && is_unset(source, key)) errors.required(path.child(key));
    }
  }
  if (kind == "gitRepo") {
    check_local_descending_path(errors, text(source, "directory"), path.child("directory"));
  }
}

}  // namespace orrery::api
