#include "core/api/schema/patch.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/schema/document.h"
#include "core/api/schema/go_print.h"

namespace orrery::api {
namespace {

using nlohmann::json;

constexpr std::size_t kJsonPatchOperationsMax = 10000;  // apiserver's own limit

/// Invalid without a kind and a name, about the field "patch", as apiserver words a patched object
/// that it cannot decode.
Status invalid_patch(std::string_view value, std::string_view why) {
  const std::string message = fmt::format("Invalid value: {}: {}", json(value).dump(), why);
  StatusDetails details;
  details.causes.push_back({"FieldValueInvalid", message, "patch"});
  return Status(Reason::kInvalid, fmt::format(" \"\" is invalid: patch: {}", message), details);
}

/// The patch must be an object, or null.
Status not_a_map(const json& patch) {
  return bad_request(
      fmt::format("json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
                  go_json_type_of(patch)));
}

/// The patch must be a list of operations whose op, path and from are strings.
std::string operations_error(const json& patch) {
  if (patch.is_null()) return {};
  if (!patch.is_array()) {
    return fmt::format("json: cannot unmarshal {} into Go value of type []handlers.jsonPatchOp",
                       go_json_type_of(patch));
  }
  for (const json& operation : patch) {
    if (operation.is_null()) continue;
    if (!operation.is_object()) {
      return fmt::format("json: cannot unmarshal {} into Go value of type handlers.jsonPatchOp",
                         go_json_type_of(operation));
    }
    for (const char* name : {"from", "op", "path"}) {
      const auto it = operation.find(name);
      if (it == operation.end() || it->is_null() || it->is_string()) continue;
      return fmt::format(
          "json: cannot unmarshal {} into Go struct field jsonPatchOp.{} of type string",
          go_json_type_of(*it), name);
    }
  }
  return {};
}

/// Checks the outcome of a JSON or merge patch: upstream decodes it again as the kind that it
/// names.
Status check_patched(const ApiTable& table, std::size_t type, const json& patched,
                     FieldValidation validation, std::vector<std::string>& warnings) {
  const auto text_at = [&](const char* name) {
    const auto it = patched.find(name);
    return it != patched.end() && it->is_string() ? it->get<std::string>() : std::string{};
  };
  const std::string api_version = text_at("apiVersion");
  const std::string kind = text_at("kind");
  if (!api_version.empty() && !kind.empty()) {
    const auto [group, version] = split_api_version(api_version);
    const int named = table.find_kind_type(group, version, kind);
    if (named < 0) {
      return invalid_patch(patched.dump(),
                           fmt::format("no kind \"{}\" is registered for version \"{}\" in scheme "
                                       "\"pkg/api/legacyscheme/scheme.go:30\"",
                                       kind, api_version));
    }
    type = static_cast<std::size_t>(named);
  }
  const std::vector<FieldFault> faults = check_fields(table, type, patched);
  if (const std::string error = decode_error(faults); !error.empty()) {
    return invalid_patch(patched.dump(), error);
  }
  if (validation != FieldValidation::kIgnore) warnings = strict_errors(faults);
  if (validation == FieldValidation::kStrict && !warnings.empty()) {
    return invalid_patch(patched.dump(), strict_decoding_error(warnings));
  }
  return {};
}

Status check_merged(const ApiTable& table, std::size_t type, const json& merged, const json& patch,
                    FieldValidation validation, std::vector<std::string>& warnings) {
  if (const std::string error = conversion_error(table, type, merged); !error.empty()) {
    return invalid_patch(go_print(patch), error);
  }
  if (validation != FieldValidation::kIgnore)
    warnings = strict_errors(check_fields(table, type, merged));
  if (validation == FieldValidation::kStrict && !warnings.empty()) {
    return invalid_patch(go_print(patch), strict_decoding_error(warnings));
  }
  return {};
}

Result<json> apply_json_patch_body(const json& current, const json& patch) {
  if (const std::string error = operations_error(patch); !error.empty()) {
    return bad_request("error decoding patch: " + error);
  }
  if (patch.size() > kJsonPatchOperationsMax) {
    return Status(Reason::kRequestEntityTooLarge,
                  fmt::format("The allowed maximum operations in a JSON patch is {}, got {}",
                              kJsonPatchOperationsMax, patch.size()));
  }
  Result<json> patched = apply_json_patch(current, patch);
  if (patched.ok()) return patched;
  // Upstream's answer hides which operation failed.
  return Status(Reason::kInvalid, "the server rejected our request due to an error in our request");
}

Result<json> apply_merge_patch_body(const json& current, const json& patch) {
  if (patch.is_null()) return bad_request("Invalid JSON Patch");
  if (!patch.is_object()) return not_a_map(patch).with_prefix("error decoding patch");
  return apply_merge_patch(current, patch);
}

}  // namespace

std::optional<PatchType> patch_type_of(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  while (content_type.ends_with(' ')) content_type.remove_suffix(1);
  if (content_type == "application/json-patch+json") return PatchType::kJson;
  if (content_type == "application/merge-patch+json") return PatchType::kMerge;
  if (content_type == "application/strategic-merge-patch+json") return PatchType::kStrategicMerge;
  return std::nullopt;
}

Result<DecodedObject> patch_object(PatchType patch_type, const ApiTable& table, std::size_t type,
                                   const json& current, std::string_view body,
                                   FieldValidation validation) {
  const bool strategic = patch_type == PatchType::kStrategicMerge;
  Result<ParsedDocument> parsed = parse_document(body);
  if (!parsed.ok()) {
    return strategic ? parsed.status() : parsed.status().with_prefix("error decoding patch");
  }
  const json& patch = parsed->value;
  if (strategic && !patch.is_object() && !patch.is_null()) return not_a_map(patch);
  Result<json> patched = patch_type == PatchType::kJson ? apply_json_patch_body(current, patch)
                         : patch_type == PatchType::kMerge
                             ? apply_merge_patch_body(current, patch)
                             : apply_strategic_merge_patch(table, type, current, patch);
  if (!patched.ok()) return patched.status();
  DecodedObject decoded;
  RETURN_IF_ERROR(strategic
                      ? check_merged(table, type, *patched, patch, validation, decoded.warnings)
                      : check_patched(table, type, *patched, validation, decoded.warnings));
  decoded.value = std::move(*patched);
  prune_unknown(table, type, decoded.value);
  drop_nulls(table, type, decoded.value);
  return decoded;
}

}  // namespace orrery::api
