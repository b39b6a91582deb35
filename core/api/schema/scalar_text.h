// What upstream's decoders say of scalar texts that they cannot read: times, quantities, base64.
// The schema walk calls it; each function returns "" for a good text. No value is built here.
#pragma once

#include <string>
#include <string_view>

namespace orrery::api {

/// metav1.Time (RFC 3339) or, with `micro`, metav1.MicroTime:
/// `parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"`.
std::string time_text_error(std::string_view text, bool micro);

/// resource.Quantity as JSON text without its quotes; spaces around it are allowed, as upstream
/// does.
std::string quantity_text_error(std::string_view text);

/// []byte: `illegal base64 data at input byte 0`.
std::string base64_text_error(std::string_view text);

}  // namespace orrery::api
