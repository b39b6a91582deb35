#include "core/apiserver/streams/channel_frames.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace orrery::apiserver {
namespace {

constexpr int kCloseChannel = 255;
constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string to_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= count ? kDigits[group >> (18 - 6 * k) & 63] : '=';
    }
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::string out;
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool pad = i >= text.size() - padding;
    const std::size_t digit = pad ? 0 : kDigits.find(text[i]);
    if (digit == kDigits.npos) return std::nullopt;
    group = group << 6 | static_cast<std::uint32_t>(digit);
    if (i % 4 != 3) continue;
    for (int k = 2; k >= 0; --k) out += static_cast<char>(group >> (8 * k) & 255);
    group = 0;
  }
  out.resize(out.size() - padding);
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

}  // namespace

std::vector<std::string> header_list(const HttpRequest& request, std::string_view name) {
  std::vector<std::string> out;
  for (const HttpHeader& header : request.headers) {
    if (header.name != name) continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      std::string_view one = rest.substr(0, comma);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      while (!one.empty() && (one.front() == ' ' || one.front() == '\t')) one.remove_prefix(1);
      while (!one.empty() && (one.back() == ' ' || one.back() == '\t')) one.remove_suffix(1);
      if (!one.empty()) out.emplace_back(one);
    }
  }
  return out;
}

bool is_upgrade_to(const HttpRequest& request, std::string_view name) {
  const auto has = [&](std::string_view header, std::string_view value) {
    for (const std::string& one : header_list(request, header)) {
      if (lower(one) == lower(value)) return true;
    }
    return false;
  };
  return has("connection", "upgrade") && has("upgrade", name);
}

std::optional<ChannelProtocol> choose_channel_protocol(const std::vector<std::string>& offered,
                                                       bool exec) {
  struct Known {
    std::string_view name;
    int version;
    bool base64;
    bool exec_only;
  };
  static constexpr std::array<Known, 7> kKnown = {{{"v5.channel.k8s.io", 5, false, true},
                                                   {"v4.channel.k8s.io", 4, false, false},
                                                   {"v4.base64.channel.k8s.io", 4, true, false},
                                                   {"v3.channel.k8s.io", 3, false, true},
                                                   {"v2.channel.k8s.io", 2, false, true},
                                                   {"channel.k8s.io", 1, false, true},
                                                   {"base64.channel.k8s.io", 1, true, true}}};
  if (offered.empty()) return ChannelProtocol{};
  for (const std::string& name : offered) {
    for (const Known& known : kKnown) {
      if (known.name == name && (exec || !known.exec_only)) {
        return ChannelProtocol{name, known.version, known.base64};
      }
    }
  }
  return std::nullopt;
}

Result<ChannelFrame> decode_channel_frame(const ChannelProtocol& protocol,
                                          std::string_view message) {
  ChannelFrame frame;
  if (message.empty()) return frame;
  frame.channel = static_cast<unsigned char>(message[0]);
  message.remove_prefix(1);
  if (protocol.base64) {
    frame.channel -= '0';
    if (frame.channel < 0) return bad_request("a channel is a digit");
    std::optional<std::string> bytes = from_base64(message);
    if (!bytes) return bad_request("a message is not base64");
    frame.bytes = *std::move(bytes);
    return frame;
  }
  if (protocol.version >= 5 && frame.channel == kCloseChannel) {
    if (message.size() != 1) return bad_request("a close message names one channel");
    frame.close = true;
    frame.channel = static_cast<unsigned char>(message[0]);
    return frame;
  }
  frame.bytes = message;
  return frame;
}

std::string encode_channel_frame(const ChannelProtocol& protocol, int channel,
                                 std::string_view bytes) {
  std::string out(1, static_cast<char>(protocol.base64 ? '0' + channel : channel));
  if (protocol.base64) {
    out += to_base64(bytes);
  } else {
    out += bytes;
  }
  return out;
}

std::optional<TerminalSize> read_terminal_size(std::string_view json) {
  constexpr std::size_t kBytesMax = 256;  // two numbers and their names
  constexpr int kCellsMax = 65535;        // both are uint16 upstream
  if (json.size() > kBytesMax) return std::nullopt;
  const nlohmann::json parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_object()) return std::nullopt;
  TerminalSize size;
  for (const auto& [name, to] : {std::pair("Width", &size.width), {"Height", &size.height}}) {
    const auto it = parsed.find(name);
    if (it == parsed.end() || !it->is_number_unsigned()) return std::nullopt;
    const auto value = it->get<std::uint64_t>();
    if (value > kCellsMax) return std::nullopt;
    *to = static_cast<int>(value);
  }
  return size;
}

}  // namespace orrery::apiserver
