#include "core/apiserver/token_volume.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/hash.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

constexpr const char* kMountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

bool wants_token(const api::Pod& pod, const api::ServiceAccount& account) {
  if (pod.spec->extra) {
    const json& extra = pod.spec->extra.json();
    const auto it = extra.find("automountServiceAccountToken");
    if (it != extra.end() && it->is_boolean()) return it->get<bool>();
  }
  return account.automount_service_account_token.value_or(true);
}

bool has_mount(const api::Container& container) {
  return std::any_of(container.volume_mounts.begin(), container.volume_mounts.end(),
                     [](const api::VolumeMount& m) { return m.mount_path == kMountPath; });
}

bool has_token_volume(const api::PodSpec& spec) {
  return std::any_of(spec.volumes.begin(), spec.volumes.end(), [](const api::Volume& v) {
    return v.name.view().starts_with("kube-api-access-");
  });
}

// Upstream draws five random characters; here they come from the containers, the same for each pod
// of a template.
std::string volume_name(const api::PodSpec& spec) {
  static constexpr std::string_view kAlphabet = "bcdfghjklmnpqrstvwxz2456789";
  std::uint64_t hash = hash_text("kube-api-access");
  for (const api::Container& c : spec.containers) {
    hash = hash_text(c.name.view(), hash_text(c.image.view(), hash));
  }
  std::string name = "kube-api-access-";
  for (int i = 0; i < 5; ++i, hash /= kAlphabet.size()) name += kAlphabet[hash % kAlphabet.size()];
  return name;
}

api::Volume token_volume(const std::string& name) {
  static const api::RawRef kSources(
      json{{"projected",
            {{"defaultMode", 420},
             {"sources",
              {{{"serviceAccountToken", {{"expirationSeconds", 3607}, {"path", "token"}}}},
               {{"configMap",
                 {{"name", "kube-root-ca.crt"},
                  {"items", json::array({{{"key", "ca.crt"}, {"path", "ca.crt"}}})}}}},
               {{"downwardAPI",
                 {{"items", json::array({{{"path", "namespace"},
                                          {"fieldRef",
                                           {{"apiVersion", "v1"},
                                            {"fieldPath", "metadata.namespace"}}}}})}}}}}}}}});
  api::Volume volume;
  volume.name = name;
  volume.extra = kSources;
  return volume;
}

bool mount_everywhere(api::List<api::Container>& containers, const std::string& name) {
  static const api::RawRef kReadOnly(json{{"readOnly", true}});
  bool mounted = false;
  for (std::size_t i = 0; i < containers.size(); ++i) {
    if (has_mount(containers[i])) continue;
    containers.edit()[i].volume_mounts.edit().push_back({Symbol(name), kMountPath, kReadOnly});
    mounted = true;
  }
  return mounted;
}

void add_pull_secrets(api::PodSpec& spec, const api::ServiceAccount& account) {
  if (!account.extra || !account.extra.json().contains("imagePullSecrets")) return;
  json extra = spec.extra ? spec.extra.json() : json::object();
  if (extra.contains("imagePullSecrets") && !extra["imagePullSecrets"].empty()) return;
  extra["imagePullSecrets"] = account.extra.json()["imagePullSecrets"];
  spec.extra = api::RawRef(std::move(extra));
}

}  // namespace

void mount_token(api::Pod& pod, const api::ServiceAccount& account) {
  api::PodSpec& spec = pod.spec.edit();
  add_pull_secrets(spec, account);
  if (!wants_token(pod, account) || has_token_volume(spec)) return;
  const std::string name = volume_name(spec);
  const bool init = mount_everywhere(spec.init_containers, name);
  if (mount_everywhere(spec.containers, name) || init) {
    spec.volumes.edit().push_back(token_volume(name));
  }
}

}  // namespace orrery::apiserver
