#include "live/http_server/reply_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <ctime>

namespace orrery {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

void append_number(std::string& out, std::size_t number) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_clean(std::string& out, std::string_view text) {
  const std::size_t start = out.size();
  out += text;
  if (text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos) return;
  for (std::size_t i = start; i < out.size(); ++i) {
    if (out[i] == '\r' || out[i] == '\n' || out[i] == '\0') out[i] = ' ';
  }
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  append_clean(out, name);
  out += ": ";
  append_clean(out, value);
  out += "\r\n";
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string_view status_text(int status) {
  if (status == 413) return "Request Entity Too Large";  // as Go's server; Beast has the newer name
  const auto text =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(
          static_cast<unsigned>(status)));
  return {text.data(), text.size()};
}

bool is_same_ignoring_case(std::string_view a, std::string_view lower_case) {
  return a.size() == lower_case.size() &&
         std::equal(a.begin(), a.end(), lower_case.begin(),
                    [](char x, char y) { return lower(x) == y; });
}

bool has_header(const std::vector<HttpHeader>& headers, std::string_view lower_case_name) {
  return std::any_of(headers.begin(), headers.end(), [&](const HttpHeader& h) {
    return is_same_ignoring_case(h.name, lower_case_name);
  });
}

bool has_token(std::string_view header, std::string_view lower_case_token) {
  while (!header.empty()) {
    const std::size_t comma = header.find(',');
    if (is_same_ignoring_case(trimmed(header.substr(0, comma)), lower_case_token)) return true;
    header = comma == std::string_view::npos ? "" : header.substr(comma + 1);
  }
  return false;
}

std::string format_head(const ReplyHead& head, const std::vector<HttpHeader>& headers,
                        std::size_t bytes) {
  std::size_t size = 192;
  for (const HttpHeader& h : headers) size += h.name.size() + h.value.size() + 4;
  std::string out;
  out.reserve(size + bytes);
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(head.status));
  out += ' ';
  out += status_text(head.status);
  out += "\r\n";
  for (const HttpHeader& h : headers) append_header(out, h.name, h.value);
  append_header(out, "Date", head.date);
  if (head.gzip) out += "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n";
  if (!head.connection.empty()) append_header(out, "Connection", head.connection);
  if (head.chunked) out += "Transfer-Encoding: chunked\r\n";
  if (head.content_length) {
    out += "Content-Length: ";
    append_number(out, *head.content_length);
    out += "\r\n";
  }
  out += "\r\n";
  return out;
}

std::string format_head(const ReplyHead& head, const std::vector<HttpHeader>& headers) {
  return format_head(head, headers, 0);
}

HttpReply own_reply(int status, std::string_view message) {
  HttpReply reply;
  reply.status = status;
  const std::string_view reason = status == 413   ? "RequestEntityTooLarge"
                                  : status == 500 ? "InternalError"
                                                  : "";
  if (reason.empty()) {
    reply.headers.push_back({"Content-Type", "text/plain; charset=utf-8"});
    reply.body = fmt::format("{} {}{}{}", status, status_text(status), message.empty() ? "" : ": ",
                             message);
    return reply;
  }
  reply.headers.push_back({"Content-Type", "application/json"});
  reply.body = fmt::format(
      R"({{"kind":"Status","apiVersion":"v1","metadata":{{}},"status":"Failure",)"
      R"("message":"{}","reason":"{}","code":{}}})"
      "\n",
      message, reason, status);
  return reply;
}

std::string_view DateHeader::at(Time now) {
  const auto second =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  if (second == second_) return text_;
  second_ = second;
  const std::time_t time = second;
  std::tm utc{};
  gmtime_r(&time, &utc);
  char text[40];
  // The names of days and months are the C locale's: the program never sets another.
  text_.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc));
  return text_;
}

}  // namespace orrery
