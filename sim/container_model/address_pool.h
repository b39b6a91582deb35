// AddressPool: the pod addresses of one node: IPv4 out of its podCIDR, handed out in turn, so that
// an address comes again only when all others were used (as host-local IPAM does).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/text.h"

namespace orrery::sim {

class AddressPool {
 public:
  /// "10.244.3.0/24". False if it is not an IPv4 range with room for a pod; the pool is then empty.
  /// What was handed out from another range stays valid and is not taken back.
  bool set_range(std::string_view cidr);
  bool has_range() const { return size_ > 0; }
  /// A free address as a number, or nothing.
  std::optional<std::uint32_t> take();
  void give_back(std::uint32_t address);
  std::size_t in_use() const { return in_use_; }
  /// "10.244.3.1-10.244.3.254"
  std::string range_text() const;

  static Text text_of(std::uint32_t address);

 private:
  std::uint32_t first_ = 0;  // the gateway's .1 is not a pod's
  std::uint32_t size_ = 0;
  std::uint32_t next_ = 0;
  std::size_t in_use_ = 0;
  std::vector<bool> used_;  // made as large as needed
};

}  // namespace orrery::sim
