#include <gtest/gtest.h>
#include <zlib.h>

#include "core/apiserver/streams/spdy_connection.h"
#include "tests/core/apiserver/streams/stream_world.h"

namespace orrery::apiserver {
namespace {

// Writes down every frame as a line.
struct Tape final : SpdyFrames {
  std::string text;
  void add(const char* what, std::uint32_t id, std::string more = {}) {
    text += std::string(what) + " " + std::to_string(id) + (more.empty() ? "" : " " + more) + "\n";
  }
  static std::string pairs(const SpdyHeaders& headers) {
    std::string out;
    for (const SpdyHeader& h : headers) out += h.name + "=" + h.value + ";";
    return out;
  }
  void on_syn_stream(std::uint32_t id, std::uint8_t flags, SpdyHeaders h) override {
    add("syn", id, std::to_string(flags) + " " + pairs(h));
  }
  void on_syn_reply(std::uint32_t id, std::uint8_t, SpdyHeaders h) override {
    add("reply", id, pairs(h));
  }
  void on_headers(std::uint32_t id, std::uint8_t, SpdyHeaders h) override {
    add("headers", id, pairs(h));
  }
  void on_rst_stream(std::uint32_t id, std::uint32_t why) override {
    add("rst", id, std::to_string(why));
  }
  void on_data(std::uint32_t id, std::string_view bytes, bool fin) override {
    if (last_data == id && !bytes.empty() && !text.empty() && text.back() == '|') {
      text.pop_back();
    } else {
      text += "data " + std::to_string(id) + " ";
    }
    last_data = id;
    text += std::string(bytes) + (fin ? "!\n" : "|");
  }
  void on_ping(std::uint32_t id) override { add("ping", id); }
  void on_goaway(std::uint32_t last, std::uint32_t why) override {
    add("goaway", last, std::to_string(why));
  }
  void on_settings(const std::vector<SpdySetting>& s) override {
    for (const SpdySetting& one : s) add("setting", one.id, std::to_string(one.value));
  }
  void on_window_update(std::uint32_t id, std::uint32_t delta) override {
    add("window", id, std::to_string(delta));
  }
  std::uint32_t last_data = 0;
};

std::string all_frames() {
  SpdyWriter w;  // header blocks build on each other: made in the order they are sent
  std::string out =
      w.syn_stream(1, kSpdyFin, {{"streamtype", "data"}, {"port", "80"}});
  out += w.syn_reply(1, 0, {});
  out += w.headers(1, 0, {{"a", std::string("x\0y", 3)}});
  return out + w.data(1, "hello", true) + w.rst_stream(3, SpdyReset::kCancel) + w.ping(7) +
         w.settings({{4, 1, 100}, {7, 0, 65536}}) + w.window_update(1, 512) + w.goaway(1, 0);
}

TEST(SpdyDictionary, IsTheOneOfTheDraft) {
  const std::string& d = spdy_dictionary();
  EXPECT_EQ(d.size(), 1423u);
  const uLong sum = adler32(adler32(0, nullptr, 0), reinterpret_cast<const Bytef*>(d.data()),
                            static_cast<uInt>(d.size()));
  EXPECT_EQ(sum, 0xe3c6a7c2u);  // the dictionary id that every SPDY/3 header block starts with
}

TEST(SpdyFrames, AreReadAsTheyWereWritten) {
  Tape tape;
  SpdyReader reader(tape);
  ASSERT_TRUE(reader.feed(all_frames()).ok());
  const std::string_view expected(
      "syn 1 1 streamtype=data;port=80;\nreply 1\nheaders 1 a=x\0y;\ndata 1 hello!\nrst 3 5\n"
      "ping 7\nsetting 4 100\nsetting 7 65536\nwindow 1 512\ngoaway 1 0\n",
      141);
  EXPECT_EQ(tape.text, expected);
}

TEST(SpdyFrames, AreTheSameHoweverTheBytesAreCut) {
  const std::string bytes = all_frames();
  Tape whole;
  ASSERT_TRUE(SpdyReader(whole).feed(bytes).ok());
  for (std::size_t cut = 1; cut < 20; ++cut) {
    Tape tape;
    SpdyReader reader(tape);
    for (std::size_t at = 0; at < bytes.size(); at += cut) {
      ASSERT_TRUE(reader.feed(std::string_view(bytes).substr(at, cut)).ok());
    }
    EXPECT_EQ(tape.text, whole.text) << "cut every " << cut;
  }
}

TEST(SpdyFrames, SkipUnknownTypesAndRefuseBrokenOnes) {
  const auto feed = [](std::string bytes) {
    Tape tape;
    return SpdyReader(tape).feed(bytes).message();
  };
  EXPECT_EQ(feed(std::string("\x80\x03\0\x55\0\0\0\x01x", 9)), "");
  EXPECT_EQ(feed(std::string("\x80\x02\0\x06\0\0\0\x04", 8)), "spdy: a frame of another version");
  EXPECT_EQ(feed(std::string("\x80\x03\0\x01\0\xff\xff\xff", 8)),
            "spdy: a control frame is too large");
  EXPECT_EQ(feed(std::string("\x80\x03\0\x06\0\0\0\x01x", 9)),
            "spdy: a control frame of a wrong size");
  EXPECT_EQ(feed(std::string("\x80\x03\0\x01\0\0\0\x01x", 9)),
            "spdy: a headers frame is too short");
  EXPECT_EQ(feed(std::string("\0\0\0\0\0\0\0\x01x", 9)), "spdy: data of stream zero");
  EXPECT_EQ(feed(std::string("\x80\x03\0\x02\0\0\0\x08\0\0\0\x01junk", 16)),
            "spdy: a header block cannot be unpacked");
}

TEST(SpdyHeaders, RefuseABlockThatUnpacksToTooMuch) {
  SpdyHeaderPacker packer;
  SpdyHeaderUnpacker unpacker;
  const std::string block = packer.pack({{"a", std::string(100'000, 'x')}});
  EXPECT_LT(block.size(), 2000u);
  EXPECT_EQ(unpacker.unpack(block).status().message(), "spdy: a header block is too large");
}

TEST(SpdyHeaders, RefuseNamesTwiceOrInUpperCase) {
  for (const SpdyHeaders& bad :
       {SpdyHeaders{{"a", "1"}, {"a", "2"}}, SpdyHeaders{{"Aa", "1"}}, SpdyHeaders{{"", "1"}}}) {
    SpdyHeaderPacker packer;
    EXPECT_FALSE(SpdyHeaderUnpacker().unpack(packer.pack(bad)).ok());
  }
}

struct Quiet final : SpdyEvents {
  std::size_t streams = 0;
  void on_stream(std::uint32_t, const SpdyHeaders&) override { ++streams; }
  void on_stream_data(std::uint32_t, std::string_view) override {}
  void on_stream_end(std::uint32_t) override {}
  void on_stream_reset(std::uint32_t) override {}
  void on_client_leaving() override {}
};

TEST(SpdyConnection, RefusesStreamsAboveItsLimitAndIdsThatDoNotRise) {
  Quiet events;
  std::string out;
  SpdyConnection connection(events, [&out](std::string bytes) { out += bytes; });
  SpdyWriter client;
  for (std::uint32_t i = 0; i < SpdyConnection::kStreamsMax + 5; ++i) {
    ASSERT_TRUE(connection.receive(client.syn_stream(2 * i + 1, 0, {})));
  }
  EXPECT_EQ(events.streams, SpdyConnection::kStreamsMax);
  ASSERT_TRUE(connection.receive(client.syn_stream(3, 0, {})));
  ASSERT_TRUE(connection.receive(client.syn_stream(80000, 0, {})));
  EXPECT_EQ(events.streams, SpdyConnection::kStreamsMax);
  SpdyClient seen;
  ASSERT_TRUE(seen.reader.feed(out).ok());
  EXPECT_EQ(seen.reset.size(), 7u);
}

TEST(SpdyConnection, AnswersPingsAndSaysGoawayToGarbage) {
  Quiet events;
  std::string out;
  SpdyConnection connection(events, [&out](std::string bytes) { out += bytes; });
  EXPECT_TRUE(connection.receive(SpdyWriter::ping(5)));
  EXPECT_FALSE(connection.receive("GET / HTTP/1.1\r\n\r\n\x80\x09 garbage garbage garbage"
                                  "\xff\xff\xff\xff\xff\xff\xff\xff") &&
               connection.receive(std::string(64 << 20, '\xff')));
  SpdyClient seen;
  ASSERT_TRUE(seen.reader.feed(out).ok());
  EXPECT_EQ(seen.pings, std::vector<std::uint32_t>{5});
  EXPECT_TRUE(seen.goaway);
}

}  // namespace
}  // namespace orrery::apiserver
