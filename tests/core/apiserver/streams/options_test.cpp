#include <gtest/gtest.h>

#include "core/apiserver/streams/container_choice.h"
#include "core/apiserver/streams/stream_options.h"
#include "tests/core/apiserver/streams/stream_world.h"

namespace orrery::apiserver {
namespace {

std::string log_error(std::string_view query) {
  return read_log_query(StreamWorld::query(query), "p").status().message();
}

TEST(QueryValues, DecodesEscapesAndKeepsRepeatedNames) {
  const QueryValues q = StreamWorld::query("command=ls&command=%2Ftmp+x&stdin=true&tty=false&e");
  EXPECT_EQ(q.all("command"), (std::vector<std::string>{"ls", "/tmp x"}));
  EXPECT_TRUE(q.flag("stdin"));
  EXPECT_FALSE(q.flag("tty"));
  EXPECT_TRUE(q.flag("e"));
  EXPECT_FALSE(q.flag("absent"));
  EXPECT_FALSE(QueryValues::parse("a=%2").ok());
  EXPECT_FALSE(QueryValues::parse("a=%zz").ok());
}

TEST(LogQuery, TellsWhatIsWrongAsUpstreamDoes) {
  EXPECT_EQ(log_error("tailLines=-1"),
            "PodLogOptions \"p\" is invalid: tailLines: Invalid value: -1: must be greater than or "
            "equal to 0");
  EXPECT_EQ(log_error("limitBytes=0"),
            "PodLogOptions \"p\" is invalid: limitBytes: Invalid value: 0: must be greater than 0");
  EXPECT_EQ(log_error("sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z"),
            "PodLogOptions \"p\" is invalid: : Forbidden: at most one of `sinceTime` or "
            "`sinceSeconds` may be specified");
  EXPECT_EQ(
      log_error("tailLines=-1&sinceSeconds=0"),
      "PodLogOptions \"p\" is invalid: [tailLines: Invalid value: -1: must be greater than or "
      "equal to 0, sinceSeconds: Invalid value: 0: must be greater than 0]");
  EXPECT_EQ(log_error("tailLines=x"), "strconv.ParseInt: parsing \"x\": invalid syntax");
  EXPECT_EQ(log_error("follow=true&tailLines=0&limitBytes=1&sinceSeconds=1"), "");
}

TEST(PortQuery, TakesRepeatedPortsAndLists) {
  EXPECT_EQ(*read_ports(StreamWorld::query("ports=80,443&ports=8080")),
            (std::vector<int>{80, 443, 8080}));
  for (const char* bad : {"", "ports=", "ports=0", "ports=65536", "ports=a", "ports=80,"}) {
    EXPECT_FALSE(read_ports(StreamWorld::query(bad)).ok()) << bad;
  }
}

TEST(ContainerChoice, AsksForANameWhereThereAreSeveral) {
  api::Pod pod = pod_with({"a", "b"});
  EXPECT_EQ(choose_container(pod, "").status().message(),
            "a container name must be specified for pod web, choose one of: [a b]");
  api::Container init;
  init.name = Symbol("setup");
  pod.spec.edit().init_containers.edit().push_back(init);
  EXPECT_EQ(
      choose_container(pod, "").status().message(),
      "a container name must be specified for pod web, choose one of: [a b] or one of the init "
      "containers: [setup]");
  EXPECT_EQ(choose_container(pod, "x").status().message(), "container x is not valid for pod web");
  EXPECT_EQ(choose_container(pod, "setup")->view(), "setup");
  EXPECT_EQ(choose_container(pod_with({"only"}), "")->view(), "only");
}

TEST(LogReadiness, SaysWhyThereIsNoLogYet) {
  const Symbol c("c");
  api::Pod pod = pod_with({"c"});
  EXPECT_TRUE(check_log_ready(pod, c, false).ok());
  EXPECT_EQ(check_log_ready(pod, c, true).message(),
            "previous terminated container \"c\" in pod \"web\" not found");
  auto& status = pod.status.container_statuses.edit()[0];
  status.state = {};
  status.state.kind = api::ContainerState::Kind::kWaiting;
  const std::pair<const char*, const char*> cases[] = {
      {"ContainerCreating", "ContainerCreating"},
      {"ErrImagePull", "image can't be pulled"},
      {"ImagePullBackOff", "trying and failing to pull image"}};
  for (const auto& [reason, text] : cases) {
    status.state.reason = Symbol(reason);
    EXPECT_EQ(check_log_ready(pod, c, false).message(),
              std::string("container \"c\" in pod \"web\" is waiting to start: ") + text);
  }
  api::ContainerState last;
  last.kind = api::ContainerState::Kind::kTerminated;
  last.container_id = "sim://0";
  status.last_state = last;
  EXPECT_TRUE(check_log_ready(pod, c, false).ok());
  EXPECT_TRUE(check_log_ready(pod, c, true).ok());
  EXPECT_EQ(check_running(pod, c).message(), "container not found (\"c\")");
}

}  // namespace
}  // namespace orrery::apiserver
