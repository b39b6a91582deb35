#include <fmt/format.h>

#include "core/apiserver/streams/spdy_connection.h"
#include "tests/fuzz/targets.h"

namespace orrery::fuzz {
namespace {

using apiserver::SpdyConnection;
using apiserver::SpdyEvents;
using apiserver::SpdyFrames;
using apiserver::SpdyHeaders;
using apiserver::SpdyReader;
using apiserver::SpdySetting;
using apiserver::SpdyWriter;

// What was read, as text, and written again as frames.
struct Rewriter final : SpdyFrames {
  SpdyWriter writer;
  std::string text, frames;
  void note(const char* what, std::uint32_t id, std::uint32_t value) {
    text += fmt::format("\n{} {} {}", what, id, value);
  }
  void headers(const char* what, std::uint32_t id, std::uint8_t flags, const SpdyHeaders& headers) {
    note(what, id, flags);
    for (const auto& [name, value] : headers) text += " " + name + "=" + value;
  }
  void on_syn_stream(std::uint32_t id, std::uint8_t flags, SpdyHeaders h) override {
    headers("syn", id, flags, h);
    frames += writer.syn_stream(id, flags, h);
  }
  void on_syn_reply(std::uint32_t id, std::uint8_t flags, SpdyHeaders h) override {
    headers("reply", id, flags, h);
    frames += writer.syn_reply(id, flags, h);
  }
  void on_headers(std::uint32_t id, std::uint8_t flags, SpdyHeaders h) override {
    headers("headers", id, flags, h);
    frames += writer.headers(id, flags, h);
  }
  void on_rst_stream(std::uint32_t id, std::uint32_t why) override {
    note("rst", id, why);
    frames += SpdyWriter::rst_stream(id, static_cast<apiserver::SpdyReset>(why));
  }
  void on_data(std::uint32_t id, std::string_view bytes, bool fin) override {
    if (!bytes.empty()) text += fmt::format("\ndata {} {}", id, bytes);
    if (fin) note("end", id, 0);
    frames += SpdyWriter::data(id, bytes, fin);
  }
  void on_ping(std::uint32_t id) override {
    note("ping", id, 0);
    frames += SpdyWriter::ping(id);
  }
  void on_goaway(std::uint32_t last, std::uint32_t why) override {
    note("goaway", last, why);
    frames += SpdyWriter::goaway(last, why);
  }
  void on_settings(const std::vector<SpdySetting>& settings) override {
    for (const SpdySetting& s : settings) note("setting", s.id, s.value);
    frames += SpdyWriter::settings(settings);
  }
  void on_window_update(std::uint32_t id, std::uint32_t delta) override {
    note("window", id, delta);
    frames += SpdyWriter::window_update(id, delta);
  }
};

// A server that accepts all and echoes.
struct Echo final : SpdyEvents {
  SpdyConnection* connection = nullptr;
  void on_stream(std::uint32_t stream, const SpdyHeaders& headers) override {
    if (apiserver::find_header(headers, "streamtype") == "error") {
      connection->refuse(stream);
    } else {
      connection->accept(stream);
    }
  }
  void on_stream_data(std::uint32_t stream, std::string_view bytes) override {
    connection->send(stream, bytes);
  }
  void on_stream_end(std::uint32_t stream) override { connection->finish(stream); }
  void on_stream_reset(std::uint32_t) override {}
  void on_client_leaving() override { connection->shut(); }
};

}  // namespace

void spdy(std::string_view input) {
  Rewriter whole, bytewise;
  const bool good = SpdyReader(whole).feed(input).ok();
  SpdyReader slow(bytewise);
  bool slow_good = true;
  for (std::size_t i = 0; i < input.size() && slow_good; ++i) {
    slow_good = slow.feed(input.substr(i, 1)).ok();
  }
  demand(good == slow_good, "a cut does not change what is good");

  Rewriter again, twice;
  if (whole.text.size() < SpdyReader::kControlBytesMax / 2) {  // more may not pack as well again
    demand(SpdyReader(again).feed(whole.frames).ok(), "written frames can be read", whole.text);
    demand(again.text == whole.text, "written frames are the same", again.text);
  }

  Echo echo;
  std::string out;
  SpdyConnection connection(echo, [&out](std::string bytes) { out += bytes; });
  echo.connection = &connection;
  (void)connection.receive(input);
  connection.shut();
  demand(SpdyReader(twice).feed(out).ok(), "what the server sends can be read", out);
  demand(connection.streams_open() == 0, "a shut connection has no streams");
}

}  // namespace orrery::fuzz
