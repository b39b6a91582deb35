#include "sim/scenario/object_names.h"

namespace orrery::sim {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

bool is_label_name(std::string_view name) {
  constexpr std::size_t kLengthMax = 63;
  if (name.empty() || name.size() > kLengthMax) return false;
  for (const char c : name) {
    if (!is_letter_or_digit(c) && c != '-') return false;
  }
  return is_letter_or_digit(name.front()) && is_letter_or_digit(name.back());
}

bool is_object_name(std::string_view name) {
  constexpr std::size_t kLengthMax = 253;
  if (name.size() > kLengthMax) return false;
  while (true) {
    const std::size_t point = name.find('.');
    if (!is_label_name(name.substr(0, point))) return false;
    if (point == std::string_view::npos) return true;
    name.remove_prefix(point + 1);
  }
}

}  // namespace orrery::sim
