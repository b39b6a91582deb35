// ResourceQuota admission: what is charged, what is refused, and in which words.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/core/apiserver/world.h"

namespace orrery {
namespace {

using test::json;
using test::World;

// Here the test writes the status that the controller would.
struct QuotaWorld : World {
  using World::World;

  void quota(const std::string& name, const json& hard, json used = json::object(),
             json spec = json::object()) {
    spec["hard"] = hard;
    for (const auto& [resource, amount] : hard.items()) {
      if (!used.contains(resource)) used[resource] = "0";
    }
    const json document = {{"apiVersion", "v1"},
                           {"kind", "ResourceQuota"},
                           {"metadata", {{"name", name}}},
                           {"spec", spec}};
    const Response made = create(document.dump());
    ASSERT_TRUE(made.status.ok()) << made.status.message();
    const json status = {{"status", {{"hard", hard}, {"used", used}}}};
    const Response done =
        patch("v1", "ResourceQuota", name, PatchType::kMerge, status.dump(), Subresource::kStatus);
    ASSERT_TRUE(done.status.ok()) << done.status.message();
  }
  json used(const std::string& name) {
    return encode(get("v1", "ResourceQuota", name))["status"]["used"];
  }
  static std::string pod(const std::string& name, const json& resources = json::object(),
                         json spec = json::object()) {
    spec["containers"] = {{{"name", "c0"}, {"image", "i"}, {"resources", resources}}};
    return json{
        {"apiVersion", "v1"}, {"kind", "Pod"}, {"metadata", {{"name", name}}}, {"spec", spec}}
        .dump();
  }
  /// "ok", or the error's text.
  std::string answer(const std::string& document) {
    const Response response = create(document);
    return response.status.ok() ? "ok" : response.status.message();
  }
};

TEST(QuotaAdmission, RefusesThePodThatIsOneTooMany) {
  QuotaWorld w;
  w.quota("q", {{"pods", "2"}});
  EXPECT_EQ(w.answer(w.pod("a")), "ok");
  EXPECT_EQ(w.used("q"), json({{"pods", "1"}}));
  EXPECT_EQ(w.answer(w.pod("b")), "ok");
  const Response refused = w.create(w.pod("c"));
  EXPECT_TRUE(refused.status.is(Reason::kForbidden));
  EXPECT_EQ(refused.status.message(),
            "pods \"c\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, "
            "limited: pods=2");
  EXPECT_EQ(w.used("q"), json({{"pods", "2"}}));
  EXPECT_FALSE(w.get("v1", "Pod", "c").status.ok());
}

TEST(QuotaAdmission, LeavesOtherNamespacesAlone) {
  QuotaWorld w;
  w.quota("q", {{"pods", "0"}});
  Request request = w.about(Verb::kCreate, "v1", "Pod", "a");
  request.namespace_ = Symbol("kube-public");
  request.document = api::RawRef(json::parse(w.pod("a")));
  EXPECT_TRUE(w.call(std::move(request)).status.ok());
  EXPECT_NE(w.answer(w.pod("a")), "ok");
  EXPECT_TRUE(w.remove("v1", "ResourceQuota", "q").status.ok());
  EXPECT_EQ(w.answer(w.pod("a")), "ok");
}

TEST(QuotaAdmission, DoesNotLimitBeforeTheControllerHasSeenTheQuota) {
  QuotaWorld w;
  ASSERT_EQ(w.answer(R"({"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"q"},
                         "spec":{"hard":{"pods":"0"}}})"),
            "ok");
  EXPECT_EQ(w.answer(w.pod("a")), "ok");
}

TEST(QuotaAdmission, SaysThatUsageIsNotKnownYet) {
  QuotaWorld w;
  w.quota("q", {{"pods", "2"}});
  w.patch("v1", "ResourceQuota", "q", PatchType::kMerge,
          R"({"status":{"hard":{"pods":"2","requests.cpu":"1"}}})", Subresource::kStatus);
  EXPECT_EQ(w.answer(w.pod("a", {{"requests", {{"cpu", "1"}}}})),
            "pods \"a\" is forbidden: status unknown for quota: q, resources: pods,requests.cpu");
}

