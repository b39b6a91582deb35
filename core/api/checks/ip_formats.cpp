#include <algorithm>
#include <vector>

#include "core/api/checks/formats.h"

namespace orrery::api {
namespace {

bool all_zero(const unsigned char* begin, const unsigned char* end) {
  return std::all_of(begin, end, [](unsigned char b) { return b == 0; });
}

// Four decimal numbers up to 255 into out[0..3].
bool parse_v4(std::string_view text, unsigned char* out) {
  for (int part = 0; part < 4; ++part) {
    int number = 0;
    std::size_t n = 0;
    while (n < text.size() && text[n] >= '0' && text[n] <= '9') {
      number = number * 10 + (text[n++] - '0');
      if (number > 255) return false;
    }
    if (n == 0) return false;
    out[part] = static_cast<unsigned char>(number);
    text.remove_prefix(n);
    if (part == 3) return text.empty();
    if (text.empty() || text.front() != '.') return false;
    text.remove_prefix(1);
  }
  return false;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The groups of one side of "::"; the last may be a dotted IPv4 address.
bool parse_groups(std::string_view text, std::vector<unsigned char>& out) {
  if (text.empty()) return true;
  while (true) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    if (group.find('.') != std::string_view::npos) {
      unsigned char v4[4];
      if (colon != std::string_view::npos || !parse_v4(group, v4)) return false;
      out.insert(out.end(), v4, v4 + 4);
      return true;
    }
    if (group.empty() || group.size() > 4) return false;
    int number = 0;
    for (const char c : group) {
      if (hex_value(c) < 0) return false;
      number = number * 16 + hex_value(c);
    }
    out.push_back(static_cast<unsigned char>(number >> 8));
    out.push_back(static_cast<unsigned char>(number & 255));
    if (colon == std::string_view::npos) return true;
    text.remove_prefix(colon + 1);
  }
}

bool parse_v6(std::string_view text, unsigned char* out) {
  std::vector<unsigned char> head, tail;
  const std::size_t gap = text.find("::");
  if (!parse_groups(text.substr(0, gap), head)) return false;
  if (gap == std::string_view::npos) {
    if (head.size() != 16) return false;
  } else {
    if (!parse_groups(text.substr(gap + 2), tail) || head.size() + tail.size() > 14) return false;
  }
  std::fill(out, out + 16, static_cast<unsigned char>(0));
  std::copy(head.begin(), head.end(), out);
  std::copy(tail.begin(), tail.end(), out + 16 - tail.size());
  return true;
}

}  // namespace

bool IpAddress::unspecified() const { return valid && all_zero(bytes, bytes + (v6 ? 16 : 4)); }
bool IpAddress::loopback() const {
  if (!valid) return false;
  return v6 ? all_zero(bytes, bytes + 15) && bytes[15] == 1 : bytes[0] == 127;
}
bool IpAddress::link_local() const {
  if (!valid) return false;
  return v6 ? bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80 : bytes[0] == 169 && bytes[1] == 254;
}
bool IpAddress::link_local_multicast() const {
  if (!valid) return false;
  return v6 ? bytes[0] == 0xff && (bytes[1] & 0x0f) == 0x02
            : bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0;
}

IpAddress parse_ip(std::string_view text) {
  IpAddress ip;
  if (text.find(':') != std::string_view::npos) {
    ip.v6 = true;
    ip.valid = parse_v6(text, ip.bytes);
    const bool mapped = ip.valid && all_zero(ip.bytes, ip.bytes + 10) && ip.bytes[10] == 0xff &&
                        ip.bytes[11] == 0xff;
    if (mapped) {  // ::ffff:a.b.c.d is an IPv4 address
      std::copy(ip.bytes + 12, ip.bytes + 16, ip.bytes);
      ip.v6 = false;
    }
  } else {
    ip.valid = parse_v4(text, ip.bytes);
  }
  return ip;
}

bool is_cidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  const bool v6 = text.find(':') != std::string_view::npos;
  if (!parse_ip(text.substr(0, slash)).valid) return false;
  int bits = 0;
  const std::string_view length = text.substr(slash + 1);
  if (length.empty() || length.size() > 3) return false;
  for (const char c : length) {
    if (c < '0' || c > '9') return false;
    bits = bits * 10 + (c - '0');
  }
  return bits <= (v6 ? 128 : 32);
}

}  // namespace orrery::api
