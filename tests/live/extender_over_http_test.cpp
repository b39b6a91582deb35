#include <gtest/gtest.h>

#include "core/scheduler/extender.h"
#include "live/live_http_caller.h"
#include "tests/core/scheduler/builders.h"
#include "tests/live/loopback_server.h"

namespace orrery::test {
namespace {

using scheduler::test::make_node;
using scheduler::test::make_pod;

void answer(const LoopbackServer::Request& request, LoopbackServer::Response& response) {
  if (request.target() == "/ext/filter") {
    response.body() = R"({"NodeNames": ["b", "c"], "FailedNodes": {"a": "full"}})";
  } else if (request.target() == "/ext/prioritize") {
    response.body() = R"([{"Host": "c", "Score": 4}])";
  } else {
    response.result(404);
  }
}

TEST(ExtenderOverHttp, FiltersAndPrioritizes) {
  LoopbackServer server(answer);
  LiveDriver driver;
  EventLoop loop(driver);
  Random random(1);
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  LiveHttpCaller http(driver);
  scheduler::SchedulerCache cache;
  std::vector<scheduler::NodeSlot> feasible;
  for (const char* name : {"a", "b", "c"}) {
    cache.add_node(make_node(name));
    feasible.push_back(cache.find_node(Symbol(name)));
  }
  const scheduler::NodeSlot b = feasible[1], c = feasible[2];
  scheduler::ExtenderConfig config;
  config.url_prefix = "http://" + server.authority() + "/ext/";
  config.filter_verb = "filter";
  config.prioritize_verb = "prioritize";
  config.preempt_verb = "absent";
  config.weight = 2;
  config.node_cache_capable = true;
  scheduler::ExtenderChain chain(env, http, cache, {config});
  const auto pod = make_pod("web", {{"cpu", "1"}});

  scheduler::Diagnosis diagnosis;
  const Status filtered = chain.filter(*pod, feasible, diagnosis);
  ASSERT_TRUE(filtered.ok()) << filtered.message();
  EXPECT_EQ(feasible, (std::vector<scheduler::NodeSlot>{b, c}));
  std::vector<std::int64_t> totals{7, 7};
  chain.prioritize(*pod, feasible, totals);
  EXPECT_EQ(totals, (std::vector<std::int64_t>{7, 7 + 4 * 2 * 10}));
  std::vector<scheduler::Candidate> candidates(1);
  candidates[0].node = b;
  EXPECT_EQ(chain.preempt(*pod, candidates).message(),
            "failed absent with extender at URL http://" + server.authority() +
                "/ext/absent, code 404");
}

}  // namespace
}  // namespace orrery::test
