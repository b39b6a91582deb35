// API documents as text: parsing with duplicate keys seen, and decoding as one type of the table
// with upstream's error texts in the order of the text. Callers: the API server's writes,
// manifests. Holds JSON by value, so it is the one header here that brings in nlohmann/json:
// include it in .cpp only.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>  // tidy: holds documents by value; included by .cpp files only
#include <string>
#include <string_view>
#include <vector>

#include "core/api/schema/api_table.h"
#include "core/api/schema/schema_walk.h"
#include "core/base/result.h"

namespace orrery::api {

/// A path of field names, map keys and "[3]".
using JsonPath = std::vector<std::string>;

/// "spec.containers[0].image"
std::string to_string(const JsonPath& path);

struct ParsedDocument {
  nlohmann::json value;
  std::vector<JsonPath>
      duplicates;  // keys seen again, in the order of the text; the last value counts
};

/// Parses JSON text. BadRequest with encoding/json's words for a syntax error.
Result<ParsedDocument> parse_document(std::string_view text);

/// All faults of a document as row `type` of the table, in the order of its text, duplicates
/// included; numbers are quoted as they were written ("1e3").
std::vector<FieldFault> check_document(const ApiTable& table, std::size_t type,
                                       std::string_view text, const ParsedDocument& document);

/// The request parameter of this name.
enum class FieldValidation { kIgnore, kWarn, kStrict };

struct DecodedObject {
  nlohmann::json value;               // without unknown fields and nulls
  std::vector<std::string> warnings;  // kWarn: `unknown field "spec.foo"`, ...
};

/// Decodes a request body (JSON) as apiserver does. BadRequest with its texts:
/// `Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field
/// "spec.foo"`.
Result<DecodedObject> decode_object(const ApiTable& table, std::size_t type, std::string_view text,
                                    FieldValidation validation);

/// Whether the document says that it is of row `type`, or nothing. BadRequest in upstream's words.
Status check_type_meta(const ApiTable& table, std::size_t type, const nlohmann::json& document);

/// `Pod in version "v1" cannot be handled as a Pod: WHY`
Status undecodable(const TypeRow& type, std::string_view why);

}  // namespace orrery::api
