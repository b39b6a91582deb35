// How go-yaml v2 writes a text: plain where that reads back as the same text, else quoted, several
// lines as a literal block; and its order of keys. Called by the YAML writer.
#pragma once

#include <string>
#include <string_view>

namespace orrery::api {

/// A text as the value in a line; a block's lines are indented by `indent`. No line end.
std::string yaml_text(std::string_view text, int indent);
/// A text as a key: never a block.
std::string yaml_key(std::string_view text);

/// Letters after other characters, digits in them by their value: a2 before a10.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace orrery::api
