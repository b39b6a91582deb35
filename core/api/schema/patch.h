// The patch types of the API: JSON patch (RFC 6902), JSON merge patch (RFC 7386) and strategic
// merge patch, with upstream's behaviours, status codes and texts. The API server calls
// patch_object; the parts are public for tests and clients. Nothing here applies defaults,
// admission or validation.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/schema/api_table.h"
#include "core/base/result.h"

namespace orrery::api {

struct DecodedObject;
enum class FieldValidation;

enum class PatchType { kJson, kMerge, kStrategicMerge };

/// By media type ("application/json-patch+json"; parameters after ';' are ignored), nullopt for
/// others (server-side apply among them).
std::optional<PatchType> patch_type_of(std::string_view content_type);

/// The whole server side of a patch up to the decoded new object: reads `body`, applies it to
/// `current` (of row `type`), checks the outcome's fields, prunes and drops nulls. Errors:
/// BadRequest: the body is not a patch of its type. Invalid (422): a JSON patch that does not
/// apply, or an outcome that does not decode (` "" is invalid: patch: Invalid value: ...`). 500
/// without reason: most errors of strategic merges, as upstream.
Result<DecodedObject> patch_object(PatchType patch_type, const ApiTable& table, std::size_t type,
                                   const nlohmann::json& current, std::string_view body,
                                   FieldValidation validation);

/// RFC 6902 as upstream's library reads it: "replace" of a missing member adds it, array indexes
/// may be negative, "copy" of a missing member adds null. The message says which operation failed
/// and why.
Result<nlohmann::json> apply_json_patch(const nlohmann::json& document,
                                        const nlohmann::json& patch);

/// RFC 7386. Members of an added object that are null are left out.
nlohmann::json apply_merge_patch(nlohmann::json document, const nlohmann::json& patch);

/// The RFC 7386 patch that makes `modified` out of `original`: apply(original, diff) == modified,
/// if `modified` has no null members (a merge patch cannot say null).
nlohmann::json json_merge_diff(const nlohmann::json& original, const nlohmann::json& modified);

/// Strategic merge patch by the table's merge keys and patch strategies, with `$patch`,
/// `$retainKeys`,
/// `$setElementOrder/x` and `$deleteFromPrimitiveList/x`. Errors as upstream's (see patch_object).
Result<nlohmann::json> apply_strategic_merge_patch(const ApiTable& table, std::size_t type,
                                                   const nlohmann::json& document,
                                                   const nlohmann::json& patch);

}  // namespace orrery::api
