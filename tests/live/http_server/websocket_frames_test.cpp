#include "live/http_server/websocket_frames.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/live/http_server/client_frame.h"

namespace orrery {
namespace {

using Kind = WebSocketReader::Kind;
using test::client_frame;

std::vector<WebSocketReader::Event> read_all(std::string_view bytes, std::size_t step,
                                             std::size_t message_max = 1000) {
  WebSocketReader reader(WebSocketReader::Peer::kClient, message_max);
  std::vector<WebSocketReader::Event> out;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) {
    reader.feed(bytes.substr(0, step));
    for (;;) {
      WebSocketReader::Event event = reader.next();
      if (event.kind == Kind::kNeedMore) break;
      out.push_back(std::move(event));
      if (out.back().kind == Kind::kFailed) return out;
    }
  }
  return out;
}

TEST(WebSocketReader, PutsFragmentsTogetherHoweverTheyArrive) {
  const std::string bytes = client_frame(1, "Hel", false) + client_frame(9, "are you there") +
                            client_frame(0, "lo") + client_frame(2, std::string(500, '\xff')) +
                            client_frame(8, std::string("\x03\xe8") + "bye");
  for (const std::size_t step : {1u, 2u, 7u, 1000u}) {
    const auto events = read_all(bytes, step);
    ASSERT_EQ(4u, events.size());
    EXPECT_EQ(Kind::kPing, events[0].kind);
    EXPECT_EQ("are you there", events[0].payload);
    EXPECT_EQ(Kind::kText, events[1].kind);
    EXPECT_EQ("Hello", events[1].payload);
    EXPECT_EQ(Kind::kBinary, events[2].kind);
    EXPECT_EQ(std::string(500, '\xff'), events[2].payload);
    EXPECT_EQ(Kind::kClose, events[3].kind);
    EXPECT_EQ(1000, events[3].code);
    EXPECT_EQ("bye", events[3].payload);
  }
}

TEST(WebSocketReader, RefusesWhatTheProtocolForbids) {
  const struct {
    const char* what;
    std::string bytes;
    int code;
  } cases[] = {
      {"no mask", websocket_message("x", true), 1002},
      {"a reserved bit", "\xc1" + client_frame(1, "x").substr(1), 1002},
      {"an unknown opcode", client_frame(3, "x"), 1002},
      {"a continuation of nothing", client_frame(0, "x"), 1002},
      {"a message within a message", client_frame(1, "x", false) + client_frame(1, "y"), 1002},
      {"a fragmented ping", client_frame(9, "x", false), 1002},
      {"a long ping", client_frame(9, std::string(126, 'x')), 1002},
      {"half a close code", client_frame(8, "x"), 1002},
      {"a close code of nobody", client_frame(8, std::string("\x03\xed", 2)), 1002},
      {"text that is no UTF-8", client_frame(1, "\xc0\x80"), 1007},
      {"a surrogate", client_frame(1, "\xed\xa0\x80"), 1007},
      {"a message past the limit", client_frame(2, std::string(1001, 'x')), 1009},
      {"fragments past the limit",
       client_frame(2, std::string(600, 'x'), false) + client_frame(0, std::string(401, 'x')),
       1009},
      {"2^64 - 1 bytes", std::string("\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff....", 14), 1009},
  };
  for (const auto& c : cases) {
    const auto events = read_all(c.bytes, 1000);
    ASSERT_EQ(1u, events.size()) << c.what;
    EXPECT_EQ(Kind::kFailed, events[0].kind) << c.what;
    EXPECT_EQ(c.code, events[0].code) << c.what;
  }
}

TEST(WebSocketReader, ReadsWhatAServerWrites) {
  for (const std::size_t size : {0u, 125u, 126u, 65535u, 65536u}) {
    WebSocketReader reader(WebSocketReader::Peer::kServer, 1 << 20);
    const std::string payload(size, 'p');
    reader.feed(websocket_message(payload, true) + websocket_pong("p"));
    const auto message = reader.next();
    EXPECT_EQ(Kind::kText, message.kind);
    EXPECT_EQ(payload, message.payload);
    EXPECT_EQ(Kind::kPong, reader.next().kind);
    EXPECT_EQ(Kind::kNeedMore, reader.next().kind);
    EXPECT_EQ(0u, reader.size());
  }
}

TEST(WebSocketClose, CutsAReasonBetweenCharacters) {
  std::string reason;
  for (int i = 0; i < 50; ++i) reason += "\u20ac";  // three bytes each
  WebSocketReader reader(WebSocketReader::Peer::kServer, 1000);
  reader.feed(websocket_close(1001, reason));
  const auto event = reader.next();
  EXPECT_EQ(Kind::kClose, event.kind);
  EXPECT_EQ(1001, event.code);
  EXPECT_EQ(reason.substr(0, 123), event.payload);
  EXPECT_EQ(2u, websocket_close(1005, "unsaid").size());
}

}  // namespace
}  // namespace orrery
