// PartialObjectMetadata: an object cut down to its metadata, as meta.AsPartialObjectMetadata does.
// For requests with `as=PartialObjectMetadata`, and the object of each table row.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/api/meta.h"

namespace orrery::apiserver {

/// The document of one object. `version` is that of meta.k8s.io: "v1" or "v1beta1".
nlohmann::json partial_metadata(const nlohmann::json& object, std::string_view version);
/// The document of a list: its own metadata, and every item cut down.
nlohmann::json partial_metadata_list(const nlohmann::json& list, std::string_view version);

/// The same as text, straight from a typed object's metadata or from a document.
void append_partial_metadata(std::string& out, const api::ObjectMeta& meta,
                             std::string_view version);
void append_partial_metadata(std::string& out, const nlohmann::json& object,
                             std::string_view version);
/// metadata alone, as encode_object has it.
void append_meta(std::string& out, const api::ObjectMeta& meta);

}  // namespace orrery::apiserver
