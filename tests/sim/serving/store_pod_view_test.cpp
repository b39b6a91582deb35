#include "sim/serving/store_pod_view.h"

#include <set>

#include "tests/sim/serving/served_world.h"

namespace orrery::sim {
namespace {

using Outcome = WebAnswer::Outcome;

class StorePodViewTest : public testing::Test {
 protected:
  WebAnswer fetch(const std::string& host, int port) {
    return view_.fetch(pod(), {.host = host, .port = port, .path = "/x"});
  }
  const api::Pod& pod() { return *pods_.front(); }

  ServedWorld world_;
  StorePodView view_{world_.run().store(), world_.run().fleet()};
  std::vector<Ref<const api::Pod>> pods_ = world_.pods();
};

TEST_F(StorePodViewTest, ResolvesServicesByAllTheirNames) {
  const auto address = view_.resolve(pod(), "web");
  ASSERT_EQ(address.size(), 1u);
  for (const char* name : {"web.default", "web.default.svc", "web.default.svc.cluster.local",
                           "web.default.svc.cluster.local."}) {
    EXPECT_EQ(view_.resolve(pod(), name), address) << name;
  }
  for (const char* name : {"nope", "web.other", "a.b.c.d", ""}) {
    EXPECT_TRUE(view_.resolve(pod(), name).empty()) << name;
  }
  EXPECT_EQ(view_.resolve(pod(), "10.1.2.3"), std::vector<std::string>{"10.1.2.3"});
}

TEST_F(StorePodViewTest, ResolvesAHeadlessServiceToItsPods) {
  const auto found = view_.resolve(pod(), "peers");
  std::set<std::string> addresses;
  for (const auto& p : pods_) addresses.insert(p->status.pod_ip.str());
  EXPECT_EQ(std::set<std::string>(found.begin(), found.end()), addresses);
}

TEST_F(StorePodViewTest, EachReadyPodOfAServiceAnswersInTurn) {
  std::set<std::string> bodies;
  for (std::size_t i = 0; i < pods_.size(); ++i) {
    const WebAnswer answer = fetch("web", 80);
    ASSERT_EQ(answer.outcome, Outcome::kAnswered);
    EXPECT_EQ(answer.status, 200);
    bodies.insert(answer.body.substr(0, answer.body.find('\n')));
  }
  std::set<std::string> expected;
  for (const auto& p : pods_) expected.insert("pod: default/" + p->meta.name.str());
  EXPECT_EQ(bodies, expected);
}

TEST_F(StorePodViewTest, SaysWhyNobodyAnswers) {
  EXPECT_EQ(fetch("nope", 80).outcome, Outcome::kUnknownHost);
  EXPECT_EQ(fetch("nobody", 80).outcome, Outcome::kRefused);
  EXPECT_EQ(fetch("web", 81).outcome, Outcome::kTimedOut);
  EXPECT_EQ(fetch(pod().status.pod_ip.str(), 8081).outcome, Outcome::kRefused);
  EXPECT_EQ(fetch(pod().status.pod_ip.str(), 8080).outcome, Outcome::kAnswered);
  EXPECT_EQ(fetch("10.244.200.200", 80).outcome, Outcome::kTimedOut);
}

TEST_F(StorePodViewTest, ReadsConfigMapsAndSecretsDecoded) {
  const Symbol ns("default");
  EXPECT_EQ(view_.config_map(ns, "conf"), (NamedTexts{{"a", "1"}, {"b", "hi"}}));
  EXPECT_EQ(view_.secret(ns, "pass"), (NamedTexts{{"p", "hi"}}));
  EXPECT_EQ(view_.config_map(ns, "nope"), std::nullopt);
  EXPECT_EQ(view_.secret(Symbol("other"), "pass"), std::nullopt);
}

TEST_F(StorePodViewTest, GivesTheVariablesOfServicesThatHaveAnAddress) {
  NamedTexts all = view_.service_environment(pod());
  const std::string address = view_.resolve(pod(), "web").front();
  const std::map<std::string, std::string> found(all.begin(), all.end());
  EXPECT_EQ(found.at("WEB_SERVICE_HOST"), address);
  EXPECT_EQ(found.at("WEB_SERVICE_PORT_HTTP"), "80");
  EXPECT_EQ(found.at("WEB_PORT"), "tcp://" + address + ":80");
  EXPECT_EQ(found.at("WEB_PORT_80_TCP_ADDR"), address);
  EXPECT_FALSE(found.contains("PEERS_SERVICE_HOST"));
}

TEST_F(StorePodViewTest, AContainerThatIsEndedRestarts) {
  EXPECT_EQ(view_.node_of(pod()).cpus, 4);
  view_.end_container(pod(), Symbol("web"), 7);
  EventLoop& loop = world_.run().env().loop;
  loop.run(loop.now() + 1min);
  const auto after = view_.find_pod(pod().meta.namespace_, pod().meta.name.view());
  ASSERT_TRUE(after);
  const api::ContainerStatus& status = after->status.container_statuses[0];
  EXPECT_EQ(status.restart_count, 1);
  EXPECT_EQ(status.last_state->exit_code, 7);
}

}  // namespace
}  // namespace orrery::sim
