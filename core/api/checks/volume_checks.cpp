#include "core/api/checks/volume_checks.h"

#include <array>
#include <set>

#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/storage_checks.h"

namespace orrery::api {
namespace {

using NameSet = std::set<std::string, std::less<>>;

// JSON names of the sources in upstream's order of checking.
constexpr std::array<const char*, 30> kSources{"emptyDir",
                                               "hostPath",
                                               "gitRepo",
                                               "gcePersistentDisk",
                                               "awsElasticBlockStore",
                                               "secret",
                                               "nfs",
                                               "iscsi",
                                               "glusterfs",
                                               "flocker",
                                               "persistentVolumeClaim",
                                               "rbd",
                                               "cinder",
                                               "cephfs",
                                               "quobyte",
                                               "downwardAPI",
                                               "fc",
                                               "flexVolume",
                                               "configMap",
                                               "azureFile",
                                               "vsphereVolume",
                                               "photonPersistentDisk",
                                               "portworxVolume",
                                               "azureDisk",
                                               "storageos",
                                               "projected",
                                               "scaleIO",
                                               "csi",
                                               "ephemeral",
                                               "image"};

// Where upstream's path to a source differs from its JSON name.
std::string_view error_name(std::string_view kind) {
  return kind == "gcePersistentDisk" ? "persistentDisk" : kind;
}

void check_item_paths(FieldErrors& errors, const Json& items, std::string_view source,
                      NameSet& paths, const Path& item_path, const Path& path) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    check_key_to_path(errors, items[i], item_path.at("items", i));
    const std::string_view file = text(items[i], "path");
    if (!file.empty() && !paths.emplace(file).second) {
      errors.invalid(path, source, "conflicting duplicate paths");
    }
  }
}

void check_token_projection(FieldErrors& errors, const Json& token, const Path& path,
                            const Path& parent) {
  constexpr std::int64_t kSecondsMin = 600, kSecondsMax = std::int64_t{1} << 32;
  const std::int64_t seconds = integer(token, "expirationSeconds");
  if (seconds < kSecondsMin) {
    errors.invalid(path.child("expirationSeconds"), seconds,
                   "may not specify a duration less than 10 minutes");
  }
  if (seconds > kSecondsMax) {
    errors.invalid(path.child("expirationSeconds"), seconds,
                   "may not specify a duration larger than 2^32 seconds");
  }
  const std::string_view file = text(token, "path");
  if (file.empty()) {
    errors.required(parent.child("path"));
  } else {
    check_local_not_reserved_path(errors, file, parent.child("path"));
  }
}

void check_downward_projection(FieldErrors& errors, const Json& downward, NameSet& paths,
                               const Path& path, const Path& parent) {
  for (const Json& file : array(downward, "items")) {
    check_downward_file(errors, file, path);
    const std::string_view name = text(file, "path");
    if (!name.empty() && !paths.emplace(name).second) {
      errors.invalid(parent, name, "conflicting duplicate paths");
    }
  }
}

void check_ephemeral_names(FieldErrors& errors, const Json& volume, std::string_view pod_name,
                           const Path& path) {
  const std::string_view name = text(volume, "name");
  if (pod_name.empty() || name.empty() || !has(volume, "ephemeral")) return;
  const std::string claim = std::string(pod_name) + "-" + std::string(name);
  for (const std::string& message : dns_subdomain_messages(claim)) {
    errors.invalid(path.child("name"), name, "PVC name " + api::quoted(claim) + ": " + message);
  }
}

void check_sources(FieldErrors& errors, const Json& volume, std::string_view pod_name, bool is_pod,
                   const Path& path) {
  bool found = false;
  for (const char* kind : kSources) {
    const Json* source = member(volume, kind);
    if (!source) continue;
    if (found) {
      errors.forbidden(path.child(kind), "may not specify more than 1 volume type");
      continue;
    }
    found = true;
    check_volume_source(errors, kind, *source, is_pod, path.child(error_name(kind)));
    if (std::string_view(kind) == "ephemeral") {
      check_ephemeral_names(errors, volume, pod_name, path);
    }
    if (std::string_view(kind) == "iscsi" && has(*source, "initiatorName") &&
        text(volume, "name").size() + 1 + text(*source, "targetPortal").size() > 64) {
      errors.invalid(path.child("name"), text(volume, "name"),
                     "Total length of <volume name>:<iscsi.targetPortal> must be under 64 "
                     "characters if iscsi.initiatorName is specified.");
    }
  }
  if (!found) errors.required(path, "must specify a volume type");
}

}  // namespace

void check_projected(FieldErrors& errors, const Json& projected, const Path& path) {
  check_mode(errors, projected, "defaultMode", path);
  NameSet paths;
  const Json& sources = array(projected, "sources");
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const Path at = path.at("sources", i);
    int count = 0;
    for (const char* key : {"secret", "configMap"}) {
      const Json* source = member(sources[i], key);
      if (!source) continue;
      ++count;
      const Path source_path = at.child(key);
      if (text(*source, "name").empty()) errors.required(source_path.child("name"));
      check_item_paths(errors, array(*source, "items"), text(*source, "name"), paths, source_path,
                       path);
    }
    if (const Json* downward = member(sources[i], "downwardAPI")) {
      ++count;
      check_downward_projection(errors, *downward, paths, at.child("downwardAPI"), path);
    }
    if (const Json* token = member(sources[i], "serviceAccountToken")) {
      ++count;
      check_token_projection(errors, *token, at.child("serviceAccountToken"), path);
    }
    if (count > 1) errors.forbidden(at, "may not specify more than 1 volume type per source");
  }
}

Volumes check_volumes(FieldErrors& errors, const Json& spec, std::string_view pod_name, bool is_pod,
                      const Path& path) {
  Volumes out;
  const Json& volumes = array(spec, "volumes");
  NameSet created_claims;
  if (!pod_name.empty()) {
    for (const Json& volume : volumes) {
      if (!has(volume, "ephemeral")) continue;
      created_claims.insert(std::string(pod_name) + "-" + std::string(text(volume, "name")));
    }
  }
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    const Json& volume = volumes[i];
    const Path at = path.index(i);
    const std::string_view name = text(volume, "name");
    FieldErrors own;
    check_sources(own, volume, pod_name, is_pod, at);
    if (name.empty()) {
      own.required(at.child("name"));
    } else {
      check_dns_label(own, name, at.child("name"));
    }
    if (out.contains(name)) own.duplicate(at.child("name"), name);
    if (own.empty()) out.emplace(name, &volume);
    errors.append(std::move(own));
    const std::string_view claim = text(object(volume, "persistentVolumeClaim"), "claimName");
    if (!claim.empty() && created_claims.contains(claim)) {
      errors.invalid(at.child("persistentVolumeClaim.claimName"), claim,
                     "must not reference a PVC that gets created for an ephemeral volume");
    }
  }
  return out;
}

}  // namespace orrery::api
