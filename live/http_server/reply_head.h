// ReplyHead: the status line and headers as they go on the wire, and the bodies of the replies that
// the transport makes itself. Used by Connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/ports/http_exchange.h"

namespace orrery {

struct ReplyHead {
  int status = 200;
  std::string_view date;                        // of DateHeader
  std::optional<std::size_t> content_length{};  // none: none is sent
  std::string_view connection{};                // "close", "keep-alive", "Upgrade"; "": not sent
  bool chunked = false;
  bool gzip = false;
};

/// Line breaks within headers become spaces: a value cannot end the head.
std::string format_head(const ReplyHead& head, const std::vector<HttpHeader>& headers);
/// `bytes` more will be appended to it.
std::string format_head(const ReplyHead& head, const std::vector<HttpHeader>& headers,
                        std::size_t bytes);

std::string_view status_text(int status);
bool has_header(const std::vector<HttpHeader>& headers, std::string_view lower_case_name);
bool is_same_ignoring_case(std::string_view a, std::string_view lower_case);
/// Whether a comma-separated header such as Connection has this token.
bool has_token(std::string_view header, std::string_view lower_case_token);

/// What the transport answers itself: 413 and 500 with a metav1.Status, others as Go's server does.
HttpReply own_reply(int status, std::string_view message = {});

/// "Mon, 02 Jan 2006 15:04:05 GMT", made anew once a second.
class DateHeader {
 public:
  std::string_view at(Time now);

 private:
  std::int64_t second_ = -1;
  std::string text_;
};

}  // namespace orrery
