#include "core/api/checks/csi_checks.h"

#include <set>

#include "core/api/checks/amount.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

constexpr std::size_t kDriverNameMax = 63;
constexpr std::size_t kNodeIdMax = 192;
constexpr std::int64_t kTokenSecondsMin = 600;

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

void check_driver_name(FieldErrors& errors, std::string_view name, const Path& path) {
  if (name.empty()) errors.required(path);
  if (name.size() > kDriverNameMax) errors.too_long(path, kDriverNameMax);
  if (!name.empty()) errors.invalid_each(path, name, dns_subdomain_messages(lowered(name)));
}

void check_token_requests(FieldErrors& errors, const Json& requests, const Path& path) {
  std::set<std::string_view> audiences;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const std::string_view audience = text(requests[i], "audience");
    if (!audiences.insert(audience).second) {
      errors.duplicate(path.index(i).child("audience"), audience);
    }
    const auto seconds = maybe_integer(requests[i], "expirationSeconds");
    if (seconds && *seconds < kTokenSecondsMin) {
      errors.invalid(path.index(i).child("expirationSeconds"), *seconds,
                     "may not specify a duration less than 10 minutes");
    }
  }
}

void check_driver_spec(FieldErrors& errors, const Json& spec) {
  const Path path("spec");
  if (!has(spec, "attachRequired")) errors.required(path.child("attachedRequired"));
  for (const char* key : {"podInfoOnMount", "storageCapacity"}) {
    if (!has(spec, key)) errors.required(path.child(key));
  }
  const auto policy = maybe_text(spec, "fsGroupPolicy");
  if (!policy) {
    errors.required(path.child("fsGroupPolicy"));
  } else if (*policy != "File" && *policy != "None" && *policy != "ReadWriteOnceWithFSType") {
    errors.not_supported(path.child("fsGroupPolicy"), *policy,
                         {"ReadWriteOnceWithFSType", "File", "None"});
  }
  check_token_requests(errors, array(spec, "tokenRequests"), path.child("tokenRequests"));
  for (const Json& mode : array(spec, "volumeLifecycleModes")) {
    if (mode == "Persistent" || mode == "Ephemeral") continue;
    errors.not_supported(path.child("volumeLifecycleModes"), as_text(mode),
                         {"Persistent", "Ephemeral"});
  }
  if (!has(spec, "seLinuxMount")) errors.required(path.child("seLinuxMount"));
}

void check_topology_keys(FieldErrors& errors, const Json& driver, const Path& path) {
  if (!has(driver, "topologyKeys")) return;
  const Json& keys = array(driver, "topologyKeys");
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string_view key = as_text(keys[i]);
    if (key.empty()) errors.required(path.child("topologyKeys"));
    if (!seen.insert(key).second) errors.duplicate(path.child("topologyKeys"), key);
    errors.invalid_each(path.child("topologyKeys"), key, qualified_name_messages(lowered(key)));
  }
}

void check_attributes_class(FieldErrors& errors, const Json& attributes_class) {
  const std::string_view driver = text(attributes_class, "driverName");
  if (driver.empty()) {
    errors.required(Path("driverName"));
  } else {
    errors.invalid_each(Path("driverName"), driver, qualified_name_messages(lowered(driver)));
  }
  if (object(attributes_class, "parameters").empty()) {
    errors.required(Path("parameters"), "must contain at least one key/value pair");
  }
}

}  // namespace

void default_csi_driver(Json& driver) {
  Json& spec = make_object(driver, "spec");
  set_if_absent(spec, "attachRequired", true);
  for (const char* key :
       {"podInfoOnMount", "storageCapacity", "requiresRepublish", "seLinuxMount"}) {
    set_if_absent(spec, key, false);
  }
  set_if_absent(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
  if (array(spec, "volumeLifecycleModes").empty()) {
    spec["volumeLifecycleModes"] = Json::array({"Persistent"});
  }
}

void check_csi_driver(FieldErrors& errors, const Json& driver) {
  check_object_meta(errors, driver, Scope::kCluster, subdomain_name);
  const std::string_view name = text(object(driver, "metadata"), "name");
  if (name.size() > kDriverNameMax) errors.too_long(Path("metadata.name"), kDriverNameMax);
  check_driver_spec(errors, object(driver, "spec"));
}

void check_csi_driver_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  const Json &a = object(now, "spec"), &b = object(old, "spec");
  check_driver_spec(errors, a);
  const Path path("spec");
  check_immutable(errors, member(a, "attachRequired"), member(b, "attachRequired"),
                  path.child("attachedRequired"));
  check_immutable(errors, member(a, "volumeLifecycleModes"), member(b, "volumeLifecycleModes"),
                  path.child("volumeLifecycleModes"));
}

