#include <nlohmann/json.hpp>

#include "core/api/checks/checks.h"
#include "core/api/object_codec.h"
#include "core/api/schema/document.h"
#include "tests/fuzz/api_world.h"
#include "tests/fuzz/targets.h"

namespace orrery::fuzz {
namespace {

using api::Object;
using nlohmann::json;

constexpr const char* kUid = "00000000-0000-4000-8000-000000000001";

// Decoded, encoded, decoded again: the same object, and the same document from there on.
void round_trip(const json& document) {
  const api::Kinds& kinds = api_kinds();
  const Result<Ref<Object>> object = api::decode_object(kinds, document);
  if (!object.ok()) return;
  const json encoded = api::encode_object(kinds, **object);
  const Result<Ref<Object>> again = api::decode_object(kinds, encoded);
  demand(again.ok(), "an encoded object can be decoded", again.status().message());
  demand(api::same_content(kinds, **object, **again), "an encoded object is the same",
         encoded.dump());
  const json encoded_again = api::encode_object(kinds, **again);
  demand(encoded == encoded_again, "an object encodes the same",
         encoded.dump() + "\n" + encoded_again.dump());
}

// The way of a create, without what needs a store.
void create(const api::KindInfo& info, json document) {
  const auto group = info.group.view(), kind = info.kind.view();
  api::apply_defaults(group, kind, document);
  const json once = document;
  api::apply_defaults(group, kind, document);
  demand(once == document, "defaults of a complete object change nothing",
         once.dump() + "\n" + document.dump());
  api::prepare_create(group, kind, document);
  if (info.id == api::KindId::kJob) api::job_generate_selector(document, kUid);
  api::FieldErrors errors;
  if (info.id == api::KindId::kService) errors = api::service_ip_families(document);
  if (errors.empty()) errors = api::validate_create(group, kind, document);
  for (const api::FieldError& error : errors.list()) (void)error.body();
  if (!errors.empty()) return;
  round_trip(document);
  errors = api::validate_update(group, kind, document, document);
  demand(errors.empty() || errors.list().front().field.starts_with("metadata"),
         "a valid object may stay as it is",
         errors.empty() ? "" : errors.list().front().field + ": " + errors.list().front().body());
}

}  // namespace

void object(std::string_view input) {
  const Result<api::ParsedDocument> parsed = api::parse_document(input);
  if (!parsed.ok()) return;
  round_trip(parsed->value);
  if (!parsed->value.is_object()) return;
  const auto text_at = [&](const char* name) {
    const auto it = parsed->value.find(name);
    return it != parsed->value.end() && it->is_string() ? it->get<std::string>() : std::string();
  };
  const std::string version = text_at("apiVersion"), kind = text_at("kind");
  const int type = storable_type(version, kind);
  if (type < 0) return;
  const auto row = static_cast<std::size_t>(type);
  (void)api::decode_object(api_table(), row, input, api::FieldValidation::kStrict);
  const auto decoded = api::decode_object(api_table(), row, input, api::FieldValidation::kIgnore);
  if (!decoded.ok()) return;
  const auto strict =
      api::decode_object(api_table(), row, decoded->value.dump(), api::FieldValidation::kStrict);
  demand(strict.ok(), "a pruned document has no unknown field", strict.status().message());
  const api::KindInfo& info = *api_kinds().find(version, kind);
  const Result<Ref<Object>> typed = api::decode_object(api_kinds(), info.id, decoded->value);
  if (!typed.ok()) return;
  // As the API server stamps what is new.
  api::ObjectMeta& meta = (*typed)->meta;
  if (info.namespaced && meta.namespace_.empty()) meta.namespace_ = Symbol("default");
  if (!info.namespaced) meta.namespace_ = Symbol();
  meta.uid = Uid::parse(kUid);
  create(info, api::encode_object(api_kinds(), **typed));
}

}  // namespace orrery::fuzz
