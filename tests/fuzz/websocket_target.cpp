#include <algorithm>
#include <vector>

#include "live/http_server/websocket_frames.h"
#include "tests/fuzz/targets.h"

namespace orrery::fuzz {
namespace {

using Kind = WebSocketReader::Kind;

constexpr std::size_t kMessageMax = 1000;

struct Told {
  std::vector<WebSocketReader::Event> events;
  bool failed() const { return !events.empty() && events.back().kind == Kind::kFailed; }
};

Told read_in_steps(std::string_view bytes, std::size_t step, WebSocketReader::Peer peer) {
  WebSocketReader reader(peer, kMessageMax);
  Told told;
  for (; !bytes.empty() && !told.failed(); bytes.remove_prefix(std::min(step, bytes.size()))) {
    reader.feed(bytes.substr(0, step));
    while (!told.failed()) {
      WebSocketReader::Event event = reader.next();
      if (event.kind == Kind::kNeedMore) break;
      told.events.push_back(std::move(event));
    }
    // A message, a frame's head, and what was fed.
    demand(told.failed() || reader.size() <= kMessageMax + 14 + 125 + 2 * step,
           "the reader holds little", std::to_string(reader.size()));
  }
  return told;
}

void demand_same(const Told& a, const Told& b) {
  demand(a.events.size() == b.events.size(), "the same events, however the bytes come");
  for (std::size_t i = 0; i < a.events.size(); ++i) {
    demand(a.events[i].kind == b.events[i].kind && a.events[i].code == b.events[i].code &&
               a.events[i].payload == b.events[i].payload,
           "an event is the same, however its bytes come", a.events[i].payload);
  }
}

// What a server would send of it reads the same at the other end.
void demand_round_trip(const WebSocketReader::Event& event) {
  std::string bytes;
  switch (event.kind) {
    case Kind::kText:
    case Kind::kBinary: bytes = websocket_message(event.payload, event.kind == Kind::kText); break;
    case Kind::kPong: bytes = websocket_pong(event.payload); break;
    case Kind::kClose: bytes = websocket_close(event.code, event.payload); break;
    default: return;
  }
  const Told back = read_in_steps(bytes, bytes.size(), WebSocketReader::Peer::kServer);
  demand(back.events.size() == 1, "one frame is one event");
  demand_same({{event}}, back);
}

}  // namespace

void websocket(std::string_view input) {
  for (const auto peer : {WebSocketReader::Peer::kClient, WebSocketReader::Peer::kServer}) {
    const Told whole = read_in_steps(input, std::max<std::size_t>(input.size(), 1), peer);
    demand_same(whole, read_in_steps(input, 1, peer));
    for (const auto& event : whole.events) {
      demand(event.payload.size() <= kMessageMax, "no message is past the limit");
      demand(event.kind != Kind::kText || is_valid_utf8(event.payload), "text is UTF-8");
      demand_round_trip(event);
    }
  }
}

}  // namespace orrery::fuzz
