// What extenders do to whole scheduling cycles: they are asked after the plugins, their scores add
// up, what they turn down is told in the pod's condition and tried again, and they may bind.
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "tests/core/scheduler/api_world.h"
#include "tests/core/scheduler/fake_http_caller.h"

namespace orrery::scheduler::test {
namespace {

using nlohmann::json;

/// The scheduler is configured before there is a world to make the fake in.
struct LateHttp final : HttpCaller {
  FakeHttpCaller* fake = nullptr;
  void post(HttpPost post, Callback<void(Result<HttpAnswer>)> done) override {
    fake->post(std::move(post), std::move(done));
  }
  Result<HttpAnswer> post_and_wait(const HttpPost& post) override {
    return fake->post_and_wait(post);
  }
};

struct ExtendedWorld {
  explicit ExtendedWorld(ExtenderConfig extender) {
    extender.url_prefix = "http://ext";
    extender.node_cache_capable = true;
    SchedulerConfig config;
    config.extenders = {std::move(extender)};
    config.http = &late;
    world = std::make_unique<ApiWorld>(std::move(config));
    fake = std::make_unique<FakeHttpCaller>(world->env);
    late.fake = fake.get();
    for (const char* name : {"a", "b", "c"}) world->add_node(name, "4");
  }
  std::string place(const std::string& name) {
    world->add_pod({name});
    world->run_for(2s);
    return world->node_of(name);
  }
  bool was_asked(const std::string& url) const {
    return std::any_of(fake->asked.begin(), fake->asked.end(),
                       [&](const HttpPost& post) { return post.url == url; });
  }

  LateHttp late;
  std::unique_ptr<ApiWorld> world;
  std::unique_ptr<FakeHttpCaller> fake;
};

TEST(ExtenderCycle, TakesANodeThatTheExtenderLeaves) {
  ExtenderConfig extender;
  extender.filter_verb = "filter";
  ExtendedWorld w(extender);
  w.fake->answers["http://ext/filter"] = [](const json& args) {
    EXPECT_EQ(args["NodeNames"].size(), 3u);
    return json{{"NodeNames", {"b"}}};
  };
  for (const char* name : {"p1", "p2", "p3"}) EXPECT_EQ(w.place(name), "b");
}

TEST(ExtenderCycle, AddsItsScoresToThoseOfThePlugins) {
  ExtenderConfig extender;
  extender.prioritize_verb = "prioritize";
  extender.weight = 50;
  ExtendedWorld w(extender);
  w.fake->answers["http://ext/prioritize"] = [](const json&) {
    return json::array({{{"Host", "c"}, {"Score", 10}}, {{"Host", "a"}, {"Score", 1}}});
  };
  for (const char* name : {"p1", "p2", "p3"}) EXPECT_EQ(w.place(name), "c");
}

TEST(ExtenderCycle, TellsWhatItTurnedDownAndTriesAgainAfterAnyEvent) {
  ExtenderConfig extender;
  extender.filter_verb = "filter";
  ExtendedWorld w(extender);
  bool refuses = true;
  w.fake->answers["http://ext/filter"] = [&](const json& args) {
    if (!refuses) return json{{"NodeNames", args["NodeNames"]}};
    return json{{"NodeNames", json::array()},
                {"FailedNodes", {{"a", "no licence"}, {"b", "no licence"}, {"c", "no licence"}}}};
  };
  EXPECT_EQ(w.place("web"), "");
  EXPECT_NE(w.world->condition("web", "PodScheduled").find("3 no licence"), std::string::npos)
      << w.world->condition("web", "PodScheduled");
  refuses = false;
  w.world->add_node("d", "4");
  w.world->run_for(2s);
  EXPECT_NE(w.world->node_of("web"), "");
}

TEST(ExtenderCycle, LetsTheExtenderBind) {
  ExtenderConfig extender;
  extender.bind_verb = "bind";
  ExtendedWorld w(extender);
  json bound;
  w.fake->answers["http://ext/bind"] = [&](const json& args) {
    bound = args;
    return json::object();
  };
  w.place("web");
  EXPECT_TRUE(w.was_asked("http://ext/bind"));
  EXPECT_EQ(bound["PodName"], "web");
  const auto& calls = w.world->own.calls;
  EXPECT_EQ(std::count(calls.begin(), calls.end(), "bind web"), 0);
}

TEST(ExtenderCycle, AFailingExtenderThatIsNotIgnorableIsASchedulingError) {
  ExtenderConfig extender;
  extender.filter_verb = "filter";
  ExtendedWorld w(extender);  // nobody answers
  EXPECT_EQ(w.place("web"), "");
  EXPECT_TRUE(w.world->condition("web", "PodScheduled").starts_with("SchedulerError"))
      << w.world->condition("web", "PodScheduled");
}

}  // namespace
}  // namespace orrery::scheduler::test
