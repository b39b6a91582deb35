// Numbers in network byte order, as SPDY frames and tunnels carry them. Callers check sizes first.
#pragma once

#include <cstdint>
#include <string>

namespace orrery::apiserver {

inline std::uint32_t read_u32(const char* p) {
  const auto* u = reinterpret_cast<const unsigned char*>(p);
  return std::uint32_t{u[0]} << 24 | std::uint32_t{u[1]} << 16 | std::uint32_t{u[2]} << 8 | u[3];
}
inline std::uint32_t read_u24(const char* p) {
  const auto* u = reinterpret_cast<const unsigned char*>(p);
  return std::uint32_t{u[0]} << 16 | std::uint32_t{u[1]} << 8 | u[2];
}
inline std::uint32_t read_u16(const char* p) {
  const auto* u = reinterpret_cast<const unsigned char*>(p);
  return std::uint32_t{u[0]} << 8 | u[1];
}
inline void append_u24(std::string& out, std::uint32_t v) {
  for (const int shift : {16, 8, 0}) out += static_cast<char>(v >> shift & 255);
}
inline void append_u32(std::string& out, std::uint32_t v) {
  out += static_cast<char>(v >> 24 & 255);
  append_u24(out, v);
}

}  // namespace orrery::apiserver
