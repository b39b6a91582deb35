// YAML bodies and answers as the API server treats them (sigs.k8s.io/yaml): one document to JSON
// and back. Callers: request bodies of type application/yaml, and answers to clients that ask for
// YAML. Scenario files and manifests have their own reader, which keeps line numbers.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace orrery::api {

/// A key given twice in a map: an error that names every one, or the last value counts.
enum class DuplicateKeys { kRefuse, kKeepLast };

/// The first document of `text`; JSON is YAML too. Merge keys and anchors are followed, up to
/// 100,000 values more than the text has bytes. BadRequest, in upstream's words where they are its
/// own: `error converting YAML to JSON: yaml: unmarshal errors:\n  line 3: key "x" already set in
/// map`; `... yaml: line 3: WHY` for a syntax error, whose WHY is the parser's.
Result<nlohmann::json> yaml_to_json(std::string_view text,
                                    DuplicateKeys duplicates = DuplicateKeys::kRefuse);

/// Keys sorted as go-yaml does (numbers in them by value), lists not indented under their key,
/// text that would read as something else quoted, several lines as a block.
std::string json_to_yaml(const nlohmann::json& value);

}  // namespace orrery::api
