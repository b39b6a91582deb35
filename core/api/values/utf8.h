// UTF-8 as Go's unicode/utf8 takes it: no overlong forms, no surrogates, nothing past U+10FFFF.
// For text from outside that goes into JSON documents and messages.
#pragma once

#include <cstddef>
#include <string_view>

namespace orrery::api {

/// Bytes of the sequence at the front, 0 if it is broken. `text` must not be empty.
std::size_t utf8_sequence_length(std::string_view text);
/// The whole text is UTF-8.
bool is_utf8(std::string_view text);
/// At most `size` bytes of the front, cut between characters.
std::string_view utf8_prefix(std::string_view text, std::size_t size);

}  // namespace orrery::api