void check_csi_node(FieldErrors& errors, const Json& node) {
  check_object_meta(errors, node, Scope::kCluster, subdomain_name);
  const Json& drivers = array(object(node, "spec"), "drivers");
  const Path path("spec.drivers");
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < drivers.size(); ++i) {
    const Path at = path.index(i);
    const std::string_view name = text(drivers[i], "name"), id = text(drivers[i], "nodeID");
    check_driver_name(errors, name, at.child("name"));
    if (id.empty()) errors.required(at.child("nodeID"));
    if (id.size() > kNodeIdMax) {
      errors.invalid(at.child("nodeID"), id,
                     "must be " + std::to_string(kNodeIdMax) + " characters or less");
    }
    const auto count = maybe_integer(object(drivers[i], "allocatable"), "count");
    if (count && *count < 0) {
      errors.invalid(at.child("allocatable.count"), *count,
                     "must be greater than or equal to 0");
    }
    if (!seen.insert(name).second) errors.duplicate(at.child("name"), name);
    check_topology_keys(errors, drivers[i], at);
  }
}

void default_csi_capacity(Json& capacity) {
  for (const char* key : {"capacity", "maximumVolumeSize"}) {
    if (has(capacity, key)) make_canonical(capacity[key], false);
  }
}

void check_csi_capacity(FieldErrors& errors, const Json& capacity) {
  check_object_meta(errors, capacity, Scope::kNamespaced, subdomain_name);
  check_label_selector(errors, member(capacity, "nodeTopology"), Path("nodeTopology"));
  const std::string_view name = text(capacity, "storageClassName");
  check_dns_subdomain(errors, name, Path("storageClassName"));
  for (const char* key : {"capacity", "maximumVolumeSize"}) {
    const Json* amount = member(capacity, key);
    if (amount && is_negative_amount(*amount)) {
      errors.invalid(Path(key), amount_text(amount), "must be greater than or equal to 0");
    }
  }
}

void check_csi_capacity_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_csi_capacity(errors, now);
  check_object_meta_update(errors, now, old);
  check_immutable(errors, member(now, "nodeTopology"), member(old, "nodeTopology"),
                  Path("nodeTopology"));
  check_immutable(errors, member(now, "storageClassName"), member(old, "storageClassName"),
                  Path("storageClassName"));
}

void check_volume_attachment(FieldErrors& errors, const Json& attachment) {
  check_object_meta(errors, attachment, Scope::kCluster, subdomain_name);
  const Json& spec = object(attachment, "spec");
  const Path path("spec");
  check_driver_name(errors, text(spec, "attacher"), path.child("attacher"));
  const Json& source = object(spec, "source");
  const std::string_view volume = text(source, "persistentVolumeName");
  const bool inlined = has(source, "inlineVolumeSpec");
  if (!inlined && volume.empty()) {
    errors.required(path.child("source"), "must specify exactly one of inlineVolumeSpec and "
                                          "persistentVolumeName");
  } else if (inlined && !volume.empty()) {
    errors.invalid_raw(path.child("source"), source.dump(),
                       "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
  }
  const std::string_view node = text(spec, "nodeName");
  check_dns_subdomain(errors, node, path.child("nodeName"));
}

void check_volume_attachment_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_volume_attachment(errors, now);
  check_object_meta_update(errors, now, old);
  check_immutable(errors, member(now, "spec"), member(old, "spec"), Path("spec"));
}

void check_volume_attributes_class(FieldErrors& errors, const Json& attributes_class) {
  check_object_meta(errors, attributes_class, Scope::kCluster, subdomain_name);
  check_attributes_class(errors, attributes_class);
}

void check_volume_attributes_class_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  for (const char* key : {"driverName", "parameters"}) {
    if (same(member(now, key), member(old, key))) continue;
    errors.forbidden(Path(key), std::string("updates to ") + key + " are forbidden.");
  }
}

}  // namespace orrery::api
