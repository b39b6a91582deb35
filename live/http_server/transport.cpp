#include "live/http_server/transport.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>

#include "core/base/check.h"

namespace orrery {

// OpenSSL's view of a transport: reads come from the socket, writes go to the scratch.
struct TransportBio {
  static int write(BIO* bio, const char* bytes, int size) {
    static_cast<Transport*>(BIO_get_data(bio))
        ->scratch_.append(bytes, static_cast<std::size_t>(size));
    return size;
  }
  static int read(BIO* bio, char* room, int size) {
    BIO_clear_retry_flags(bio);
    const Transport::Read got = static_cast<Transport*>(BIO_get_data(bio))
                                    ->receive(room, static_cast<std::size_t>(size));
    if (got.step == Step::kDone) return static_cast<int>(got.size);
    if (got.step == Step::kAgain) BIO_set_retry_read(bio);
    if (got.step == Step::kClosed) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return got.step == Step::kClosed ? 0 : -1;
  }
  static long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
  }
  static const BIO_METHOD* method() {
    static BIO_METHOD* const made = [] {
      BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "transport");
      BIO_meth_set_write(m, write);
      BIO_meth_set_read(m, read);
      BIO_meth_set_ctrl(m, control);
      return m;
    }();
    return made;
  }
};

Transport::Transport(TcpSocket socket, ssl_ctx_st* tls, bool is_server, std::string& scratch)
    : socket_(std::move(socket)), scratch_(scratch) {
  boost::system::error_code ignored;
  socket_->native_non_blocking(true, ignored);
  socket_->set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  if (!tls) return;
  session_.reset(SSL_new(tls));
  CHECK(session_ != nullptr);
  BIO* bio = BIO_new(TransportBio::method());
  CHECK(bio != nullptr);
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(session_.get(), bio, bio);
  is_server ? SSL_set_accept_state(session_.get()) : SSL_set_connect_state(session_.get());
}

Transport::Read Transport::receive(char* room, std::size_t size) {
  for (;;) {
    const ssize_t got = ::recv(socket_->native_handle(), room, size, 0);
    if (got > 0) return {Step::kDone, static_cast<std::size_t>(got)};
    if (got == 0) return {Step::kClosed};
    if (errno == EINTR) continue;
    return {errno == EAGAIN || errno == EWOULDBLOCK ? Step::kAgain : Step::kFailed};
  }
}

Step Transport::handshake() {
  ERR_clear_error();
  const int done = SSL_do_handshake(session_.get());
  const int error = done == 1 ? SSL_ERROR_NONE : SSL_get_error(session_.get(), done);
  const Step sent = settle();  // an alert, too
  if (sent == Step::kFailed) return sent;
  if (done == 1) return Step::kDone;
  return error == SSL_ERROR_WANT_READ ? Step::kAgain : Step::kFailed;
}

Transport::Read Transport::read(char* room, std::size_t size) {
  if (!session_) return receive(room, size);
  ERR_clear_error();
  std::size_t got = 0;
  const int done = SSL_read_ex(session_.get(), room, size, &got);
  const int error = done == 1 ? SSL_ERROR_NONE : SSL_get_error(session_.get(), done);
  if (!scratch_.empty() && settle() == Step::kFailed) return {Step::kFailed};
  switch (error) {
    case SSL_ERROR_NONE: return {Step::kDone, got};
    case SSL_ERROR_WANT_READ: return {Step::kAgain};
    case SSL_ERROR_ZERO_RETURN: return {Step::kClosed};
    default: return {Step::kFailed};
  }
}

bool Transport::holds_bytes() const { return session_ && SSL_has_pending(session_.get()) == 1; }

bool Transport::write(std::string_view plain) {
  if (!session_) {
    scratch_.append(plain);
    return true;
  }
  while (!plain.empty()) {
    ERR_clear_error();
    std::size_t written = 0;
    if (SSL_write_ex(session_.get(), plain.data(), plain.size(), &written) != 1) return false;
    plain.remove_prefix(written);
  }
  return true;
}

Step Transport::send(std::string_view bytes, std::size_t& sent) {
  while (sent < bytes.size()) {
    const ssize_t taken = ::send(socket_->native_handle(), bytes.data() + sent,
                                 bytes.size() - sent, MSG_NOSIGNAL);
    if (taken >= 0) {
      sent += static_cast<std::size_t>(taken);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return Step::kAgain;
    } else if (errno != EINTR) {
      return Step::kFailed;
    }
  }
  return Step::kDone;
}

// Sends the rest, then the scratch; what stays becomes the rest. The scratch is empty afterwards.
Step Transport::settle() {
  Step step = pending() > 0 ? send(rest_, rest_sent_) : Step::kDone;
  std::size_t sent = 0;
  if (step == Step::kDone) {
    if (!rest_.empty()) rest_ = std::string();  // gives the memory back
    rest_sent_ = 0;
    step = send(scratch_, sent);
  }
  if (step == Step::kAgain) rest_.append(scratch_, sent);
  scratch_.clear();
  return step;
}

Step Transport::flush() { return settle(); }

void Transport::finish_writing() {
  if (!socket_) return;
  if (session_ && SSL_is_init_finished(session_.get())) {
    ERR_clear_error();
    SSL_shutdown(session_.get());
    settle();
  }
  ::shutdown(socket_->native_handle(), SHUT_WR);
}

void Transport::close() {
  if (!socket_) return;
  boost::system::error_code ignored;
  socket_->close(ignored);
  socket_.reset();
  session_.reset();
  rest_ = std::string();
  rest_sent_ = 0;
}

}  // namespace orrery
