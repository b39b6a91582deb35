// A masked WebSocket frame, as clients send them; any opcode, so that tests can be rude.
#pragma once

#include <string>
#include <string_view>

namespace orrery::test {

inline std::string client_frame(unsigned opcode, std::string_view payload, bool is_final = true) {
  static constexpr unsigned char kMask[4] = {0x12, 0x34, 0x56, 0x78};
  std::string out;
  out += static_cast<char>((is_final ? 0x80u : 0u) | opcode);
  const std::size_t size_bytes = payload.size() < 126 ? 0 : payload.size() <= 0xffff ? 2 : 8;
  out += static_cast<char>(0x80 | (size_bytes == 0   ? payload.size()
                                   : size_bytes == 2 ? std::size_t{126}
                                                     : std::size_t{127}));
  for (std::size_t i = size_bytes; i-- > 0;) out += static_cast<char>(payload.size() >> (8 * i));
  for (const unsigned char byte : kMask) out += static_cast<char>(byte);
  for (std::size_t i = 0; i < payload.size(); ++i) {
    out += static_cast<char>(static_cast<unsigned char>(payload[i]) ^ kMask[i % 4]);
  }
  return out;
}

}  // namespace orrery::test
