#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/volume_checks.h"

namespace orrery::api {

bool has_backsteps(std::string_view value) {
  while (true) {
    const std::size_t slash = value.find('/');
    if (value.substr(0, slash) == "..") return true;
    if (slash == std::string_view::npos) return false;
    value.remove_prefix(slash + 1);
  }
}

void check_no_backsteps(FieldErrors& errors, std::string_view value, const Path& path) {
  if (has_backsteps(value)) errors.invalid(path, value, "must not contain '..'");
}

void check_local_descending_path(FieldErrors& errors, std::string_view value, const Path& path) {
  if (value.starts_with('/')) errors.invalid(path, value, "must be a relative path");
  check_no_backsteps(errors, value, path);
}

void check_local_not_reserved_path(FieldErrors& errors, std::string_view value, const Path& path) {
  check_local_descending_path(errors, value, path);
  if (value.starts_with("..") && !value.starts_with("../")) {
    errors.invalid(path, value, "must not start with '..'");
  }
}

void check_mode(FieldErrors& errors, const Json& holder, const char* key, const Path& path) {
  const auto mode = maybe_integer(holder, key);
  if (mode && (*mode < 0 || *mode > 0777)) {
    errors.invalid(path.child(key), *mode,
                   "must be a number between 0 and 0777 (octal), both inclusive");
  }
}

void check_key_to_path(FieldErrors& errors, const Json& item, const Path& path) {
  if (text(item, "key").empty()) errors.required(path.child("key"));
  if (text(item, "path").empty()) errors.required(path.child("path"));
  check_local_not_reserved_path(errors, text(item, "path"), path.child("path"));
  check_mode(errors, item, "mode", path);
}

void check_downward_file(FieldErrors& errors, const Json& file, const Path& path) {
  if (text(file, "path").empty()) errors.required(path.child("path"));
  check_local_not_reserved_path(errors, text(file, "path"), path.child("path"));
  const Json* field = member(file, "fieldRef");
  const Json* resource = member(file, "resourceFieldRef");
  if (field) {
    check_field_ref(errors, *field, FieldUse::kVolume, path.child("fieldRef"));
    if (resource) {
      errors.invalid(path, "resource",
                     "fieldRef and resourceFieldRef can not be specified simultaneously");
    }
  } else if (resource) {
    check_resource_field_ref(errors, *resource, FieldUse::kVolume, path.child("resourceFieldRef"));
  } else {
    errors.required(path, "one of fieldRef and resourceFieldRef is required");
  }
  check_mode(errors, file, "mode", path);
}

void check_csi_driver_name(FieldErrors& errors, std::string_view name, const Path& path) {
  constexpr std::size_t kDriverNameMax = 63;
  if (name.empty()) return errors.required(path);
  if (name.size() > kDriverNameMax) errors.too_long(path, kDriverNameMax);
  std::string lowered(name);
  for (char& c : lowered) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  errors.invalid_each(path, name, dns_subdomain_messages(lowered));
}

}  // namespace orrery::api
