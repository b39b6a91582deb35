#include "core/base/digest.h"

#include <fmt/format.h>

namespace orrery {

std::string Digest::hex() const {
  return fmt::format("{:016x}{:016x}", mix64(a_ + count_), mix64(b_ ^ count_));
}

}  // namespace orrery
