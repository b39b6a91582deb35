// Rules of the cluster's own kinds (networking, RBAC, quotas, CSRs) beyond the recorded cases.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/api/checks/checks.h"

namespace orrery::api {
namespace {

using Json = nlohmann::json;

Json object_of(const char* text) {
  Json object = Json::parse(text);
  Json meta = {{"name", "x"}, {"namespace", "d"}, {"resourceVersion", "1"}};
  if (object.contains("metadata")) meta.merge_patch(object["metadata"]);
  object["metadata"] = meta;
  return object;
}

Json cluster_object_of(const char* text) {
  Json object = object_of(text);
  object["metadata"].erase("namespace");
  return object;
}

std::string error_of(const char* group, const char* kind, const Json& object) {
  return validate_create(group, kind, object).message();
}

TEST(NetworkPolicyChecks, AnExceptionLiesInsideItsBlock) {
  const char* text = R"({"spec":{"podSelector":{},"ingress":[{"from":[{"ipBlock":
      {"cidr":"10.0.0.0/8","except":["%"]}}]}],"policyTypes":["Ingress"]}})";
  const auto with = [&](const std::string& except) {
    std::string filled = text;
    return object_of(filled.replace(filled.find('%'), 1, except).c_str());
  };
  EXPECT_EQ(error_of("networking.k8s.io", "NetworkPolicy", with("10.1.0.0/16")), "");
  for (const char* outside : {"11.0.0.0/16", "10.0.0.0/8"}) {
    EXPECT_EQ(error_of("networking.k8s.io", "NetworkPolicy", with(outside)),
              std::string("spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: \"") +
                  outside + "\": must be a strict subset of `cidr`");
  }
}

TEST(ResourceQuotaChecks, ScopesContradictEachOther) {
  const Json quota = object_of(
      R"({"spec":{"hard":{"pods":"1"},"scopes":["Terminating","NotTerminating"]}})");
  EXPECT_EQ(error_of("", "ResourceQuota", quota),
            "spec.scopes: Invalid value: [\"Terminating\",\"NotTerminating\"]: conflicting scopes");
}

TEST(LimitRangeChecks, ARatioMustBePossible) {
  Json range = object_of(R"({"spec":{"limits":[{"type":"Pod","max":{"cpu":"2"},
      "min":{"cpu":"1"},"maxLimitRequestRatio":{"cpu":"4"}}]}})");
  apply_defaults("", "LimitRange", range);
  EXPECT_EQ(error_of("", "LimitRange", range),
            "spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: \"4\": ratio 4 is greater "
            "than max/min = 2.000000");
}

TEST(RoleBindingChecks, TheRoleStays) {
  Json old = object_of(R"({"roleRef":{"kind":"Role","name":"a"}})");
  apply_defaults("rbac.authorization.k8s.io", "RoleBinding", old);
  Json now = old;
  now["roleRef"]["name"] = "b";
  EXPECT_EQ(validate_update("rbac.authorization.k8s.io", "RoleBinding", now, old).message(),
            "roleRef: Invalid value: {\"APIGroup\":\"rbac.authorization.k8s.io\",\"Kind\":\"Role\","
            "\"Name\":\"b\"}: cannot change roleRef");
}

TEST(SigningRequestChecks, ARequestIsPemOfAnAsn1Sequence) {
  // "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n"
  const Json good = cluster_object_of(
      R"({"spec":{"signerName":"example.com/s","usages":["client auth"],"request":
      "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUFBPQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K"}})");
  EXPECT_EQ(error_of("certificates.k8s.io", "CertificateSigningRequest", good), "");
  Json bad = good;
  bad["spec"]["usages"] = {"client auth", "client auth"};
  EXPECT_EQ(error_of("certificates.k8s.io", "CertificateSigningRequest", bad),
            "spec.usages[1]: Duplicate value: \"client auth\"");
}

TEST(EphemeralContainers, AreAddedAndNeverChanged) {
  const Json old = Json::parse(R"({"metadata":{"name":"p","namespace":"d","resourceVersion":"1"},
      "spec":{"containers":[{"name":"c","image":"n"}],"ephemeralContainers":[
          {"name":"dbg","image":"a","terminationMessagePolicy":"File",
           "imagePullPolicy":"Always"}]}})");
  Json now = old;
  now["spec"]["ephemeralContainers"] = Json::array();
  const std::string removed = validate_ephemeral_containers(now, old).message();
  EXPECT_NE(removed.find("existing ephemeral containers \"dbg\" may not be removed"),
            std::string::npos)
      << removed;
  now = old;
  now["spec"]["ephemeralContainers"][0]["image"] = "b";
  const std::string changed = validate_ephemeral_containers(now, old).message();
  EXPECT_NE(changed.find("- \"Image\": \"a\",\n+ \"Image\": \"b\""), std::string::npos) << changed;
}

TEST(ClusterKinds, NothingThrowsOnObjectsOfAnotherShape) {
  const std::pair<const char*, const char*> kinds[] = {
      {"batch", "CronJob"},
      {"autoscaling", "HorizontalPodAutoscaler"},
      {"", "ResourceQuota"},
      {"", "LimitRange"},
      {"", "Endpoints"},
      {"networking.k8s.io", "NetworkPolicy"},
      {"networking.k8s.io", "Ingress"},
      {"rbac.authorization.k8s.io", "RoleBinding"},
      {"storage.k8s.io", "CSIDriver"},
      {"storage.k8s.io", "CSINode"},
      {"admissionregistration.k8s.io", "ValidatingWebhookConfiguration"},
      {"admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"},
      {"flowcontrol.apiserver.k8s.io", "FlowSchema"},
      {"resource.k8s.io", "ResourceClaim"},
      {"resource.k8s.io", "ResourceSlice"},
      {"certificates.k8s.io", "CertificateSigningRequest"},
      {"apiregistration.k8s.io", "APIService"}};
  const char* texts[] = {
      R"({"metadata":"x","spec":[]})", R"({"spec":"x","subsets":[1],"webhooks":"y","roleRef":1})",
      R"({"spec":{"limits":[1,null],"hard":[],"metrics":["x"],"behavior":"b","rules":[3]}})",
      R"({"spec":{"jobTemplate":[],"ingress":[1],"drivers":{},"devices":{"requests":["x"]}}})"};
  for (const auto& [group, kind] : kinds) {
    for (const char* text : texts) {
      Json object = Json::parse(text);
      EXPECT_NO_THROW({
        apply_defaults(group, kind, object);
        prepare_create(group, kind, object);
        validate_create(group, kind, object);
        validate_update(group, kind, object, Json::parse(text));
      }) << kind << text;
    }
  }
}

}  // namespace
}  // namespace orrery::api
