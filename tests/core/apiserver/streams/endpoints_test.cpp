#include <gtest/gtest.h>

#include "core/apiserver/streams/status_text.h"
#include "tests/core/apiserver/streams/stream_world.h"

namespace orrery::apiserver {
namespace {

constexpr std::string_view kExecQuery =
    "command=ls&command=%2F&container=c&stdin=true&stdout=true&stderr=true";
const std::string kSuccess = R"({"metadata":{},"status":"Success"})";

struct ExecCase : testing::Test, StreamWorld {
  FakeProcess& open(std::unique_ptr<HttpExchange> exchange,
                    std::string_view query_text = kExecQuery) {
    endpoints->serve_exec(std::move(exchange), pod_with({"c"}), query(query_text));
    return *pods.processes.at(0);
  }
  void message(std::string_view bytes) { seen.socket_sink->on_message(bytes, false); }
};

TEST_F(ExecCase, CarriesStreamsAndTheExitCodeOverVersionFive) {
  FakeProcess& p = open(websocket("v5.channel.k8s.io, v4.channel.k8s.io"));
  EXPECT_EQ(seen.protocol, "v5.channel.k8s.io");
  EXPECT_EQ(p.command, (std::vector<std::string>{"ls", "/"}));
  message(std::string("\0in", 3));
  message(std::string("\xff\0", 2));
  EXPECT_EQ(p.stdin_, "in");
  EXPECT_TRUE(p.stdin_closed);
  p.sink->on_stdout("out");
  p.sink->on_stderr("err");
  p.sink->on_exit({3, ""});
  EXPECT_EQ(seen.messages,
            (std::vector<std::string>{
                "\x01", "\x01out",
                "\x02"
                "err",
                "\x03{\"metadata\":{},\"status\":\"Failure\",\"message\":\"command terminated with "
                "non-zero exit code: exit status 3\",\"reason\":\"NonZeroExitCode\",\"details\":"
                "{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"3\"}]}}"}));
  EXPECT_EQ(seen.close_code, 1000);
  EXPECT_EQ(endpoints->sessions(), 1u);
  loop.run();
  EXPECT_EQ(endpoints->sessions(), 0u);
  EXPECT_FALSE(seen.socket_alive);
}

TEST_F(ExecCase, SaysNothingOfSuccessInVersionOne) {
  FakeProcess& p = open(websocket(""));
  p.sink->on_exit({});
  EXPECT_EQ(seen.messages, std::vector<std::string>{"\x01"});
}

TEST_F(ExecCase, TellsTheRuntimesErrorAsAnInternalError) {
  EXPECT_EQ(
      exit_status_json({0, "no such file"}),
      R"({"metadata":{},"status":"Failure","message":"Internal error occurred: error executing )"
      R"(command in container: no such file","reason":"InternalError","details":{"causes":[)"
      R"({"message":"error executing command in container: no such file"}]},"code":500})");
  EXPECT_EQ(exit_status_json({}), kSuccess);
}

TEST_F(ExecCase, ResizesATerminalAndHasNoStderrThere) {
  FakeProcess& p = open(websocket("v4.channel.k8s.io"),
                        "command=sh&container=c&stdin=1&stdout=1&stderr=1&tty=1");
  EXPECT_FALSE(p.streams.stderr_);
  message("\x04{\"Width\":132,\"Height\":40}");
  EXPECT_EQ(p.width, 132);
}

TEST_F(ExecCase, EndsTheProcessWhenTheClientGoes) {
  FakeProcess& p = open(websocket("v4.channel.k8s.io"));
  EXPECT_TRUE(p.alive);
  seen.socket_sink->on_closed();
  EXPECT_FALSE(p.alive);
  loop.run();
  EXPECT_EQ(endpoints->sessions(), 0u);
}

TEST_F(ExecCase, EndsTheProcessWithTheServer) {
  FakeProcess& p = open(websocket("v4.channel.k8s.io"));
  seen.socket_sink->on_closed();  // leaves a task behind
  endpoints.reset();
  EXPECT_FALSE(p.alive);
  loop.run();
}

TEST_F(ExecCase, RefusesWithUpstreamsTexts) {
  struct Case {
    std::unique_ptr<HttpExchange> exchange;
    std::string query;
    int code;
    std::string part;
  };
  std::vector<Case> cases;
  cases.push_back({plain(), std::string(kExecQuery), 400, "Upgrade request required"});
  cases.push_back({websocket("v4.channel.k8s.io"), "command=ls", 400,
                   "you must specify at least 1 of stdin, stdout, stderr"});
  cases.push_back({websocket("v4.channel.k8s.io"), "container=x&stdout=1", 400,
                   "container x is not valid for pod web"});
  cases.push_back({websocket("unknown"), "stdout=1", 403, "protocol(s) are not supported"});
  cases.push_back({spdy({}), "stdout=1", 400, "X-Stream-Protocol-Version is required"});
  cases.push_back({spdy({"v9"}), "stdout=1", 403,
                   "unable to upgrade: unable to negotiate protocol: client supports [v9], server "
                   "accepts [v5.channel.k8s.io"});
  for (Case& c : cases) {
    seen.replies.clear();
    endpoints->serve_exec(std::move(c.exchange), pod_with({"c"}), query(c.query));
    ASSERT_EQ(seen.replies.size(), 1u) << c.part;
    EXPECT_EQ(seen.replies[0].status, c.code) << c.part;
    EXPECT_NE(seen.replies[0].body.find(c.part), std::string::npos) << seen.replies[0].body;
  }
  EXPECT_TRUE(pods.processes.empty());
}

TEST_F(ExecCase, NeedsAHostAndARunningContainer) {
  api::Pod pod = pod_with({"c"});
  pod.status.container_statuses = {};
  endpoints->serve_exec(websocket("v4.channel.k8s.io"), pod, query("stdout=1"));
  EXPECT_EQ(seen.replies.at(0).status, 500);
  EXPECT_EQ(seen.replies[0].body, "container not found (\"c\")");
  pod.node_name = Symbol();
  endpoints->serve_exec(websocket("v4.channel.k8s.io"), pod, query("stdout=1"));
  EXPECT_NE(seen.replies.at(1).body.find("pod web does not have a host assigned"),
            std::string::npos);
}

TEST_F(ExecCase, WorksOverSpdyStreams) {
  endpoints->serve_exec(spdy({"v5.channel.k8s.io", "v4.channel.k8s.io"}), pod_with({"c"}),
                        query("command=cat&stdin=1&stdout=1"));
  EXPECT_EQ(seen.switched.status, 101);
  SpdyClient client;
  const auto send = [&](const std::string& bytes) { seen.byte_sink->on_bytes(bytes); };
  send(client.writer.syn_stream(1, 0, {{"streamtype", "error"}}));
  send(client.writer.syn_stream(3, 0, {{"streamtype", "stdin"}}));
  send(client.writer.data(3, "early ", false));
  EXPECT_TRUE(pods.processes.empty());
  send(client.writer.syn_stream(5, 0, {{"streamtype", "stdout"}}));
  send(client.writer.syn_stream(7, 0, {{"streamtype", "stderr"}}));  // was not asked for
  FakeProcess& p = *pods.processes.at(0);
  send(client.writer.data(3, "late", true));
  EXPECT_EQ(p.stdin_, "early late");
  EXPECT_TRUE(p.stdin_closed);
  p.sink->on_stdout("result");
  p.sink->on_exit({});
  ASSERT_TRUE(client.reader.feed(seen.bytes).ok());
  EXPECT_EQ(client.replied, (std::vector<std::uint32_t>{1, 3, 5}));
  EXPECT_EQ(client.reset, std::vector<std::uint32_t>{7});
  EXPECT_EQ(client.data[5], "result");
  EXPECT_EQ(client.data[1], kSuccess);
  EXPECT_TRUE(client.ended[1] && client.ended[5] && client.goaway);
  EXPECT_TRUE(seen.bytes_finished);
}

TEST_F(ExecCase, GivesUpOnASpdyClientThatOpensNoStreams) {
  endpoints->serve_exec(spdy({"v4.channel.k8s.io"}), pod_with({"c"}), query("stdout=1"));
  loop.run();
  EXPECT_GE(loop.now(), Time(1030s));
  EXPECT_TRUE(seen.bytes_finished);
  EXPECT_EQ(endpoints->sessions(), 0u);
}

struct LogCase : testing::Test, StreamWorld {};

TEST_F(LogCase, StreamsTextAndStopsAtItsLimit) {
  endpoints->serve_log(plain(), pod_with({"c"}), query("limitBytes=5&timestamps=true"));
  EXPECT_TRUE(pods.log_options.timestamps);
  pods.log_sink->on_log("abc");
  pods.log_sink->on_log("defg");
  EXPECT_EQ(seen.body, "abcde");
  EXPECT_TRUE(seen.body_finished);
  loop.run();
  EXPECT_FALSE(pods.log_alive);
}

TEST_F(LogCase, EndsTheSourceWhenAFollowerGoes) {
  endpoints->serve_log(plain(), pod_with({"c"}), query("follow=true"));
  EXPECT_EQ(seen.begun.headers.at(0).value, "text/plain");
  EXPECT_TRUE(pods.log_alive);
  seen.body_closed();
  loop.run();
  EXPECT_FALSE(pods.log_alive);
}

TEST_F(LogCase, AnswersAnEmptyLogAnErrorAndAPodWithoutANode) {
  endpoints->serve_log(plain(), pod_with({"c"}), query(""));
  pods.log_sink->on_log_end({});
  EXPECT_EQ(seen.replies.at(0).status, 200);
  endpoints->serve_log(plain(), pod_with({"c"}), query(""));
  pods.log_sink->on_log_end(bad_request("broken"));
  EXPECT_EQ(seen.replies.at(1).status, 400);
  api::Pod pod = pod_with({"c"});
  pod.node_name = Symbol();
  endpoints->serve_log(plain(), pod, query(""));
  EXPECT_EQ(seen.replies.at(2).status, 204);
  endpoints->serve_log(plain(), pod, query("tailLines=-1"));
  EXPECT_EQ(seen.replies.at(3).status, 422);
}

}  // namespace
}  // namespace orrery::apiserver
