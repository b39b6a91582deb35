#include "core/scheduler/extender.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sim/clock/sim_driver.h"
#include "tests/core/scheduler/builders.h"
#include "tests/core/scheduler/fake_http_caller.h"

namespace orrery::scheduler::test {
namespace {

using nlohmann::json;

/// Three nodes a, b, c; two low pods on a, one on b; a fake HTTP world.
struct ExtenderWorld : Completer {
  sim::SimDriver driver{Time{std::chrono::seconds(1'767'225'600)}};
  EventLoop loop{driver};
  Random random{1};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  SchedulerCache cache;
  FakeHttpCaller http{env};
  Ref<api::Pod> pod = make_pod("web", {{"cpu", "1"}, {"example.com/foo", "1"}});
  std::vector<NodeSlot> feasible;
  Diagnosis diagnosis;
  std::vector<NodeSlot> removable;
  std::vector<std::pair<Verdict, std::string>> completed;

  ExtenderWorld() {
    for (const char* name : {"a", "b", "c"}) {
      cache.add_node(make_node(name));
      feasible.push_back(slot(name));
    }
    for (const auto& [name, node] : {std::pair{"low1", "a"}, {"low2", "a"}, {"low3", "b"}}) {
      cache.add_pod(on_node(make_pod(name, {{"cpu", "1"}}), node));
    }
  }
  NodeSlot slot(const char* name) const { return cache.find_node(Symbol(name)); }
  std::uint32_t number(const char* pod_name) const {
    return cache.pods().find(Uid::parse(std::string("pod-") + pod_name));
  }
  std::string names() const {
    std::string out;
    for (const NodeSlot s : feasible) out += cache.node(s).name().str();
    return out;
  }
  Status filter(ExtenderChain& chain) {
    return chain.filter(*pod, feasible, diagnosis, &removable);
  }
  void complete(std::uint64_t, Verdict verdict, std::string message) override {
    completed.emplace_back(std::move(verdict), std::move(message));
  }
};

ExtenderConfig filtering(const std::string& url, bool by_name) {
  ExtenderConfig config;
  config.url_prefix = url;
  config.filter_verb = "filter";
  config.node_cache_capable = by_name;
  return config;
}

TEST(Extender, FiltersByNamesAndTellsWhy) {
  ExtenderWorld w;
  w.http.answers["http://x/filter"] = [](const json& args) {
    EXPECT_EQ(args["NodeNames"], json({"a", "b", "c"}));
    EXPECT_TRUE(args["Nodes"].is_null());
    EXPECT_EQ(args["Pod"]["metadata"]["name"], "web");
    EXPECT_FALSE(args["Pod"].contains("kind"));
    return json{{"NodeNames", {"c"}},
                {"FailedNodes", {{"a", "too small"}, {"b", "too small"}, {"z", "unknown"}}},
                {"FailedAndUnresolvableNodes", {{"b", "no way"}}}};
  };
  ExtenderChain chain(w.env, w.http, w.cache, {filtering("http://x/", true)});
  ASSERT_TRUE(w.filter(chain).ok());
  EXPECT_EQ(w.names(), "c");
  EXPECT_EQ(w.removable, std::vector<NodeSlot>{w.slot("a")}) << "b is not worth a preemption";
  ASSERT_EQ(w.diagnosis.rejections.size(), 2u);
  EXPECT_EQ(w.diagnosis.rejections[0].verdict.code, Code::kUnschedulableAndUnresolvable);
  EXPECT_EQ(w.diagnosis.rejections[1].verdict.code, Code::kUnschedulable);
  w.diagnosis.nodes_total = 3;
  EXPECT_EQ(fit_error_text(w.diagnosis), "0/3 nodes are available: 1 no way, 1 too small.");
}

TEST(Extender, FiltersByWholeNodesAndReadsNamesInAnyCase) {
  ExtenderWorld w;
  w.http.answers["http://x/filter"] = [](const json& args) {
    EXPECT_TRUE(args["NodeNames"].is_null());
    EXPECT_EQ(args["Nodes"]["items"].size(), 3u);
    EXPECT_EQ(args["Nodes"]["items"][0]["status"]["allocatable"]["cpu"], "4");
    return json{{"nodes", {{"items", {args["Nodes"]["items"][2], args["Nodes"]["items"][0]}}}}};
  };
  ExtenderChain chain(w.env, w.http, w.cache, {filtering("http://x", false)});
  ASSERT_TRUE(w.filter(chain).ok());
  EXPECT_EQ(w.names(), "ca") << "in the order of the answer";
  EXPECT_TRUE(w.diagnosis.rejections.empty());
}

TEST(Extender, AFailureStopsThePodUnlessTheExtenderIsIgnorable) {
  ExtenderWorld w;
  ExtenderConfig broken = filtering("http://x", true);
  const auto error_of = [&](const ExtenderConfig& config) {
    ExtenderChain chain(w.env, w.http, w.cache, {config});
    return w.filter(chain).message();
  };
  EXPECT_EQ(error_of(broken), "Post \"http://x/filter\": connection refused");
  w.http.answers["http://x/filter"] = [](const json&) { return json{{"Error", "out of luck"}}; };
  EXPECT_EQ(error_of(broken), "out of luck");
  w.http.codes["http://x/filter"] = 500;
  EXPECT_EQ(error_of(broken), "failed filter with extender at URL http://x/filter, code 500");
  w.http.codes.clear();
  w.http.answers["http://x/filter"] = [](const json&) { return json{{"NodeNames", {"q"}}}; };
  EXPECT_EQ(error_of(broken),
            "extender \"http://x\" claims a filtered node \"q\" which is not found in the input "
            "node list");
  w.http.answers["http://x/filter"] = [](const json&) { return json::array(); };
  EXPECT_EQ(error_of(broken), "the answer is a JSON array, not object");
  broken.ignorable = true;
  EXPECT_EQ(error_of(broken), "");
  EXPECT_EQ(w.names(), "abc");
}

TEST(Extender, ChainsFiltersAndStopsWhenNoNodeIsLeft) {
  ExtenderWorld w;
  w.http.answers["http://x/filter"] = [](const json&) { return json{{"NodeNames", {"a", "b"}}}; };
  w.http.answers["http://y/filter"] = [](const json& args) {
    EXPECT_EQ(args["NodeNames"], json({"a", "b"}));
    return json::object();
  };
  ExtenderChain chain(w.env, w.http, w.cache,
                      {filtering("http://x", true), filtering("http://y", true),
                       filtering("http://z", true)});
  ASSERT_TRUE(w.filter(chain).ok());
  EXPECT_EQ(w.names(), "");
  EXPECT_EQ(w.http.asked.size(), 2u);
}

TEST(Extender, SeesOnlyPodsThatAskForItsResources) {
  ExtenderWorld w;
  ExtenderConfig config = filtering("http://x", true);
  config.managed_resources = {{Symbol("example.com/bar"), false}};
  ExtenderChain bar(w.env, w.http, w.cache, {config});
  EXPECT_FALSE(bar.is_interested(*w.pod));
  EXPECT_TRUE(w.filter(bar).ok()) << "not called";
  config.managed_resources = {{Symbol("example.com/foo"), false}};
  ExtenderChain foo(w.env, w.http, w.cache, {config});
  EXPECT_TRUE(foo.is_interested(*w.pod));
  EXPECT_FALSE(w.filter(foo).ok()) << "called, and refused";
  EXPECT_TRUE(foo.filters());
}

TEST(Extender, AddsItsScoresTimesWeightTimesTen) {
  ExtenderWorld w;
  ExtenderConfig one, two, broken;
  one.url_prefix = "http://x";
  one.prioritize_verb = "prioritize";
  one.weight = 3;
  one.node_cache_capable = true;
  two = one;
  two.url_prefix = "http://y";
  two.weight = 1;
  broken = one;
  broken.url_prefix = "http://z";
  w.http.answers["http://x/prioritize"] = [](const json&) {
    return json{{{"Host", "a"}, {"Score", 5}}, {{"Host", "c"}, {"Score", 1}}};
  };
  w.http.answers["http://y/prioritize"] = [](const json&) {
    return json{{{"host", "c"}, {"score", 10}}, {{"host", "q"}, {"score", 10}}};
  };
  ExtenderChain chain(w.env, w.http, w.cache, {one, broken, two});
  std::vector<std::int64_t> totals{100, 200, 300};
  chain.prioritize(*w.pod, w.feasible, totals);
  EXPECT_EQ(totals, (std::vector<std::int64_t>{100 + 5 * 3 * 10, 200, 300 + (3 + 10) * 10}));
  EXPECT_FALSE(chain.filters());
}

Candidate candidate(const ExtenderWorld& w, const char* node, std::vector<const char*> victims) {
  Candidate out;
  out.node = w.slot(node);
  for (const char* victim : victims) out.victims.push_back(w.number(victim));
  out.pdb_violations = 1;
  return out;
}

TEST(Extender, DropsCandidatesAndVictimsAtPreemption) {
  for (const bool by_uid : {true, false}) {
    ExtenderWorld w;
    ExtenderConfig config;
    config.url_prefix = "http://x";
    config.preempt_verb = "preempt";
    config.node_cache_capable = by_uid;
    w.http.answers["http://x/preempt"] = [&](const json& args) {
      EXPECT_TRUE(args[by_uid ? "NodeNameToVictims" : "NodeNameToMetaVictims"].is_null());
      const json& nodes = args[by_uid ? "NodeNameToMetaVictims" : "NodeNameToVictims"];
      EXPECT_EQ(nodes.size(), 2u);
      EXPECT_EQ(nodes["a"]["Pods"].size(), 2u);
      EXPECT_EQ(nodes["a"]["NumPDBViolations"], 1);
      const json& victim = nodes["a"]["Pods"][0];
      EXPECT_EQ(by_uid ? victim["UID"] : victim["metadata"]["uid"], "pod-low1");
      return json{{"NodeNameToMetaVictims",
                   {{"a", {{"Pods", {{{"UID", "pod-low2"}}}}, {"NumPDBViolations", 0}}}}}};
    };
    ExtenderChain chain(w.env, w.http, w.cache, {config});
    std::vector<Candidate> candidates{candidate(w, "b", {"low3"}),
                                      candidate(w, "a", {"low1", "low2"})};
    ASSERT_TRUE(chain.preempt(*w.pod, candidates).ok());
    ASSERT_EQ(candidates.size(), 1u);
    EXPECT_EQ(candidates[0].node, w.slot("a"));
    EXPECT_EQ(candidates[0].victims, std::vector<std::uint32_t>{w.number("low2")});
    EXPECT_EQ(candidates[0].pdb_violations, 0);
    EXPECT_EQ(candidates[0].priority_sum, std::int64_t{1} << 31);
  }
}

TEST(Extender, RefusesVictimsThatAreNotOnTheNode) {
  ExtenderWorld w;
  ExtenderConfig config;
  config.url_prefix = "http://x";
  config.preempt_verb = "preempt";
  const auto error_of = [&](const json& pods) {
    w.http.answers["http://x/preempt"] = [&pods](const json&) {
      return json{{"NodeNameToMetaVictims", {{"a", {{"Pods", pods}}}}}};
    };
    ExtenderChain chain(w.env, w.http, w.cache, {config});
    std::vector<Candidate> candidates{candidate(w, "a", {"low1"})};
    const std::string message = chain.preempt(*w.pod, candidates).message();
    return message + " " + std::to_string(candidates.size());
  };
  EXPECT_EQ(error_of(json::array({{{"UID", "pod-low3"}}})),
            "extender: http://x claims to preempt pod (UID: pod-low3) on node: a, but the pod is "
            "not found on that node 1");
  EXPECT_EQ(error_of(json::array()), "expected at least one victim pod on node \"a\" 1");
  config.ignorable = true;
  EXPECT_EQ(error_of(json::array()), " 0") << "the node is dropped";
}

TEST(Extender, BindsLaterAndSaysWhatWentWrong) {
  ExtenderWorld w;
  ExtenderConfig config;
  config.url_prefix = "http://x";
  config.bind_verb = "bind";
  w.http.answers["http://x/bind"] = [](const json& args) {
    EXPECT_EQ(args, (json{{"PodName", "web"},
                          {"PodNamespace", "default"},
                          {"PodUID", "pod-web"},
                          {"Node", "b"}}));
    return json::object();
  };
  ExtenderChain chain(w.env, w.http, w.cache, {config});
  ASSERT_TRUE(chain.bind(w.pod, Symbol("b"), {&w, 1}));
  EXPECT_TRUE(w.completed.empty());
  w.loop.run();
  ASSERT_EQ(w.completed.size(), 1u);
  EXPECT_TRUE(w.completed[0].first.ok());
  w.http.answers["http://x/bind"] = [](const json&) { return json{{"Error", "no"}}; };
  ASSERT_TRUE(chain.bind(w.pod, Symbol("b"), {&w, 1}));
  w.loop.run();
  ASSERT_EQ(w.completed.size(), 2u);
  EXPECT_EQ(w.completed[1].first.code, Code::kError);
  EXPECT_EQ(w.completed[1].second, "no");
}

TEST(Extender, AnIgnorableBinderThatFailsLeavesThePodToThePlugins) {
  ExtenderWorld w;
  ExtenderConfig config;
  config.url_prefix = "http://x";
  config.bind_verb = "bind";
  config.ignorable = true;
  ExtenderChain chain(w.env, w.http, w.cache, {config});
  EXPECT_FALSE(chain.bind(w.pod, Symbol("b"), {&w, 1}));
  w.http.answers["http://x/bind"] = [](const json&) { return json::object(); };
  EXPECT_TRUE(chain.bind(w.pod, Symbol("b"), {&w, 1}));
  w.loop.run();
  EXPECT_EQ(w.completed.size(), 1u);
}

TEST(Extender, ChecksNoCertificateOverHttpsWithoutAnAuthority) {
  ExtenderWorld w;
  ExtenderConfig config = filtering("https://x", true);
  config.enable_https = true;
  config.http_timeout = 200ms;
  ExtenderChain plain(w.env, w.http, w.cache, {config});
  EXPECT_FALSE(w.filter(plain).ok());
  config.tls = HttpTls{};
  config.tls->ca_file = "ca.pem";
  ExtenderChain checked(w.env, w.http, w.cache, {config});
  EXPECT_FALSE(w.filter(checked).ok());
  ASSERT_EQ(w.http.asked.size(), 2u);
  EXPECT_TRUE(w.http.asked[0].tls->insecure);
  EXPECT_FALSE(w.http.asked[1].tls->insecure);
  EXPECT_EQ(w.http.asked[1].timeout, 200ms);
}

}  // namespace
}  // namespace orrery::scheduler::test
