#include "sim/scenario/line_index.h"

#include <algorithm>
#include <string>

#include "core/base/hash.h"

namespace orrery::sim {
namespace {

constexpr std::uint64_t kRoot = 1;

std::uint64_t step(std::uint64_t parent, std::string_view segment) {
  return hash_text(segment, mix64(parent));
}

// The segments of `a.b[0].c`: a, b, 0, c.
std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty()) {
    if (path.front() == '.') {
      path.remove_prefix(1);
      continue;
    }
    if (path.front() == '[') {
      const std::size_t end = std::min(path.find(']'), path.size());
      out.push_back(path.substr(1, end - 1));
      path.remove_prefix(std::min(end + 1, path.size()));
      continue;
    }
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    out.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return out;
}

}  // namespace

LineIndex::LineIndex(const Tree& document) {
  add(document, kRoot);
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.line < b.line;
  });
  entries_.shrink_to_fit();
}

void LineIndex::add(const Tree& value, std::uint64_t hash) {
  entries_.push_back({hash, value.line});
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    add(value.items[i], step(hash, std::to_string(i)));
  }
  for (const auto& [name, member] : value.members) add(member, step(hash, name));
}

const LineIndex::Entry* LineIndex::find(std::uint64_t hash) const {
  const auto it = std::lower_bound(entries_.begin(), entries_.end(), hash,
                                   [](const Entry& e, std::uint64_t h) { return e.hash < h; });
  return it != entries_.end() && it->hash == hash ? &*it : nullptr;
}

int LineIndex::line_of(std::string_view path) const {
  std::uint64_t hash = kRoot;
  const Entry* nearest = find(hash);
  if (!nearest) return 0;
  for (const std::string_view segment : segments_of(path)) {
    hash = step(hash, segment);
    const Entry* entry = find(hash);
    if (!entry) break;
    nearest = entry;
  }
  return nearest->line;
}

}  // namespace orrery::sim
