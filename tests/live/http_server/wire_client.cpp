#include "tests/live/http_server/wire_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace orrery::test {

WireClient::WireClient(std::uint16_t port, ssl_ctx_st* tls, ssl_st* resume) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes with write()
  socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  const timeval patience{5, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
  if (tls) {
    session_.reset(SSL_new(tls));
    SSL_set_fd(session_.get(), socket_);
    if (resume) SSL_set_session(session_.get(), SSL_get_session(resume));
    if (SSL_connect(session_.get()) != 1) return;
  }
  connected_ = true;
}

WireClient::~WireClient() {
  session_.reset();
  ::close(socket_);
}

bool WireClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const long sent =
        session_ ? SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size()))
                 : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool WireClient::fill() {
  char room[16384];
  const long got = session_ ? SSL_read(session_.get(), room, sizeof room)
                            : ::recv(socket_, room, sizeof room, 0);
  const bool timed_out = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  if (got <= 0) {
    ended_ = !timed_out;
    return false;
  }
  input_.append(room, static_cast<std::size_t>(got));
  return true;
}

std::string WireClient::line() {
  std::size_t end;
  while ((end = input_.find('\n')) == std::string::npos) {
    if (!fill()) return {};
  }
  std::string out = input_.substr(0, end);
  input_.erase(0, end + 1);
  if (out.ends_with('\r')) out.pop_back();
  return out;
}

std::string WireClient::bytes(std::size_t size) {
  while (input_.size() < size && fill()) {
  }
  std::string out = input_.substr(0, size);
  input_.erase(0, size);
  return out;
}

std::string WireClient::chunk() {
  const std::size_t size = std::strtoul(line().c_str(), nullptr, 16);
  std::string out = bytes(size);
  line();
  return out;
}

std::string WireClient::rest() {
  while (fill()) {
  }
  return std::exchange(input_, {});
}

std::optional<WireAnswer> WireClient::answer(bool without_body) {
  WireAnswer out;
  std::string text = line();
  if (!text.starts_with("HTTP/1.1 ")) return std::nullopt;
  out.status = std::atoi(text.c_str() + 9);
  while (!text.empty()) {
    out.head += text + "\n";
    text = line();
    const std::size_t colon = text.find(": ");
    if (colon == std::string::npos) continue;
    std::string name = text.substr(0, colon);
    for (char& c : name) c = static_cast<char>(std::tolower(c));
    out.headers[name] = text.substr(colon + 2);
  }
  if (without_body || out.status < 200 || out.status == 204 || out.status == 304) return out;
  if (out.headers.count("content-length")) {
    const std::size_t size = std::strtoul(out.headers["content-length"].c_str(), nullptr, 10);
    out.body = bytes(size);
    if (out.body.size() < size) return std::nullopt;
  } else if (out.headers.count("transfer-encoding")) {
    for (std::string piece = chunk(); !piece.empty(); piece = chunk()) out.body += piece;
  } else {
    out.body = rest();
  }
  return out;
}

void WireClient::finish() {
  if (session_) SSL_shutdown(session_.get());
  ::shutdown(socket_, SHUT_WR);
}

}  // namespace orrery::test
