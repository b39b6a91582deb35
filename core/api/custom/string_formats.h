// The `format` of texts in schemas, as kube-openapi's strfmt registry checks them ("date-time",
// "ipv4", ...). Validation of custom resources calls it. A format that is not known is not checked.
#pragma once

#include <string_view>

namespace orrery::api {

/// Whether CRD schemas support the format with this type ("" counts as string): others are ignored,
/// and creating them warns.
bool is_supported_format(std::string_view type, std::string_view format);
/// Whether texts are checked against it.
bool is_text_format(std::string_view format);
bool matches_format(std::string_view format, std::string_view text);

}  // namespace orrery::api
