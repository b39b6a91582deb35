#include "tests/core/apiserver/tables/printed.h"

namespace orrery::test {
namespace {

constexpr std::string_view kRbac = "rbac.authorization.k8s.io/v1";
constexpr std::string_view kAdmission = "admissionregistration.k8s.io/v1";
constexpr std::string_view kFlow = "flowcontrol.apiserver.k8s.io/v1";

TEST(PolicyRows, SortSubjectsByKind) {
  const std::string_view binding =
      R"("roleRef":{"kind":"ClusterRole","name":"edit"},"subjects":[{"kind":"User","name":"a"},)"
      R"({"kind":"ServiceAccount","namespace":"d","name":"s"},{"kind":"Group","name":"g"},)"
      R"({"kind":"User","name":"b"}])";
  expect_rows({
      {kRbac, "RoleBinding", binding, R"(["x","ClusterRole/edit","5m","a, b","g","d/s"])"},
      {kRbac, "ClusterRoleBinding", binding, R"(["x","ClusterRole/edit","5m","a, b","g","d/s"])"},
      {kRbac, "ClusterRole", "", R"(["x","2025-12-31T23:55:00Z"])"},
  });
}

TEST(PolicyRows, ShowAdmissionRules) {
  expect_rows({
      {kAdmission, "ValidatingWebhookConfiguration", R"("webhooks":[{},{}])", R"(["x",2,"5m"])"},
      {kAdmission, "MutatingWebhookConfiguration", "", R"(["x",0,"5m"])"},
      {kAdmission, "ValidatingAdmissionPolicy",
       R"("spec":{"validations":[{}],"paramKind":{"apiVersion":"g/v1","kind":"P"}})",
       R"(["x",1,"g/v1/P","5m"])"},
      {kAdmission, "MutatingAdmissionPolicy", R"("spec":{"mutations":[{},{}]})",
       R"(["x",2,"<unset>","5m"])"},
      {kAdmission, "ValidatingAdmissionPolicyBinding",
       R"("spec":{"policyName":"p","paramRef":{"name":"n","namespace":"d"}})",
       R"(["x","p","d/n","5m"])"},
      {kAdmission, "MutatingAdmissionPolicyBinding",
       R"("spec":{"policyName":"p","paramRef":{"name":"n"}})", R"(["x","p","*/n","5m"])"},
      {kAdmission, "ValidatingAdmissionPolicyBinding", R"("spec":{"policyName":"p"})",
       R"(["x","p","<unset>","5m"])"},
      {kAdmission, "ValidatingAdmissionPolicyBinding",
       R"("spec":{"policyName":"p","paramRef":{"selector":{"matchLabels":{"a":"b"},)"
       R"("matchExpressions":[{"key":"k","operator":"In","values":["y","z"]}]}}})",
       R"(["x","p","&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpressions:)"
       R"([]LabelSelectorRequirement{LabelSelectorRequirement{Key:k,Operator:In,)"
       R"(Values:[y z],},},}","5m"])"},
  });
}

TEST(PolicyRows, ShowBudgetsAndRequests) {
  expect_rows({
      {"policy/v1", "PodDisruptionBudget",
       R"("spec":{"minAvailable":"50%"},"status":{"disruptionsAllowed":2})",
       R"(["x","50%","N/A",2,"5m"])"},
      {"policy/v1", "PodDisruptionBudget", R"("spec":{"maxUnavailable":1})",
       R"(["x","N/A","1",0,"5m"])"},
      {"certificates.k8s.io/v1", "CertificateSigningRequest",
       R"("spec":{"signerName":"s/t","username":"bob","expirationSeconds":3600},)"
       R"("status":{"certificate":"AA==","conditions":[{"type":"Approved"}]})",
       R"(["x","5m","s/t","bob","60m","Approved,Issued"])"},
      {"certificates.k8s.io/v1", "CertificateSigningRequest",
       R"("status":{"conditions":[{"type":"Approved"},{"type":"Denied"},{"type":"Failed"}]})",
       R"(["x","5m","<none>","","<none>","Denied,Failed"])"},
      {"certificates.k8s.io/v1", "CertificateSigningRequest", "",
       R"(["x","5m","<none>","","<none>","Pending"])"},
  });
}

TEST(PolicyRows, ShowFlowControl) {
  expect_rows({
      {kFlow, "FlowSchema",
       R"("spec":{"priorityLevelConfiguration":{"name":"p"},"matchingPrecedence":100,)"
       R"("distinguisherMethod":{"type":"ByUser"}},)"
       R"("status":{"conditions":[{"type":"Dangling","status":"False"}]})",
       R"(["x","p",100,"ByUser","5m","False"])"},
      {kFlow, "FlowSchema", R"("spec":{"matchingPrecedence":1})",
       R"(["x","",1,"<none>","5m","?"])"},
      {kFlow, "PriorityLevelConfiguration", R"("spec":{"type":"Exempt"})",
       R"(["x","Exempt","<none>","<none>","<none>","<none>","5m"])"},
      {kFlow, "PriorityLevelConfiguration",
       R"("spec":{"type":"Limited","limited":{"nominalConcurrencyShares":30,"limitResponse":)"
       R"({"type":"Queue","queuing":{"queues":64,"handSize":6,"queueLengthLimit":50}}}})",
       R"(["x","Limited",30,64,6,50,"5m"])"},
      {kFlow, "PriorityLevelConfiguration",
       R"("spec":{"type":"Limited","limited":{"limitResponse":{"type":"Reject"}}})",
       R"(["x","Limited",0,"<none>","<none>","<none>","5m"])"},
  });
}

}  // namespace
}  // namespace orrery::test
