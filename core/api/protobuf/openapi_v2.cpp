#include "core/api/protobuf/openapi_v2.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#include "core/api/protobuf/wire_writer.h"

namespace orrery::api {
namespace {

using nlohmann::json;

constexpr int kDepthMax = 200;  // schemas in schemas

enum class Message : std::uint8_t {
  kNone,
  kDocument,
  kInfo,
  kContact,
  kLicense,
  kTag,
  kExternalDocs,
  kPathItem,
  kOperation,
  kBodyParameter,
  kHeaderParameter,
  kQueryParameter,
  kPrimitives,
  kHeader,
  kResponse,
  kSchema,
  kXml,
  kReference,
  kApiKeySecurity,
  kBasicSecurity,
  kCount,
  // Written by functions of their own:
  kPaths,
  kResponses,
  kParameter,
  kParametersItem,
  kResponseValue,
  kSchemaItem,
  kAdditionalProperties,
  kSecurityItem,
  kStringArray,
};

enum class Form : std::uint8_t {
  kText,
  kFlag,
  kInteger,
  kReal,
  kTexts,
  kTextOrTexts,  // message {1: repeated string}
  kMessage,
  kMessages,
  kItems,  // message {1: repeated Schema}
  kAny,
  kAnys,
  kNamed,   // message {1: repeated {1: name, 2: message}}
  kNameds,  // repeated kNamed
};

struct Row {
  std::string_view name;
  std::uint16_t number;
  Form form = Form::kText;
  Message message = Message::kNone;
};

// What a message holds: rows by number, then the shared rows of primitive types at an offset.
struct Layout {
  std::span<const Row> rows;
  std::uint16_t vendor = 0;             // number of vendor_extension, 0: none
  std::uint16_t primitives_offset = 0;  // added to the numbers of kPrimitiveRows
  bool has_primitives = false;
  std::span<const Row> tail;  // after the primitives
};

constexpr Row kDocumentRows[] = {
    {"swagger", 1},
    {"info", 2, Form::kMessage, Message::kInfo},
    {"host", 3},
    {"basePath", 4},
    {"schemes", 5, Form::kTexts},
    {"consumes", 6, Form::kTexts},
    {"produces", 7, Form::kTexts},
    {"paths", 8, Form::kMessage, Message::kPaths},
    {"definitions", 9, Form::kNamed, Message::kSchema},
    {"parameters", 10, Form::kNamed, Message::kParameter},
    {"responses", 11, Form::kNamed, Message::kResponse},
    {"security", 12, Form::kNameds, Message::kStringArray},
    {"securityDefinitions", 13, Form::kNamed, Message::kSecurityItem},
    {"tags", 14, Form::kMessages, Message::kTag},
    {"externalDocs", 15, Form::kMessage, Message::kExternalDocs},
};
constexpr Row kInfoRows[] = {
    {"title", 1},
    {"version", 2},
    {"description", 3},
    {"termsOfService", 4},
    {"contact", 5, Form::kMessage, Message::kContact},
    {"license", 6, Form::kMessage, Message::kLicense},
};
constexpr Row kContactRows[] = {{"name", 1}, {"url", 2}, {"email", 3}};
constexpr Row kLicenseRows[] = {{"name", 1}, {"url", 2}};
constexpr Row kTagRows[] = {
    {"name", 1},
    {"description", 2},
    {"externalDocs", 3, Form::kMessage, Message::kExternalDocs},
};
constexpr Row kExternalDocsRows[] = {{"description", 1}, {"url", 2}};
constexpr Row kPathItemRows[] = {
    {"$ref", 1},
    {"get", 2, Form::kMessage, Message::kOperation},
    {"put", 3, Form::kMessage, Message::kOperation},
    {"post", 4, Form::kMessage, Message::kOperation},
    {"delete", 5, Form::kMessage, Message::kOperation},
    {"options", 6, Form::kMessage, Message::kOperation},
    {"head", 7, Form::kMessage, Message::kOperation},
    {"patch", 8, Form::kMessage, Message::kOperation},
    {"parameters", 9, Form::kMessages, Message::kParametersItem},
};
constexpr Row kOperationRows[] = {
    {"tags", 1, Form::kTexts},
    {"summary", 2},
    {"description", 3},
    {"externalDocs", 4, Form::kMessage, Message::kExternalDocs},
    {"operationId", 5},
    {"produces", 6, Form::kTexts},
    {"consumes", 7, Form::kTexts},
    {"parameters", 8, Form::kMessages, Message::kParametersItem},
    {"responses", 9, Form::kMessage, Message::kResponses},
    {"schemes", 10, Form::kTexts},
    {"deprecated", 11, Form::kFlag},
    {"security", 12, Form::kNameds, Message::kStringArray},
};
constexpr Row kBodyParameterRows[] = {
    {"description", 1},
    {"name", 2},
    {"in", 3},
    {"required", 4, Form::kFlag},
    {"schema", 5, Form::kMessage, Message::kSchema},
};
constexpr Row kParameterRows[] = {
    {"required", 1, Form::kFlag},        {"in", 2}, {"description", 3}, {"name", 4},
    {"allowEmptyValue", 5, Form::kFlag},  // header and path parameters lack it
};
constexpr Row kPrimitiveRows[] = {
    {"type", 1},
    {"format", 2},
    {"items", 3, Form::kMessage, Message::kPrimitives},
    {"collectionFormat", 4},
    {"default", 5, Form::kAny},
    {"maximum", 6, Form::kReal},
    {"exclusiveMaximum", 7, Form::kFlag},
    {"minimum", 8, Form::kReal},
    {"exclusiveMinimum", 9, Form::kFlag},
    {"maxLength", 10, Form::kInteger},
    {"minLength", 11, Form::kInteger},
    {"pattern", 12},
    {"maxItems", 13, Form::kInteger},
    {"minItems", 14, Form::kInteger},
    {"uniqueItems", 15, Form::kFlag},
    {"enum", 16, Form::kAnys},
    {"multipleOf", 17, Form::kReal},
};
constexpr Row kHeaderTail[] = {{"description", 18}};
constexpr Row kResponseRows[] = {
    {"description", 1},
    {"schema", 2, Form::kMessage, Message::kSchemaItem},
    {"headers", 3, Form::kNamed, Message::kHeader},
};
constexpr Row kSchemaRows[] = {
    {"$ref", 1},
    {"format", 2},
    {"title", 3},
    {"description", 4},
    {"default", 5, Form::kAny},
    {"multipleOf", 6, Form::kReal},
    {"maximum", 7, Form::kReal},
    {"exclusiveMaximum", 8, Form::kFlag},
    {"minimum", 9, Form::kReal},
    {"exclusiveMinimum", 10, Form::kFlag},
    {"maxLength", 11, Form::kInteger},
    {"minLength", 12, Form::kInteger},
    {"pattern", 13},
    {"maxItems", 14, Form::kInteger},
    {"minItems", 15, Form::kInteger},
    {"uniqueItems", 16, Form::kFlag},
    {"maxProperties", 17, Form::kInteger},
    {"minProperties", 18, Form::kInteger},
    {"required", 19, Form::kTexts},
    {"enum", 20, Form::kAnys},
    {"additionalProperties", 21, Form::kMessage, Message::kAdditionalProperties},
    {"type", 22, Form::kTextOrTexts},
    {"items", 23, Form::kItems, Message::kSchema},
    {"allOf", 24, Form::kMessages, Message::kSchema},
    {"properties", 25, Form::kNamed, Message::kSchema},
    {"discriminator", 26},
    {"readOnly", 27, Form::kFlag},
    {"xml", 28, Form::kMessage, Message::kXml},
    {"externalDocs", 29, Form::kMessage, Message::kExternalDocs},
    {"example", 30, Form::kAny},
};
constexpr Row kXmlRows[] = {
    {"name", 1},
    {"namespace", 2},
    {"prefix", 3},
    {"attribute", 4, Form::kFlag},
    {"wrapped", 5, Form::kFlag},
};
constexpr Row kReferenceRows[] = {{"$ref", 1}, {"description", 2}};
constexpr Row kApiKeySecurityRows[] = {{"type", 1}, {"name", 2}, {"in", 3}, {"description", 4}};
constexpr Row kBasicSecurityRows[] = {{"type", 1}, {"description", 2}};

Layout layout_of(Message message) {
  switch (message) {
    case Message::kDocument:
      return {.rows = kDocumentRows, .vendor = 16};
    case Message::kInfo:
      return {.rows = kInfoRows, .vendor = 7};
    case Message::kContact:
      return {.rows = kContactRows, .vendor = 4};
    case Message::kLicense:
      return {.rows = kLicenseRows, .vendor = 3};
    case Message::kTag:
      return {.rows = kTagRows, .vendor = 4};
    case Message::kExternalDocs:
      return {.rows = kExternalDocsRows, .vendor = 3};
    case Message::kPathItem:
      return {.rows = kPathItemRows, .vendor = 10};
    case Message::kOperation:
      return {.rows = kOperationRows, .vendor = 13};
    case Message::kBodyParameter:
      return {.rows = kBodyParameterRows, .vendor = 6};
    case Message::kHeaderParameter:
      return {.rows = std::span(kParameterRows).first(4),
              .vendor = 22,
              .primitives_offset = 4,
              .has_primitives = true};
    case Message::kQueryParameter:
      return {.rows = kParameterRows, .vendor = 23, .primitives_offset = 5, .has_primitives = true};
    case Message::kPrimitives:
      return {.rows = {}, .vendor = 18, .has_primitives = true};
    case Message::kHeader:
      return {.rows = {}, .vendor = 19, .has_primitives = true, .tail = kHeaderTail};
    case Message::kResponse:
      return {.rows = kResponseRows, .vendor = 5};
    case Message::kSchema:
      return {.rows = kSchemaRows, .vendor = 31};
    case Message::kXml:
      return {.rows = kXmlRows, .vendor = 6};
    case Message::kReference:
      return {.rows = kReferenceRows};
    case Message::kApiKeySecurity:
      return {.rows = kApiKeySecurityRows, .vendor = 5};
    case Message::kBasicSecurity:
      return {.rows = kBasicSecurityRows, .vendor = 3};
    default:
      return {};
  }
}

bool is_vendor(std::string_view name) { return name.starts_with("x-"); }

std::string_view text_of(const json& value) {
  return value.is_string() ? std::string_view(value.get_ref<const std::string&>())
                           : std::string_view{};
}

std::string_view text_member(const json& object, const char* name) {
  const auto it = object.find(name);
  return it == object.end() ? std::string_view{} : text_of(*it);
}

class OpenapiWriter {
 public:
  void message(Message message, const json& value);
  std::string take() { return out_.take(); }

