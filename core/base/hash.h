// Hashes that never change between runs, builds or machines (std::hash promises nothing).
#pragma once

#include <cstdint>
#include <string_view>

namespace orrery {

/// FNV-1a, 32 bit: also what Kubernetes uses for pod-template-hash (hash/fnv New32a).
constexpr std::uint32_t fnv1a_32(std::string_view text, std::uint32_t h = 2166136261u) {
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
  return h;
}

/// FNV-1a, 64 bit.
constexpr std::uint64_t fnv1a_64(std::string_view text, std::uint64_t h = 14695981039346656037ull) {
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return h;
}

/// splitmix64's finaliser: spreads every input bit over the output.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

/// Fast text hash for lookup tables: eight bytes a step.
inline std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0x9e3779b97f4a7c15ull) {
  std::uint64_t h = seed ^ (text.size() * 0xff51afd7ed558ccdull);
  const char* p = text.data();
  std::size_t n = text.size();
  for (; n >= 8; p += 8, n -= 8) {
    std::uint64_t word;
    __builtin_memcpy(&word, p, 8);
    h = (h ^ word) * 0x9fb21c651e98df25ull;
    h ^= h >> 32;
  }
  std::uint64_t tail = 0;
  if (n) __builtin_memcpy(&tail, p, n);
  return mix64(h ^ tail);
}

}  // namespace orrery
