#include "sim/container_model/address_pool.h"

#include <charconv>

namespace orrery::sim {
namespace {

// Reads a number up to `most`, followed by `end` or the end of the text.
bool read_number(std::string_view& text, char end, std::uint32_t most, std::uint32_t& out) {
  const auto r = std::from_chars(text.data(), text.data() + text.size(), out);
  if (r.ec != std::errc() || out > most) return false;
  text.remove_prefix(static_cast<std::size_t>(r.ptr - text.data()));
  if (end == '\0') return text.empty();
  if (text.empty() || text.front() != end) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

bool AddressPool::set_range(std::string_view cidr) {
  first_ = size_ = next_ = 0;
  in_use_ = 0;
  used_.clear();
  std::uint32_t part[4], prefix = 0;
  std::string_view rest = cidr;
  for (int i = 0; i < 4; ++i) {
    if (!read_number(rest, i < 3 ? '.' : '/', 255, part[i])) return false;
  }
  if (!read_number(rest, '\0', 32, prefix) || prefix > 29 || prefix < 8) return false;
  const std::uint32_t mask = ~((1u << (32 - prefix)) - 1);
  const std::uint32_t base = (part[0] << 24 | part[1] << 16 | part[2] << 8 | part[3]) & mask;
  first_ = base + 2;
  size_ = (1u << (32 - prefix)) - 3;  // without network, gateway and broadcast
  return true;
}

std::optional<std::uint32_t> AddressPool::take() {
  if (in_use_ >= size_) return {};
  for (;; ++next_) {
    if (next_ >= size_) next_ = 0;
    if (next_ >= used_.size()) used_.resize(next_ + 1);
    if (!used_[next_]) break;
  }
  used_[next_] = true;
  ++in_use_;
  return first_ + next_++;
}

void AddressPool::give_back(std::uint32_t address) {
  const std::uint32_t at = address - first_;
  if (address < first_ || at >= used_.size() || !used_[at]) return;
  used_[at] = false;
  --in_use_;
}

std::string AddressPool::range_text() const {
  return text_of(first_).str() + "-" + text_of(first_ + (size_ ? size_ - 1 : 0)).str();
}

Text AddressPool::text_of(std::uint32_t address) {
  char room[16];
  char* at = room;
  for (int shift = 24; shift >= 0; shift -= 8) {
    at = std::to_chars(at, room + sizeof room, address >> shift & 255).ptr;
    if (shift) *at++ = '.';
  }
  return Text(std::string_view(room, static_cast<std::size_t>(at - room)));
}

}  // namespace orrery::sim