TEST(QuotaAdmission, NamesWhatContainersLeaveOpen) {
  QuotaWorld w;
  w.quota("q", {{"requests.cpu", "1"}, {"limits.memory", "1Gi"}});
  EXPECT_EQ(w.answer(w.pod("a")),
            "pods \"a\" is forbidden: failed quota: q: must specify limits.memory for: c0; "
            "requests.cpu for: c0");
  const json resources = {{"requests", {{"cpu", "100m"}}}, {"limits", {{"memory", "64Mi"}}}};
  const json two = {
      {"initContainers", {{{"name", "b"}, {"image", "i"}}, {{"name", "a"}, {"image", "i"}}}}};
  EXPECT_EQ(w.answer(w.pod("a", resources, two)),
            "pods \"a\" is forbidden: failed quota: q: must specify limits.memory for: a,b; "
            "requests.cpu for: a,b");
  EXPECT_EQ(w.answer(w.pod("a", resources)), "ok");
  EXPECT_EQ(w.used("q"), json({{"limits.memory", "64Mi"}, {"requests.cpu", "100m"}}));
}

TEST(QuotaAdmission, ShowsOnlyWhatIsExceeded) {
  QuotaWorld w;
  w.quota("q", {{"pods", "9"}, {"requests.cpu", "1"}, {"requests.nvidia.com/gpu", "4"}},
          {{"requests.cpu", "750m"}, {"requests.nvidia.com/gpu", "2"}});
  const json asked = {{"requests", {{"cpu", "500m"}, {"nvidia.com/gpu", "2"}}},
                      {"limits", {{"nvidia.com/gpu", "2"}}}};
  EXPECT_EQ(w.answer(w.pod("a", asked)),
            "pods \"a\" is forbidden: exceeded quota: q, requested: requests.cpu=500m, "
            "used: requests.cpu=750m, limited: requests.cpu=1");
  const json more = {{"requests", {{"cpu", "500m"}, {"nvidia.com/gpu", "3"}}},
                     {"limits", {{"nvidia.com/gpu", "3"}}}};
  EXPECT_EQ(w.answer(w.pod("a", more)),
            "pods \"a\" is forbidden: exceeded quota: q, requested: "
            "requests.cpu=500m,requests.nvidia.com/gpu=3, used: "
            "requests.cpu=750m,requests.nvidia.com/gpu=2, limited: "
            "requests.cpu=1,requests.nvidia.com/gpu=4");
}

TEST(QuotaAdmission, RaisesAllQuotasOrNone) {
  QuotaWorld w;
  w.quota("a", {{"pods", "5"}});
  w.quota("b", {{"pods", "1"}});
  EXPECT_EQ(w.answer(w.pod("x")), "ok");
  EXPECT_EQ(w.used("a"), json({{"pods", "1"}}));
  EXPECT_EQ(w.used("b"), json({{"pods", "1"}}));
  EXPECT_EQ(w.answer(w.pod("y")),
            "pods \"y\" is forbidden: exceeded quota: b, requested: pods=1, used: pods=1, "
            "limited: pods=1");
  EXPECT_EQ(w.used("a"), json({{"pods", "1"}}));
}

TEST(QuotaAdmission, CountsOnlyPodsInAllScopes) {
  QuotaWorld w;
  w.quota("best", {{"pods", "0"}}, {}, {{"scopes", {"BestEffort"}}});
  w.quota("ends", {{"pods", "0"}}, {}, {{"scopes", {"Terminating", "NotBestEffort"}}});
  ASSERT_TRUE(w.create(R"({"apiVersion":"scheduling.k8s.io/v1","kind":"PriorityClass",
                           "metadata":{"name":"high"},"value":10})")
                  .status.ok());
  const json high = {{"scopeName", "PriorityClass"}, {"operator", "In"}, {"values", {"high"}}};
  w.quota("high", {{"pods", "0"}}, {},
          {{"scopeSelector", {{"matchExpressions", json::array({high})}}}});
  const json some = {{"requests", {{"cpu", "1"}}}};
  const auto refused_by = [](const char* pod, const char* quota) {
    return fmt::format(
        "pods \"{}\" is forbidden: exceeded quota: {}, requested: pods=1, "
        "used: pods=0, limited: pods=0",
        pod, quota);
  };
  EXPECT_EQ(w.answer(w.pod("a")), refused_by("a", "best"));
  EXPECT_EQ(w.answer(w.pod("a", some)), "ok");
  EXPECT_EQ(w.answer(w.pod("b", some, {{"activeDeadlineSeconds", 5}})), refused_by("b", "ends"));
  EXPECT_EQ(w.answer(w.pod("c", some, {{"priorityClassName", "high"}})), refused_by("c", "high"));
}

