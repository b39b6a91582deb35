#include "core/apiserver/streams/spdy_connection.h"

namespace orrery::apiserver {
namespace {

constexpr std::uint32_t kGoAwayOk = 0, kGoAwayProtocolError = 1;

}  // namespace

SpdyConnection::SpdyConnection(SpdyEvents& events, Callback<void(std::string)> out)
    : events_(events), out_(std::move(out)), reader_(*this) {}

bool SpdyConnection::receive(std::string_view bytes) {
  if (shut_) return true;
  if (reader_.feed(bytes).ok()) return true;
  if (!shut_) out_(SpdyWriter::goaway(last_stream_, kGoAwayProtocolError));
  streams_.clear();
  shut_ = true;
  return false;
}

void SpdyConnection::on_syn_stream(std::uint32_t id, std::uint8_t flags, SpdyHeaders headers) {
  if (shut_) return;
  // A client's ids are odd and rise; what breaks that cannot be told from an older stream.
  if (id % 2 == 0 || id <= last_stream_) {
    out_(SpdyWriter::rst_stream(id, SpdyReset::kProtocolError));
    return;
  }
  last_stream_ = id;
  if (streams_.size() >= kStreamsMax) {
    out_(SpdyWriter::rst_stream(id, SpdyReset::kRefusedStream));
    return;
  }
  streams_.emplace(id, Stream());
  events_.on_stream(id, headers);
  if (flags & kSpdyFin) client_ended(id);
}

void SpdyConnection::on_rst_stream(std::uint32_t id, std::uint32_t) {
  if (streams_.erase(id) > 0 && !shut_) events_.on_stream_reset(id);
}

void SpdyConnection::on_data(std::uint32_t id, std::string_view bytes, bool fin) {
  if (shut_) return;
  const auto it = streams_.find(id);
  if (it == streams_.end()) return;  // closed meanwhile: its last bytes were on the way
  if (!it->second.client_open) {
    reset(id);
    events_.on_stream_reset(id);
    return;
  }
  if (!bytes.empty()) events_.on_stream_data(id, bytes);
  if (fin) client_ended(id);
}

void SpdyConnection::client_ended(std::uint32_t id) {
  const auto it = streams_.find(id);
  if (it == streams_.end() || !it->second.client_open) return;
  it->second.client_open = false;
  if (!it->second.server_open) streams_.erase(it);
  events_.on_stream_end(id);
}

void SpdyConnection::on_ping(std::uint32_t id) {
  if (!shut_ && id % 2 == 1) out_(SpdyWriter::ping(id));  // even ids would be answers to ours
}

void SpdyConnection::on_goaway(std::uint32_t, std::uint32_t) {
  if (!shut_) events_.on_client_leaving();
}

void SpdyConnection::accept(std::uint32_t stream) {
  if (!shut_) out_(writer_.syn_reply(stream, 0, {}));
}

void SpdyConnection::refuse(std::uint32_t stream) {
  if (streams_.erase(stream) > 0 && !shut_) {
    out_(SpdyWriter::rst_stream(stream, SpdyReset::kRefusedStream));
  }
}

void SpdyConnection::send(std::uint32_t stream, std::string_view bytes) {
  const auto it = streams_.find(stream);
  if (shut_ || bytes.empty() || it == streams_.end() || !it->second.server_open) return;
  out_(SpdyWriter::data(stream, bytes, false));
}

void SpdyConnection::finish(std::uint32_t stream) {
  const auto it = streams_.find(stream);
  if (shut_ || it == streams_.end() || !it->second.server_open) return;
  it->second.server_open = false;
  if (!it->second.client_open) streams_.erase(it);
  out_(SpdyWriter::data(stream, {}, true));
}

void SpdyConnection::reset(std::uint32_t stream) {
  if (streams_.erase(stream) > 0 && !shut_) {
    out_(SpdyWriter::rst_stream(stream, SpdyReset::kCancel));
  }
}

void SpdyConnection::shut() {
  if (shut_) return;
  for (const auto& [id, stream] : streams_) {
    if (stream.server_open) out_(SpdyWriter::data(id, {}, true));
  }
  streams_.clear();
  out_(SpdyWriter::goaway(last_stream_, kGoAwayOk));
  shut_ = true;
}

}  // namespace orrery::apiserver
