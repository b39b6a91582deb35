// Walks of a JSON document along the API table: what a decoder of upstream's would say of it
// (unknown fields, wrong types), pruning and null handling. The table gives the types, never a
// string compare. Callers: documents (decode_object), patches, custom-resource-free parts of the
// API server.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "core/api/schema/api_table.h"

namespace orrery::api {

/// One thing that is wrong with a field.
struct FieldFault {
  enum class Kind : std::uint8_t {
    kUnknownField,    // strict decoding only
    kDuplicateField,  // strict decoding only
    kMismatch,   // another JSON type than the field's: the decoder goes on and reports the first
    kMalformed,  // a text that its type refuses: the decoder stops there
  };
  Kind kind = Kind::kUnknownField;
  std::string path;     // as in strict errors: "spec.containers[0].image"
  std::string value;    // kMismatch: "string", "number", "number 1.5"
  std::string target;   // kMismatch: "Go struct field PodSpec.spec.hostNetwork of type bool"
  std::string message;  // kMalformed: the whole text
};

/// All faults of `value` read as row `type` of the table, in the order of its keys (sorted: that of
/// YAML and patched objects upstream). Documents in JSON text keep the text's order: see
/// document.h.
std::vector<FieldFault> check_fields(const ApiTable& table, std::size_t type,
                                     const nlohmann::json& value);

/// What encoding/json answers: the first malformed field, else the first mismatch; "" if it
/// decodes. E.g. `json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of
/// type bool`.
std::string decode_error(std::span<const FieldFault> faults);

/// `unknown field "spec.foo"`, `duplicate field "metadata.name"`; each once, at most 100, as
/// upstream.
std::vector<std::string> strict_errors(std::span<const FieldFault> faults);

/// `strict decoding error: unknown field "spec.foo", unknown field "spec.bar"`
std::string strict_decoding_error(const std::vector<std::string>& errors);

/// Whether a path (field names, map keys, "[3]") leads along known fields to something the table
/// types.
bool is_known_path(const ApiTable& table, std::size_t type, std::span<const std::string> path);

/// Removes the fields that the table does not know. Maps and opaque values keep all they have.
void prune_unknown(const ApiTable& table, std::size_t type, nlohmann::json& value);

/// Null as apiserver's decoders read it: a null field is absent, a null list element or map value
/// is the zero value of its type ("" or 0 or {} or, for a quantity, "0").
void drop_nulls(const ApiTable& table, std::size_t type, nlohmann::json& value);

/// What the converter from unstructured content (after a strategic merge) says of a wrong type:
/// "cannot restore slice from map", "unrecognized type: int32"; "" if all fits.
std::string conversion_error(const ApiTable& table, std::size_t type, const nlohmann::json& value);

}  // namespace orrery::api
