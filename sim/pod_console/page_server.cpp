#include "sim/pod_console/page_server.h"

#include <fmt/format.h>

#include <algorithm>

namespace orrery::sim {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

/// The value of a header (lower-case name), or "".
std::string header_value(const std::string& lowered_head, std::string_view name) {
  const std::string key = "\r\n" + std::string(name) + ":";
  const std::size_t at = lowered_head.find(key);
  if (at == std::string::npos) return {};
  const std::size_t start = lowered_head.find_first_not_of(" \t", at + key.size());
  const std::size_t end = lowered_head.find("\r\n", at + key.size());
  return start == std::string::npos || start > end ? "" : lowered_head.substr(start, end - start);
}

std::string reply(std::string_view status, std::string_view body, bool with_body, bool close) {
  return fmt::format(
      "HTTP/1.1 {}\r\nContent-Type: text/plain; charset=utf-8\r\n"
      "Content-Length: {}\r\n{}\r\n{}",
      status, body.size(), close ? "Connection: close\r\n" : "",
      with_body ? body : std::string_view());
}

}  // namespace

PageServer::PageServer(Ref<const api::Pod> pod, int port, std::uint64_t& requests)
    : pod_(std::move(pod)), port_(port), requests_(requests) {}

std::string PageServer::receive(std::string_view bytes) {
  std::string out;
  while (!bytes.empty() && !closing_) {
    if (body_left_ > 0) {
      const std::size_t skipped = std::min(body_left_, bytes.size());
      body_left_ -= skipped;
      bytes.remove_prefix(skipped);
      continue;
    }
    const std::size_t before = head_.size();
    head_ += bytes;
    const std::size_t end = head_.find("\r\n\r\n", before > 3 ? before - 3 : 0);
    if (end == std::string::npos) {
      if (head_.size() <= kHeadMax) return out;
      closing_ = true;
      return out + reply("431 Request Header Fields Too Large", "", true, true);
    }
    bytes.remove_prefix(end + 4 - before);
    const std::string head = head_.substr(0, end + 2);
    head_.clear();
    out += answer(head);
  }
  return out;
}

std::string PageServer::answer(std::string_view head) {
  const std::string_view line = head.substr(0, head.find("\r\n"));
  const std::size_t first = line.find(' '), second = line.rfind(' ');
  if (first == line.npos || second <= first || !line.substr(second + 1).starts_with("HTTP/1.")) {
    closing_ = true;
    return reply("400 Bad Request", "400 Bad Request\n", true, true);
  }
  const std::string lowered = lower(head);
  const std::string length = header_value(lowered, "content-length");
  const bool number = length.find_first_not_of("0123456789") == length.npos && length.size() < 10;
  for (const char c : number ? length : "")
    body_left_ = body_left_ * 10 + static_cast<std::size_t>(c - '0');
  const std::string connection = header_value(lowered, "connection");
  const bool old = line.ends_with("/1.0") && connection != "keep-alive";
  // A chunked body is not taken apart: the connection ends behind the answer.
  closing_ = old || connection == "close" || !header_value(lowered, "transfer-encoding").empty();
  ++requests_;
  const std::string_view method = line.substr(0, first);
  return reply("200 OK", page(method, line.substr(first + 1, second - first - 1)), method != "HEAD",
               closing_);
}

std::string PageServer::page(std::string_view method, std::string_view path) const {
  return fmt::format("pod: {}/{}\nnode: {}\naddress: {}:{}\nrequest: {} {}\nrequests: {}\n",
                     pod_->meta.namespace_.view(), pod_->meta.name.view(), pod_->node_name.view(),
                     pod_->status.pod_ip.view(), port_, method, path, requests_);
}

}  // namespace orrery::sim