 private:
  void rows(std::span<const Row> rows, int offset, const json& object);
  void row(const Row& row, std::uint32_t number, const json& value);
  void sub_message(std::uint32_t number, Message message, const json& value);
  void any(std::uint32_t number, const json& value);
  void texts(std::uint32_t number, const json& value);
  void items(const json& value);
  void vendor(std::uint32_t number, const json& object);
  void named(std::uint32_t number, Message message, const json& object,
             bool (*wants)(std::string_view));
  void parameter(const json& value);
  void security(const json& value);

  WireWriter out_{1 << 16};
  int depth_ = 0;
};

void OpenapiWriter::sub_message(std::uint32_t number, Message message, const json& value) {
  const std::size_t start = out_.mark();
  if (++depth_ <= kDepthMax) this->message(message, value);
  --depth_;
  out_.close_field(number, start);
}

void OpenapiWriter::any(std::uint32_t number, const json& value) {
  const std::size_t start = out_.mark();
  // JSON is YAML; the line end is what YAML printers add.
  out_.bytes_field(2, value.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
  out_.close_field(number, start);
}

void OpenapiWriter::texts(std::uint32_t number, const json& value) {
  if (value.is_string()) return out_.bytes_field(number, text_of(value));
  if (!value.is_array()) return;
  for (std::size_t i = value.size(); i-- > 0;) out_.bytes_field(number, text_of(value[i]));
}

void OpenapiWriter::items(const json& value) {
  if (!value.is_array()) return sub_message(1, Message::kSchema, value);
  for (std::size_t i = value.size(); i-- > 0;) sub_message(1, Message::kSchema, value[i]);
}

void OpenapiWriter::named(std::uint32_t number, Message message, const json& object,
                          bool (*wants)(std::string_view)) {
  if (!object.is_object()) return;
  for (auto it = object.end(); it != object.begin();) {
    --it;
    if (!wants(it.key())) continue;
    const std::size_t start = out_.mark();
    if (message == Message::kNone) {
      any(2, *it);
    } else {
      sub_message(2, message, *it);
    }
    out_.bytes_field(1, it.key());
    out_.close_field(number, start);
  }
}

void OpenapiWriter::vendor(std::uint32_t number, const json& object) {
  named(number, Message::kNone, object, is_vendor);
}

void OpenapiWriter::row(const Row& row, std::uint32_t number, const json& value) {
  constexpr auto kAll = [](std::string_view) { return true; };
  switch (row.form) {
    case Form::kText:
      if (!text_of(value).empty()) out_.bytes_field(number, text_of(value));
      return;
    case Form::kFlag:
      if (value.is_boolean() && value.get<bool>()) out_.number_field(number, 1);
      return;
    case Form::kInteger:
      if (value.is_number_integer() && value.get<std::int64_t>() != 0) {
        out_.number_field(number, static_cast<std::uint64_t>(value.get<std::int64_t>()));
      }
      return;
    case Form::kReal:
      if (value.is_number() && value.get<double>() != 0) {
        out_.double_field(number, value.get<double>());
      }
      return;
    case Form::kTexts:
      return texts(number, value);
    case Form::kMessage:
      return sub_message(number, row.message, value);
    case Form::kMessages:
      if (!value.is_array()) return;
      for (std::size_t i = value.size(); i-- > 0;) sub_message(number, row.message, value[i]);
      return;
    case Form::kAny:
      return any(number, value);
    case Form::kAnys:
      if (!value.is_array()) return;
      for (std::size_t i = value.size(); i-- > 0;) any(number, value[i]);
      return;
    case Form::kNameds:
      if (!value.is_array()) return;
      for (std::size_t i = value.size(); i-- > 0;) {
        const std::size_t start = out_.mark();
        named(1, row.message, value[i], kAll);
        out_.close_field(number, start);
      }
      return;
    case Form::kTextOrTexts:
    case Form::kItems:
    case Form::kNamed:
      break;
  }
  const std::size_t start = out_.mark();
  if (row.form == Form::kTextOrTexts) texts(1, value);
  if (row.form == Form::kItems) items(value);
  if (row.form == Form::kNamed) named(1, row.message, value, kAll);
  out_.close_field(number, start);
}

void OpenapiWriter::rows(std::span<const Row> rows, int offset, const json& object) {
  for (std::size_t i = rows.size(); i-- > 0;) {
    const auto it = object.find(rows[i].name);
    if (it == object.end() || it->is_null()) continue;
    row(rows[i], static_cast<std::uint32_t>(rows[i].number + offset), *it);
  }
}

void OpenapiWriter::parameter(const json& value) {
  const std::string_view in = text_member(value, "in");
  if (in == "body") return sub_message(1, Message::kBodyParameter, value);
  const std::size_t start = out_.mark();
  const std::uint32_t number = in == "header" ? 1 : in == "formData" ? 2 : in == "query" ? 3 : 4;
  const bool allows_empty = number == 2 || number == 3;
  sub_message(number, allows_empty ? Message::kQueryParameter : Message::kHeaderParameter, value);
  out_.close_field(2, start);
}

void OpenapiWriter::security(const json& value) {
  if (text_member(value, "type") == "basic") sub_message(1, Message::kBasicSecurity, value);
  if (text_member(value, "type") == "apiKey") sub_message(2, Message::kApiKeySecurity, value);
}

void OpenapiWriter::message(Message message, const json& value) {
  if (message == Message::kStringArray) return texts(1, value);
  if (message == Message::kAdditionalProperties && value.is_boolean()) {
    return out_.number_field(2, value.get<bool>() ? 1 : 0);
  }
  if (!value.is_object()) return;
  switch (message) {
    case Message::kPaths:
      named(2, Message::kPathItem, value,
            [](std::string_view name) { return name.starts_with('/'); });
      return vendor(1, value);
    case Message::kResponses:
      vendor(2, value);
      return named(1, Message::kResponseValue, value,
                   [](std::string_view name) { return !is_vendor(name); });
    case Message::kParameter:
      return parameter(value);
    case Message::kParametersItem:
      if (value.contains("$ref")) return sub_message(2, Message::kReference, value);
      return sub_message(1, Message::kParameter, value);
    case Message::kResponseValue:
      if (value.contains("$ref")) return sub_message(2, Message::kReference, value);
      return sub_message(1, Message::kResponse, value);
    case Message::kSchemaItem:
    case Message::kAdditionalProperties:
      return sub_message(1, Message::kSchema, value);
    case Message::kSecurityItem:
      return security(value);
    default:
      break;
  }
  const Layout layout = layout_of(message);
  if (layout.vendor != 0) vendor(layout.vendor, value);
  rows(layout.tail, 0, value);
  if (layout.has_primitives) rows(kPrimitiveRows, layout.primitives_offset, value);
  rows(layout.rows, 0, value);
}

}  // namespace

std::string encode_openapi_v2(const json& swagger) {
  OpenapiWriter writer;
  writer.message(Message::kDocument, swagger);
  return writer.take();
}

}  // namespace orrery::api
