// Objects to and from JSON documents, by the kinds' field tables. Lossless: what a struct does not
// know is carried along.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/kind_registry.h"
#include "core/api/pod_spec.h"

namespace orrery::api {

/// The document with apiVersion and kind.
nlohmann::json encode_object(const Kinds& kinds, const Object& object);
/// By the document's own apiVersion and kind. BadRequest for unknown kinds or wrong types.
Result<Ref<Object>> decode_object(const Kinds& kinds, const nlohmann::json& document);
/// As the given kind, whatever the document says of itself.
Result<Ref<Object>> decode_object(const Kinds& kinds, KindId kind, const nlohmann::json& document);

/// Parts, for hashes and memos.
nlohmann::json encode_template(const PodTemplateSpec& pod_template);
Result<PodTemplateSpec> decode_template(const nlohmann::json& document);
nlohmann::json encode_meta(const ObjectMeta& meta);

/// Equal in everything but resourceVersion and managedFields: such a write changes nothing.
bool same_content(const Kinds& kinds, const Object& a, const Object& b);

}  // namespace orrery::api
