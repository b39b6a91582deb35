// LineIndex: the line of every field of a document, so that an error found long after reading can
// still name file and line. Keeps 16 bytes a field, not the paths themselves.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/scenario/tree.h"

namespace orrery::sim {

class LineIndex {
 public:
  LineIndex() = default;
  explicit LineIndex(const Tree& document);

  /// The line of a field path such as `spec.containers[0].image` or `metadata.labels[app.io/name]`.
  /// Where the field is absent, the line of the nearest parent that is there; 0 for no document.
  int line_of(std::string_view path) const;

 private:
  struct Entry {
    std::uint64_t hash;
    int line;
  };
  void add(const Tree& value, std::uint64_t hash);
  const Entry* find(std::uint64_t hash) const;

  std::vector<Entry> entries_;  // by hash
};

}  // namespace orrery::sim
