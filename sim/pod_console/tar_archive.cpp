#include "sim/pod_console/tar_archive.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <optional>

namespace orrery::sim {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kNameSize = 100, kSizeAt = 124, kSumAt = 148, kTypeAt = 156;
constexpr std::size_t kPrefixAt = 345, kPrefixSize = 155;

std::size_t padded(std::size_t size) { return (size + kBlock - 1) / kBlock * kBlock; }

unsigned checksum(std::string_view block) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    sum += i >= kSumAt && i < kSumAt + 8 ? ' ' : static_cast<unsigned char>(block[i]);
  }
  return sum;
}

std::optional<std::size_t> octal(std::string_view field) {
  std::size_t value = 0;
  bool any = false;
  for (const char c : field) {
    if (c >= '0' && c <= '7') {
      value = value * 8 + static_cast<std::size_t>(c - '0');
      any = true;
    } else if (c == '\0' || c == ' ') {
      if (any) break;
    } else {
      return std::nullopt;
    }
  }
  return value;
}

std::string text_at(std::string_view block, std::size_t at, std::size_t size) {
  const std::string_view field = block.substr(at, size);
  return std::string(field.substr(0, field.find('\0')));
}

void put(std::string& block, std::size_t at, std::string_view text) {
  block.replace(at, text.size(), text);
}

std::string number(std::size_t value, int digits) {
  char room[16];
  std::snprintf(room, sizeof room, "%0*zo", digits, value);
  return room;
}

std::string header(std::string_view name, char type, std::size_t size, long mtime) {
  std::string block(kBlock, '\0');
  put(block, 0, name.substr(0, kNameSize));
  put(block, 100, type == '5' ? "0000755" : "0000644");
  put(block, 108, "0000000");
  put(block, 116, "0000000");
  put(block, kSizeAt, number(size, 11));
  put(block, 136, number(static_cast<std::size_t>(std::max(0L, mtime)), 11));
  block[kTypeAt] = type;
  put(block, 257, std::string_view("ustar\00000", 8));
  put(block, 265, "root");
  put(block, 297, "root");
  put(block, kSumAt, number(checksum(block), 6) + std::string("\0 ", 2));
  return block;
}

bool is_zero(std::string_view block) { return block.find_first_not_of('\0') == block.npos; }

// "27 path=some/long/name\n"
std::string pax_path(std::string_view records) {
  while (!records.empty()) {
    std::size_t length = 0, at = 0;
    while (at < records.size() && at < 8 && records[at] >= '0' && records[at] <= '9') {
      length = length * 10 + static_cast<std::size_t>(records[at++] - '0');
    }
    if (length <= at + 1 || length > records.size()) return {};
    const std::string_view record = records.substr(at + 1, length - at - 2);
    if (record.starts_with("path=")) return std::string(record.substr(5));
    records.remove_prefix(length);
  }
  return {};
}

/// The size of the entry whose head is `block`, or nothing if that is no head.
std::optional<std::size_t> entry_size(std::string_view block) {
  const auto sum = octal(block.substr(kSumAt, 8));
  if (!sum || *sum != checksum(block)) return std::nullopt;
  return octal(block.substr(kSizeAt, 12));
}

}  // namespace

std::string write_tar(const std::vector<TarEntry>& entries, long mtime) {
  std::string out;
  const auto add = [&](std::string_view name, char type, std::string_view content) {
    out += header(name, type, content.size(), mtime);
    out += content;
    out.append(padded(content.size()) - content.size(), '\0');
  };
  for (const TarEntry& entry : entries) {
    std::string name = entry.name;
    if (entry.directory && !name.ends_with('/')) name += '/';
    if (name.size() > kNameSize) add("././@LongLink", 'L', name + std::string(1, '\0'));
    add(name, entry.directory ? '5' : '0', entry.directory ? std::string_view() : entry.content);
  }
  out.append(2 * kBlock, '\0');
  return out;
}

bool read_tar(std::string_view archive, std::vector<TarEntry>& entries) {
  std::string long_name;
  while (archive.size() >= kBlock) {
    const std::string_view block = archive.substr(0, kBlock);
    if (is_zero(block)) return true;
    const auto size = entry_size(block);
    if (!size || *size > archive.size() - kBlock) return false;
    const std::string_view content = archive.substr(kBlock, *size);
    archive.remove_prefix(std::min(archive.size(), kBlock + padded(*size)));
    const char type = block[kTypeAt];
    if (type == 'L') {
      long_name = content.substr(0, content.find('\0'));
      continue;
    }
    if (type == 'x') {
      long_name = pax_path(content);
      continue;
    }
    TarEntry entry;
    entry.name = text_at(block, 0, kNameSize);
    const std::string prefix = text_at(block, kPrefixAt, kPrefixSize);
    if (!prefix.empty() && block.substr(257, 6) == std::string_view("ustar\0", 6)) {
      entry.name = prefix + "/" + entry.name;
    }
    if (!long_name.empty()) entry.name = std::move(long_name);
    long_name.clear();
    entry.directory = type == '5' || entry.name.ends_with('/');
    entry.content = content;
    if (type == '0' || type == '\0' || type == '7' || type == '5') {
      entries.push_back(std::move(entry));
    }
  }
  return archive.empty();
}

bool is_whole_tar(std::string_view so_far) {
  while (so_far.size() >= kBlock) {
    const std::string_view block = so_far.substr(0, kBlock);
    if (is_zero(block)) return so_far.size() >= 2 * kBlock;
    const auto size = entry_size(block);
    if (!size) return true;  // broken: no use to wait for more
    if (so_far.size() - kBlock < *size) return false;
    so_far.remove_prefix(std::min(so_far.size(), kBlock + padded(*size)));
  }
  return false;
}

}  // namespace orrery::sim
