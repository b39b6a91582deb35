// The Go types that make up v1.PodTemplateSpec in Kubernetes v1.36: names, field order and field
// types, because the pod template hash is taken over all of them. A table; template_layout.h
// compiles it.
#pragma once

#include <span>
#include <string_view>

namespace orrery::api {

struct TemplateType {
  std::string_view name;
  /// "Field Type, Field=jsonName Type, ...". The JSON name is left out where it is the field's name
  /// with its first word in lower case; "." means an embedded type that shares the JSON object.
  /// Types: Go's, with *T and []T; `strings` is map[string]string; a name without a row is a string
  /// type.
  std::string_view fields;
};

std::span<const TemplateType> template_types();

}  // namespace orrery::api
