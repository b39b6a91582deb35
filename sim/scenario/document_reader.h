// Reads YAML and JSON text into Trees, with kubectl's rules for scalars; duplicate keys are errors.
// The only door for input documents: scenario and manifest readers both come through here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/input_error.h"
#include "sim/scenario/tree.h"

namespace orrery::sim {

/// What plain y, n, yes, no, on and off are. kubectl's YAML takes them for booleans; in scenarios,
/// where a zone may be called n, only true and false are.
enum class Words : std::uint8_t { kBooleans, kText };

/// All documents of the text, empty ones as null. What is wrong goes into `errors` with its line.
/// Text that starts with `{` and is JSON is read as JSON.
std::vector<Tree> read_documents(std::string_view text, InputErrors& errors,
                                 Words words = Words::kBooleans);

/// The YAML arm alone.
std::vector<Tree> read_yaml(std::string_view text, InputErrors& errors,
                            Words words = Words::kBooleans);
/// The JSON arm alone: one value.
std::optional<Tree> read_json(std::string_view text, InputErrors& errors);

}  // namespace orrery::sim
