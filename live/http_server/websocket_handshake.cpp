#include "live/http_server/websocket_handshake.h"

#include <openssl/evp.h>

#include <algorithm>

#include "live/http_server/reply_head.h"

namespace orrery {
namespace {

// 16 bytes in base64.
bool is_key(std::string_view key) {
  return key.size() == 24 && key.ends_with("==") &&
         std::all_of(key.begin(), key.end() - 2, [](unsigned char c) {
           return std::isalnum(c) || c == '+' || c == '/';
         });
}

}  // namespace

std::optional<std::string> websocket_accept(const HttpRequest& request) {
  const std::string_view key = request.header("sec-websocket-key");
  if (request.method != "GET" || !has_token(request.header("upgrade"), "websocket") ||
      !has_token(request.header("connection"), "upgrade") ||
      request.header("sec-websocket-version") != "13" || !is_key(key)) {
    return std::nullopt;
  }
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr) != 1) {
    return std::nullopt;
  }
  std::string out(4 * ((size + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), digest, static_cast<int>(size));
  return out;
}

}  // namespace orrery
