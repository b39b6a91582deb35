#include "core/api/checks/core_checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/pod_checks.h"

namespace orrery::api {
namespace {

constexpr std::size_t kDataBytesMax = 1024 * 1024;  // MaxSecretSize
constexpr char kFrozen[] = "field is immutable when `immutable` is set";

// The size of what base64 text stands for.
std::size_t decoded_bytes(std::string_view base64) {
  std::size_t bytes = base64.size() / 4 * 3;
  if (base64.ends_with('=')) --bytes;
  if (base64.ends_with("==")) --bytes;
  return bytes;
}

void check_frozen(FieldErrors& errors, const Json& now, const Json& old,
                  std::initializer_list<const char*> keys) {
  if (!flag(old, "immutable")) return;
  if (!flag(now, "immutable")) errors.forbidden(Path("immutable"), kFrozen);
  for (const char* key : keys) {
    if (!same(member(now, key), member(old, key))) errors.forbidden(Path(key), kFrozen);
  }
}

void check_secret_type(FieldErrors& errors, const Json& secret) {
  const std::string_view type = text(secret, "type");
  const Json& data = object(secret, "data");
  const Path path("data");
  const auto need = [&](const char* key) {
    if (!has(data, key)) errors.required(path.key(key));
  };
  if (type == "kubernetes.io/service-account-token") {
    constexpr char kName[] = "kubernetes.io/service-account.name";
    if (text(object(object(secret, "metadata"), "annotations"), kName).empty()) {
      const Path annotations("metadata.annotations");
      errors.required(annotations.key(kName));
    }
  } else if (type == "kubernetes.io/dockercfg") {
    need(".dockercfg");
  } else if (type == "kubernetes.io/dockerconfigjson") {
    need(".dockerconfigjson");
  } else if (type == "kubernetes.io/basic-auth") {
    if (!has(data, "username") && !has(data, "password")) {
      need("username");
      need("password");
    }
  } else if (type == "kubernetes.io/ssh-auth") {
    if (text(data, "ssh-privatekey").empty()) errors.required(path.key("ssh-privatekey"));
  } else if (type == "kubernetes.io/tls") {
    need("tls.crt");
    need("tls.key");
  }
}

void check_secret_data(FieldErrors& errors, const Json& secret) {
  const Path path("data");
  std::size_t bytes = 0;
  for (const auto& [key, value] : object(secret, "data").items()) {
    errors.invalid_each(path.key(key), key, config_key_messages(key));
    bytes += decoded_bytes(as_text(value));
  }
  if (bytes > kDataBytesMax) errors.too_long(path, kDataBytesMax);
}

}  // namespace

void check_config_map(FieldErrors& errors, const Json& config) {
  check_object_meta(errors, config, Scope::kNamespaced, subdomain_name);
  const Json& binary = object(config, "binaryData");
  const Path data_path("data"), binary_path("binaryData");
  std::size_t bytes = 0;
  for (const auto& [key, value] : object(config, "data").items()) {
    errors.invalid_each(data_path.key(key), key, config_key_messages(key));
    if (binary.contains(key)) {
      errors.invalid(data_path.key(key), key, "duplicate of key present in binaryData");
    }
    bytes += as_text(value).size();
  }
  for (const auto& [key, value] : binary.items()) {
    errors.invalid_each(binary_path.key(key), key, config_key_messages(key));
    bytes += decoded_bytes(as_text(value));
  }
  if (bytes > kDataBytesMax) errors.too_long(Path(""), kDataBytesMax);
}

void check_config_map_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_frozen(errors, now, old, {"data", "binaryData"});
  check_config_map(errors, now);
}

void check_secret(FieldErrors& errors, const Json& secret) {
  check_object_meta(errors, secret, Scope::kNamespaced, subdomain_name);
  check_secret_data(errors, secret);
  check_secret_type(errors, secret);
}

void check_secret_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_immutable(errors, member(now, "type"), member(old, "type"), Path("type"));
  check_frozen(errors, now, old, {"data"});
  check_secret(errors, now);
}

void check_namespace_object(FieldErrors& errors, const Json& space) {
  check_object_meta(errors, space, Scope::kCluster, label_name);
  for (const Json& finalizer : array(object(space, "spec"), "finalizers")) {
    check_qualified_name(errors, as_text(finalizer), Path("spec.finalizers"));
  }
}

void check_namespace_status(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  const std::string_view phase = text(object(now, "status"), "phase");
  const bool deleting = has(object(now, "metadata"), "deletionTimestamp");
  if (!deleting && phase != "Active") {
    errors.invalid(Path("status.Phase"), phase,
                   "may only be 'Active' if `deletionTimestamp` is empty");
  } else if (deleting && phase != "Terminating") {
    errors.invalid(Path("status.Phase"), phase,
                   "may only be 'Terminating' if `deletionTimestamp` is not empty");
  }
}

void check_pod_template_object(FieldErrors& errors, const Json& object_json) {
  check_object_meta(errors, object_json, Scope::kNamespaced, subdomain_name);
  check_pod_template(errors, object(object_json, "template"), Path("template"));
}

void check_pod_template_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_pod_template(errors, object(now, "template"), Path("template"));
}

}  // namespace orrery::api
