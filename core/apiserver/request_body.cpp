// ApiServer: what a request carries, as a document and as an object: parsing, types, unknown
// fields.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/object_codec.h"
#include "core/api/schema/api_table.h"
#include "core/api/schema/document.h"
#include "core/apiserver/api_server.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

api::FieldValidation schema_validation(FieldValidation validation) {
  switch (validation) {
    case FieldValidation::kIgnore: return api::FieldValidation::kIgnore;
    case FieldValidation::kWarn: return api::FieldValidation::kWarn;
    case FieldValidation::kStrict: break;
  }
  return api::FieldValidation::kStrict;
}

// api::decode_object for a document that was parsed before.
Result<api::DecodedObject> decode(const api::ApiTable& table, std::size_t type,
                                  const json& document, api::FieldValidation validation) {
  const std::vector<api::FieldFault> faults = api::check_fields(table, type, document);
  if (const std::string error = api::decode_error(faults); !error.empty()) {
    return api::undecodable(table.type(type), error);
  }
  api::DecodedObject decoded;
  if (validation != api::FieldValidation::kIgnore) decoded.warnings = api::strict_errors(faults);
  if (validation == api::FieldValidation::kStrict && !decoded.warnings.empty()) {
    return api::undecodable(table.type(type), api::strict_decoding_error(decoded.warnings));
  }
  decoded.value = document;
  api::prune_unknown(table, type, decoded.value);
  api::drop_nulls(table, type, decoded.value);
  return decoded;
}

// Upstream meets a resourceVersion that is no number only in its storage layer: 500 without a
// reason.
Status check_revision(const json& document) {
  const json::json_pointer at("/metadata/resourceVersion");
  if (!document.contains(at) || !document[at].is_string()) return Status();
  const auto& text = document[at].get_ref<const std::string&>();
  if (text.find_first_not_of("0123456789") == std::string::npos) return Status();
  return Status(Reason::kUnknown,
                fmt::format("strconv.ParseUint: parsing \"{}\": invalid syntax", text));
}

}  // namespace

int ApiServer::type_of(const api::KindInfo& info) const {
  return table_.find_kind_type(info.group.view(), info.version.view(), info.kind.view());
}

// The document of a create or update as the type with this row of the table; -1: no type is known,
// so it is taken as it is.
Result<nlohmann::json> ApiServer::read_document(const Request& request, int type,
                                                Warnings& warnings) const {
  if (request.body.empty() && !request.document) {
    return bad_request("the request has no body: an object is required");
  }
  if (type < 0) {
    if (request.body.empty()) return request.document.json();
    Result<api::ParsedDocument> parsed = api::parse_document(request.body);
    if (!parsed.ok()) return parsed.status();
    return std::move(parsed->value);
  }
  const auto row = static_cast<std::size_t>(type);
  const api::FieldValidation validation = schema_validation(request.field_validation);
  Result<api::DecodedObject> decoded =
      request.body.empty() ? decode(table_, row, request.document.json(), validation)
                           : api::decode_object(table_, row, request.body, validation);
  if (!decoded.ok()) return decoded.status();
  warnings = std::move(decoded->warnings);
  return std::move(decoded->value);
}

Result<Ref<api::Object>> ApiServer::read_object(const Request& request, Warnings& warnings) const {
  if (request.object) return request.object->clone();
  Result<json> document = read_document(request, type_of(kinds_.info(request.kind)), warnings);
  if (!document.ok()) return document.status();
  if (request.verb != Verb::kCreate) RETURN_IF_ERROR(check_revision(*document));
  return api::decode_object(kinds_, request.kind, *document);
}

}  // namespace orrery::apiserver
