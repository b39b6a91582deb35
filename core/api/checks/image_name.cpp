#include "core/api/checks/image_name.h"

#include <algorithm>

namespace orrery::api {
namespace {

bool lower_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool word(char c) { return lower_alnum(c) || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_path_part(std::string_view part) {
  if (part.empty() || !lower_alnum(part.front()) || !lower_alnum(part.back())) return false;
  return std::all_of(part.begin(), part.end(),
                     [](char c) { return lower_alnum(c) || c == '.' || c == '_' || c == '-'; });
}

// The first component is a registry where it looks like a host.
bool is_registry(std::string_view part) {
  return part == "localhost" || part.find_first_of(".:") != std::string_view::npos ||
         std::any_of(part.begin(), part.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_host(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return word(c) || c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
  });
}

bool is_repository(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash != std::string_view::npos && is_registry(name.substr(0, slash))) {
    if (!is_host(name.substr(0, slash))) return false;
    name.remove_prefix(slash + 1);
  }
  while (true) {
    const std::size_t end = name.find('/');
    if (!is_path_part(name.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    name.remove_prefix(end + 1);
  }
}

bool is_tag(std::string_view tag) {
  if (tag.empty() || tag.size() > 128 || !word(tag.front())) return false;
  return std::all_of(tag.begin(), tag.end(),
                     [](char c) { return word(c) || c == '.' || c == '-'; });
}

}  // namespace

std::string_view image_tag(std::string_view image) {
  const std::size_t at = image.find('@');
  const bool digest = at != std::string_view::npos;
  std::string_view name = image.substr(0, at);
  std::string_view tag;
  const std::size_t colon = name.rfind(':');
  const std::size_t slash = name.rfind('/');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    tag = name.substr(colon + 1);
    name = name.substr(0, colon);
    if (!is_tag(tag)) return {};
  }
  if (!is_repository(name)) return {};
  return tag.empty() && !digest ? "latest" : tag;
}

}  // namespace orrery::api
