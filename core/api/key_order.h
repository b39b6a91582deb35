// The order in which lists come: that of the bytes of "namespace/name", as etcd keeps its keys, so
// that "a-b/x" stands before "a/x". List pages go on by it.
#pragma once

#include <algorithm>
#include <string_view>

namespace orrery::api {

inline bool comes_before(std::string_view ns_a, std::string_view name_a, std::string_view ns_b,
                         std::string_view name_b) {
  if (ns_a == ns_b) return name_a < name_b;
  const std::size_t common = std::min(ns_a.size(), ns_b.size());
  const int order = ns_a.substr(0, common).compare(ns_b.substr(0, common));
  if (order != 0) return order < 0;
  // One is the other's beginning: its '/' stands against the other's next byte.
  const auto after = [common](std::string_view ns) {
    return static_cast<unsigned char>(ns.size() > common ? ns[common] : '/');
  };
  return after(ns_a) < after(ns_b);
}

}  // namespace orrery::api
