#include <gtest/gtest.h>

#include "tests/core/apiserver/streams/stream_world.h"

namespace orrery::apiserver {
namespace {

struct PortForward : testing::Test, StreamWorld {
  SpdyClient client;
  bool tunnel = false;
  std::size_t read = 0;

  void open(bool in_tunnel) {
    tunnel = in_tunnel;
    endpoints->serve_port_forward(
        tunnel ? websocket("SPDY/3.1+portforward.k8s.io") : spdy({"portforward.k8s.io"}),
        pod_with({"c"}), query(""));
  }
  void send(const std::string& bytes) {
    if (tunnel) {
      seen.socket_sink->on_message(bytes, false);
    } else {
      seen.byte_sink->on_bytes(bytes);
    }
  }
  void read_all() {
    if (tunnel) {
      for (; read < seen.messages.size(); ++read) {
        ASSERT_TRUE(client.reader.feed(seen.messages[read]).ok());
      }
    } else {
      ASSERT_TRUE(client.reader.feed(seen.bytes.substr(read)).ok());
      read = seen.bytes.size();
    }
  }
  void open_pair(std::uint32_t id, const std::string& request, const std::string& port = "80") {
    send(client.writer.syn_stream(
        id, 0, {{"streamtype", "error"}, {"port", port}, {"requestid", request}}));
    send(client.writer.syn_stream(
        id + 2, 0, {{"streamtype", "data"}, {"port", port}, {"requestid", request}}));
  }
  void carry_two(bool in_tunnel) {
    open(in_tunnel);
    open_pair(1, "0");
    open_pair(5, "1", "81");
    ASSERT_EQ(pods.ports.size(), 2u);
    send(client.writer.data(3, "first", false));
    send(client.writer.data(7, "second", true));
    EXPECT_EQ(pods.ports[0]->written, "first");
    EXPECT_EQ(pods.ports[1]->written, "second");
    EXPECT_EQ(pods.ports[1]->port, 81);
    EXPECT_TRUE(pods.ports[1]->closed);
    pods.ports[1]->sink->on_port_bytes("answer");
    pods.ports[1]->sink->on_port_closed("");
    read_all();
    EXPECT_EQ(client.data[7], "answer");
    EXPECT_TRUE(client.ended[7] && client.ended[5]);
    EXPECT_FALSE(client.ended[3]);
    send(client.writer.ping(9));  // gives the session the turn to drop the pair
    EXPECT_FALSE(pods.ports[1]->alive);
    EXPECT_TRUE(pods.ports[0]->alive);
  }
  void expect_end() {
    EXPECT_FALSE(pods.ports[0]->alive);
    loop.run();
    EXPECT_EQ(endpoints->sessions(), 0u);
  }
};

TEST_F(PortForward, CarriesSeveralConnectionsOverSpdy) {
  carry_two(false);
  EXPECT_EQ(seen.switched.status, 101);
  seen.byte_sink->on_closed();
  expect_end();
}

TEST_F(PortForward, CarriesSeveralConnectionsInATunnel) {
  carry_two(true);
  EXPECT_EQ(seen.protocol, "SPDY/3.1+portforward.k8s.io");
  seen.socket_sink->on_closed();
  expect_end();
}

TEST_F(PortForward, TellsAFailedConnectionOnItsErrorStream) {
  open(false);
  open_pair(1, "0");
  pods.ports.at(0)->sink->on_port_closed("connection refused");
  read_all();
  const Uid uid{1, 2};
  EXPECT_EQ(client.data[1],
            "error forwarding port 80 to pod web, uid " + uid.str() + ": connection refused");
}

TEST_F(PortForward, RefusesStreamsThatNameNoPortOrKind) {
  open(false);
  send(client.writer.syn_stream(1, 0, {{"streamtype", "error"}, {"port", "0"}}));
  send(client.writer.syn_stream(3, 0, {{"streamtype", "x"}, {"port", "80"}}));
  send(client.writer.syn_stream(5, 0, {}));
  read_all();
  EXPECT_EQ(client.reset.size(), 3u);
  EXPECT_TRUE(pods.ports.empty());
}

TEST_F(PortForward, EndsAfterGoawayOnceAllIsDone) {
  open(false);
  open_pair(1, "0");
  send(SpdyWriter::goaway(0, 0));
  EXPECT_FALSE(seen.bytes_finished);
  pods.ports.at(0)->sink->on_port_closed("");
  EXPECT_TRUE(seen.bytes_finished);
}

TEST_F(PortForward, EndsAConnectionThatSpeaksNoSpdy) {
  open(false);
  send(std::string("\x80\x02garbage!", 10));
  read_all();
  EXPECT_TRUE(client.goaway && seen.bytes_finished);
  loop.run();
  EXPECT_EQ(endpoints->sessions(), 0u);
}

TEST_F(PortForward, GivesEachPortTwoChannelsThatStartWithItsNumber) {
  endpoints->serve_port_forward(websocket("v4.channel.k8s.io"), pod_with({"c"}),
                                query("ports=80&ports=8080"));
  EXPECT_EQ(seen.messages, (std::vector<std::string>{
                               std::string("\0\x50\0", 3), std::string("\x01\x50\0", 3),
                               std::string("\x02\x90\x1f", 3), std::string("\x03\x90\x1f", 3)}));
  seen.socket_sink->on_message(std::string("\x02"
                                           "GET"),
                               false);
  EXPECT_EQ(pods.ports.at(1)->written, "GET");
  pods.ports[1]->sink->on_port_bytes("200");
  EXPECT_EQ(seen.messages.back(),
            "\x02"
            "200");
  pods.ports[1]->sink->on_port_closed("gone");
  EXPECT_EQ(seen.messages.back().substr(0, 1), "\x03");
  EXPECT_EQ(seen.close_code, 0);
  pods.ports[0]->sink->on_port_closed("");
  EXPECT_EQ(seen.close_code, 1000);
}

TEST_F(PortForward, WantsPortsForChannels) {
  endpoints->serve_port_forward(websocket("v4.channel.k8s.io"), pod_with({"c"}), query(""));
  EXPECT_EQ(seen.replies.at(0).status, 400);
  EXPECT_EQ(seen.replies[0].body, "query parameter \"port\" is required");
}

}  // namespace
}  // namespace orrery::apiserver
