// Signature: everything about a pod that the plugins of a profile read, as bytes. Pods with equal
// signatures get equal verdicts and scores, so they share one equivalence class (as upstream's
// SignPod). Lookup keys only: symbols enter by id, so bytes differ between runs.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/symbol.h"

namespace orrery::scheduler {

class Signature {
 public:
  void add(std::int64_t value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void add(Symbol symbol) {
    const std::uint32_t id = symbol.id();
    bytes_.append(reinterpret_cast<const char*>(&id), sizeof(id));
  }
  const std::string& bytes() const { return bytes_; }
  void clear() { bytes_.clear(); }

 private:
  std::string bytes_;
};

}  // namespace orrery::scheduler
