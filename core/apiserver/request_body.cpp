// ApiServer: what a request carries, as a document and as an object: parsing, types, unknown
// fields.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/checks/checks.h"
#include "core/api/custom/custom_resource.h"
#include "core/api/object_codec.h"
#include "core/api/schema/api_table.h"
#include "core/api/schema/document.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/schema_validation.h"
#include "core/apiserver/versions.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

// api::decode_object for a document that was parsed before.
Result<api::DecodedObject> decode(const api::ApiTable& table, std::size_t type,
                                  const json& document, api::FieldValidation validation) {
  RETURN_IF_ERROR(api::check_type_meta(table, type, document));
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

api::FieldValidation schema_validation(FieldValidation validation) {
  switch (validation) {
    case FieldValidation::kIgnore:
      return api::FieldValidation::kIgnore;
    case FieldValidation::kWarn:
      return api::FieldValidation::kWarn;
    case FieldValidation::kStrict:
      break;
  }
  return api::FieldValidation::kStrict;
}

ApiServer::Schema ApiServer::schema_of(const Request& request) const {
  const api::KindInfo& info = kinds_.info(request.kind);
  const std::string asked =
      request.api_version.empty() ? info.api_version() : request.api_version.str();
  const auto [group, version] = api::split_api_version(asked);
  Schema schema{&table_, -1, version_row(group, version, info.kind.view()), nullptr, asked};
  schema.type = table_.find_kind_type(group, version, info.kind.view());
  if (schema.type >= 0) return schema;
  if (const Served* served = catalog_.find_kind(group, version, info.kind.view())) {
    schema.table = served->table;
    schema.type = served->row->type;
    schema.custom = served->custom;
  }
  return schema;
}

// The document of a create or update; where no type is known it is taken as it is.
Result<nlohmann::json> ApiServer::read_document(const Request& request, const Schema& schema,
                                                Warnings& warnings) const {
  const bool is_text = !request.document;
  if (schema.custom) return read_custom(request, schema, warnings);
  if (schema.type < 0) {
    if (!is_text) return request.document.json();
    Result<api::ParsedDocument> parsed = api::parse_document(request.body);
    if (!parsed.ok()) return parsed.status();
    return std::move(parsed->value);
  }
  const auto row = static_cast<std::size_t>(schema.type);
  const api::FieldValidation validation = schema_validation(request.field_validation);
  Result<api::DecodedObject> decoded =
      is_text ? api::decode_object(*schema.table, row, request.body, validation)
              : decode(*schema.table, row, request.document.json(), validation);
  if (!decoded.ok()) return decoded.status();
  for (std::string& w : decoded->warnings) warnings.push_back(std::move(w));
  return std::move(decoded->value);
}

// Custom objects: types are the schema's to check, after defaults; here only metadata's.
Result<nlohmann::json> ApiServer::read_custom(const Request& request, const Schema& schema,
                                              Warnings& warnings) const {
  api::ParsedDocument parsed;
  if (request.document) {
    parsed.value = request.document.json();
  } else {
    Result<api::ParsedDocument> read = api::parse_document(request.body);
    if (!read.ok()) {
      return bad_request(
          "the object provided is unrecognized (must be of type " + schema.custom->kind() +
          "): couldn't get version/kind; json parse error: " + read.status().message());
    }
    parsed = std::move(*read);
  }
  return checked_custom(schema, request.field_validation, std::move(parsed), warnings);
}

Result<nlohmann::json> ApiServer::checked_custom(const Schema& schema, FieldValidation validation,
                                                 api::ParsedDocument parsed,
                                                 Warnings& warnings) const {
  const auto row = static_cast<std::size_t>(schema.type);
  const api::TypeRow& type = schema.table->type(row);
  json& document = parsed.value;
  if (!document.is_object()) return api::undecodable(type, "it is not an object");
  RETURN_IF_ERROR(api::check_type_meta(*schema.table, row, document));
  const int meta = schema.table->find_type("meta/v1.ObjectMeta");
  if (meta >= 0 && document.contains("metadata")) {
    json only = {{"metadata", document["metadata"]}};
    const std::string error = api::decode_error(api::check_fields(*schema.table, row, only));
    if (!error.empty()) return api::undecodable(type, error);
  }
  std::vector<std::string> strict;
  for (const api::JsonPath& path : parsed.duplicates) {
    strict.push_back("duplicate field \"" + api::to_string(path) + "\"");
  }
  const std::string_view version = api::split_api_version(schema.api_version).second;
  for (const std::string& path : schema.custom->prune(version, document)) {
    strict.push_back("unknown field \"" + path + "\"");
  }
  if (strict.empty() || validation == FieldValidation::kIgnore) return std::move(document);
  if (validation == FieldValidation::kStrict) {
    return api::undecodable(type, api::strict_decoding_error(strict));
  }
  for (std::string& w : strict) warnings.push_back(std::move(w));
  return std::move(document);
}

nlohmann::json ApiServer::encode_version(const Schema& schema, const api::Object& object) const {
  json document = api::encode_object(kinds_, object);
  if (schema.version) schema.version->from_hub(document);
  document["apiVersion"] = schema.api_version;
  return document;
}

// events.k8s.io checks more than what its objects are stored as.
Result<Ref<api::Object>> ApiServer::decode_version(const Request& request, const Schema& schema,
                                                   json document) const {
  if (!schema.version) return api::decode_object(kinds_, request.kind, document);
  const VersionRow& version = *schema.version;
  if (version.group != version.hub_group) {
    api::apply_defaults(version.group, version.kind, document);
    const api::ObjectRef* old = request.verb == Verb::kCreate ? nullptr : find(request);
    api::FieldErrors errors;
    if (old) {
      json before = encode_version(schema, **old);
      json now = document;
      now["metadata"] = before["metadata"];
      errors = api::validate_update(version.group, version.kind, now, before);
    } else {
      json named = document;
      if (!named["metadata"].contains("namespace")) {
        named["metadata"]["namespace"] = request.namespace_.str();
      }
      errors = api::validate_create(version.group, version.kind, named);
    }
    const std::string name = document["metadata"].value("name", std::string());
    if (!errors.empty()) return api::invalid_status(version.kind, version.hub_group, name, errors);
  }
  version.to_hub(document);
  return api::decode_object(kinds_, request.kind, document);
}

Result<Ref<api::Object>> ApiServer::read_object(const Request& request, Warnings& warnings) const {
  if (request.object) return request.object->clone();
  const Schema schema = schema_of(request);
  Result<json> document = read_document(request, schema, warnings);
  if (!document.ok()) return document.status();
  if (request.verb != Verb::kCreate) RETURN_IF_ERROR(check_revision(*document));
  return decode_version(request, schema, std::move(*document));
}

}  // namespace orrery::apiserver
