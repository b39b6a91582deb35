// One step of a field path as FieldsV1 text: "f:NAME" a field, `k:{"KEY":VALUE}` an element of a
// list with keys, "v:VALUE" of a set, "i:N" of another list. The text is Go's JSON (HTML characters
// escaped), so that equal steps have equal texts. The walks here build them, messages print them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace orrery::api::managed {

/// "f:name"
std::string field_element(std::string_view name);
/// `v:"x"`
std::string value_element(const nlohmann::json& value);
/// Compact JSON as Go's encoding/json writes it: sorted keys, <, > and & escaped.
void append_go_json(std::string& out, const nlohmann::json& value);

/// The canonical form of an element that a client wrote. Nothing: a malformed one. Unknown kinds of
/// elements come out empty: upstream ignores them.
std::optional<std::string> canonical_element(std::string_view text);

/// As in messages: ".name", `[name="a",port=80]`, `[="x"]`, "[0]".
std::string print_element(std::string_view element);
/// Upstream's order: fields, keys, values, indexes; numbers by value.
bool element_less(std::string_view a, std::string_view b);

}  // namespace orrery::api::managed