TEST(QuotaAdmission, CountsObjectsOfAnyKind) {
  QuotaWorld w;
  w.quota("q", {{"configmaps", "1"}, {"count/configmaps", "5"}, {"count/deployments.apps", "0"}});
  const std::string map = R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")";
  EXPECT_EQ(w.answer(map + "a\"}}"), "ok");
  EXPECT_EQ(w.answer(map + "b\"}}"),
            "configmaps \"b\" is forbidden: exceeded quota: q, requested: configmaps=1, "
            "used: configmaps=1, limited: configmaps=1");
  EXPECT_EQ(w.answer(R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},
      "spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},
      "spec":{"containers":[{"name":"c","image":"i"}]}}}})"),
            "deployments.apps \"d\" is forbidden: exceeded quota: q, requested: "
            "count/deployments.apps=1, used: count/deployments.apps=0, limited: "
            "count/deployments.apps=0");
  EXPECT_EQ(w.answer(w.pod("a")), "ok");
}

TEST(QuotaAdmission, ChargesAServiceForWhatAnUpdateAdds) {
  QuotaWorld w;
  w.quota("q", {{"services", "1"}, {"services.nodeports", "1"}});
  ASSERT_EQ(w.answer(R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},
                         "spec":{"ports":[{"port":80}]}})"),
            "ok");
  const auto retype = [&](const char* spec) {
    return w.patch("v1", "Service", "s", PatchType::kStrategic, spec).status.message();
  };
  EXPECT_EQ(retype(R"({"spec":{"type":"NodePort","ports":[{"port":80,"name":"a"},
                                                         {"port":81,"name":"b"}]}})"),
            "services \"s\" is forbidden: exceeded quota: q, requested: services.nodeports=2, "
            "used: services.nodeports=0, limited: services.nodeports=1");
  EXPECT_EQ(retype(R"({"spec":{"type":"NodePort"}})"), "");
  EXPECT_EQ(w.used("q"), json({{"services", "1"}, {"services.nodeports", "1"}}));
}

TEST(QuotaAdmission, ChargesClaimsByTheirClass) {
  QuotaWorld w;
  w.quota("q", {{"requests.storage", "10Gi"},
                {"fast.storageclass.storage.k8s.io/requests.storage", "1Gi"}});
  const auto claim = [&](const char* name, const char* of_class, const char* size) {
    return w.answer(json{{"apiVersion", "v1"},
                         {"kind", "PersistentVolumeClaim"},
                         {"metadata", {{"name", name}}},
                         {"spec",
                          {{"accessModes", {"ReadWriteOnce"}},
                           {"storageClassName", of_class},
                           {"resources", {{"requests", {{"storage", size}}}}}}}}
                        .dump());
  };
  EXPECT_EQ(claim("a", "slow", "4Gi"), "ok");
  EXPECT_EQ(claim("b", "fast", "2Gi"),
            "persistentvolumeclaims \"b\" is forbidden: exceeded quota: q, requested: "
            "fast.storageclass.storage.k8s.io/requests.storage=2Gi, used: "
            "fast.storageclass.storage.k8s.io/requests.storage=0, limited: "
            "fast.storageclass.storage.k8s.io/requests.storage=1Gi");
  EXPECT_EQ(w.used("q")["requests.storage"], "4Gi");
}

TEST(QuotaAdmission, ChargesNothingForADryRun) {
  QuotaWorld w;
  w.quota("q", {{"pods", "1"}});
  Request request = w.about(Verb::kCreate, "v1", "Pod", "a");
  request.document = api::RawRef(json::parse(w.pod("a")));
  request.dry_run = true;
  EXPECT_TRUE(w.call(std::move(request)).status.ok());
  EXPECT_EQ(w.used("q"), json({{"pods", "0"}}));
}

TEST(QuotaAdmission, ChargesOneAfterTheOtherWhereStorageIsSlow) {
  QuotaWorld w({.commit_latency = 5ms});
  w.run_for(1s);
  w.quota("q", {{"pods", "3"}});
  int made = 0, refused = 0;
  for (int i = 0; i < 8; ++i) {
    Request request = w.about(Verb::kCreate, "v1", "Pod", fmt::format("p{}", i));
    request.document = api::RawRef(json::parse(w.pod(fmt::format("p{}", i))));
    w.client.call(std::move(request), [&](Response r) { ++(r.status.ok() ? made : refused); });
  }
  w.run_for(1s);
  EXPECT_EQ(made, 3);
  EXPECT_EQ(refused, 5);
  EXPECT_EQ(w.used("q"), json({{"pods", "3"}}));
}

}  // namespace
}  // namespace orrery
