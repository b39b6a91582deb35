// Writing JSON straight into a string, for documents that are too many to be built as a DOM first.
// The writers of this folder call it; the caller keeps commas and brackets in order.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace orrery::apiserver {

/// A JSON string with quotes. Bytes that are not UTF-8 become U+FFFD.
void append_quoted(std::string& out, std::string_view text);
void append_integer(std::string& out, std::int64_t value);
/// As encoding/json writes a float64.
void append_number(std::string& out, double value);
/// The value as compact JSON; never throws.
void append_json(std::string& out, const nlohmann::json& value);
/// `,"key":` or, as the first member after an opening bracket, `"key":`.
void append_key(std::string& out, std::string_view key);

}  // namespace orrery::apiserver
