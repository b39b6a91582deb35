#include <nlohmann/json.hpp>
#include <optional>

#include "core/api/object_codec.h"
#include "core/api/schema/document.h"
#include "core/api/schema/patch.h"
#include "tests/fuzz/api_world.h"
#include "tests/fuzz/targets.h"

namespace orrery::fuzz {
namespace {

using api::FieldValidation;
using nlohmann::json;

struct Case {
  api::PatchType patch_type = api::PatchType::kStrategicMerge;
  int type = -1;
  std::string_view document, body;
};

std::string_view take_until(std::string_view& rest, std::string_view end) {
  const std::size_t at = rest.find(end);
  const std::string_view out = rest.substr(0, at);
  rest = at == rest.npos ? std::string_view() : rest.substr(at + end.size());
  return out;
}

Case read_case(std::string_view input) {
  std::string_view line = take_until(input, "\n");
  const std::string_view name = take_until(line, " "), version = take_until(line, " ");
  Case out;
  if (name == "json") out.patch_type = api::PatchType::kJson;
  if (name == "merge") out.patch_type = api::PatchType::kMerge;
  out.type = storable_type(version, line);
  if (out.type < 0) out.type = storable_type("v1", "Pod");
  out.document = take_until(input, "\n---\n");
  out.body = input;
  return out;
}

// The merge patch between two documents without null turns one into the other.
void diff(const json& before, const json& after) {
  const json patch = api::json_merge_diff(before, after);
  const json applied = api::apply_merge_patch(before, patch);
  demand(applied == after, "the difference turns one document into the other",
         patch.dump() + "\n" + applied.dump() + "\n" + after.dump());
}

bool has_null(const json& value) {
  if (value.is_null()) return true;
  if (!value.is_structured()) return false;
  for (const json& member : value) {
    if (has_null(member)) return true;
  }
  return false;
}

}  // namespace

void patch(std::string_view input) {
  const Case given = read_case(input);
  const auto row = static_cast<std::size_t>(given.type);
  const auto current =
      api::decode_object(api_table(), row, given.document, FieldValidation::kIgnore);
  if (!current.ok() || !current->value.is_object()) return;
  const auto patched = [&](FieldValidation validation) {
    return api::patch_object(given.patch_type, api_table(), row, current->value, given.body,
                             validation);
  };
  const auto result = patched(FieldValidation::kIgnore);
  const auto strict = patched(FieldValidation::kStrict);
  demand(result.ok() || !strict.ok(), "what is strictly right is right", result.status().message());
  if (!result.ok()) {
    demand(!result.status().message().empty(), "a refused patch says why");
    return;
  }
  if (strict.ok()) {
    demand(strict->value == result->value, "a right patch does the same in all modes");
  }
  const std::string text = result->value.dump();
  const auto again = api::decode_object(api_table(), row, text, FieldValidation::kStrict);
  demand(again.ok(), "a patched object can be read", again.status().message());
  demand(again->value == result->value, "a patched object reads the same", text);
  if (!has_null(result->value)) diff(current->value, result->value);
  (void)api::decode_object(api_kinds(), result->value);
}

}  // namespace orrery::fuzz
