#include "core/api/hash/template_hash.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/api/hash/controller_revision.h"
#include "core/api/hash/template_types.h"

namespace orrery::api {
namespace {

using Json = nlohmann::json;

bool dumps(const char* spec, const char* part) {
  const Json pod_template = {{"spec", Json::parse(spec)}};
  return pod_template_dump(pod_template).find(part) != std::string::npos;
}

TEST(TemplateHash, DumpsAbsentAndEmptyAlike) {
  EXPECT_EQ(pod_template_dump(Json::parse(R"({"metadata":{},"spec":{"volumes":[]}})")),
            pod_template_dump(Json::object()));
  EXPECT_TRUE(dumps("{}",
                    " CreationTimestamp:(v1.Time){Time:(time.Time){wall:(uint64)0 "
                    "ext:(int64)0 loc:(*time.Location)<nil>}} "));
  EXPECT_TRUE(dumps("{}", " TerminationGracePeriodSeconds:(*int64)<nil> "));
  EXPECT_TRUE(dumps(R"({"securityContext":{}})", "(*v1.PodSecurityContext){SELinuxOptions:"));
}

TEST(TemplateHash, DumpsQuantitiesWithTheirPrivateFields) {
  EXPECT_TRUE(dumps(R"({"overhead":{"cpu":"100m"}})",
                    "Overhead:(v1.ResourceList)map[cpu:{i:(resource.int64Amount){value:(int64)100 "
                    "scale:(resource.Scale)-3} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} "
                    "s:(string)100m Format:(resource.Format)DecimalSI}]"));
  EXPECT_TRUE(dumps(R"({"overhead":{"m":"1Pi"}})",
                    "Dec:(*inf.Dec){unscaled:(big.Int){neg:(bool)false abs:(big.nat)"
                    "[2882303761517117440 61035]} scale:(inf.Scale)9}} s:(string) "
                    "Format:(resource.Format)BinarySI}"));
}

TEST(TemplateHash, DumpsNestedListsAndPorts) {
  EXPECT_TRUE(
      dumps(R"({"containers":[{"args":["a","b"],"livenessProbe":{"tcpSocket":{"port":"http"}}}]})",
            " Args:([]string)[a b] "));
  EXPECT_TRUE(dumps(R"({"containers":[{"livenessProbe":{"tcpSocket":{"port":"http"}}}]})",
                    "TCPSocket:(*v1.TCPSocketAction){Port:(intstr.IntOrString){Type:(intstr.Type)1 "
                    "IntVal:(int32)0 StrVal:(string)http} Host:(string)}"));
}

TEST(TemplateHash, TakesAnyJsonWithoutThrowing) {
  for (const char* text : {"null", "[]", "3", R"({"metadata":7,"spec":[1]})",
                           R"({"spec":{"containers":[null,4,"x"],"volumes":{"a":1}}})",
                           R"({"spec":{"containers":[{"resources":{"limits":{"cpu":[]}}}]}})"}) {
    EXPECT_FALSE(pod_template_hash(Json::parse(text)).empty()) << text;
  }
}

TEST(TemplateTypes, NoTypeStandsThereTwice) {
  std::vector<std::string_view> names;
  for (const TemplateType& t : template_types()) names.push_back(t.name);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

TEST(ControllerRevision, WritesJsonAsGoDoes) {
  const Json workload = Json::parse(R"({"spec":{"replicas":3,"template":{
    "b":
    "<a&b>\u2028\u0001\b\u007f","a":[9007199254740993,-5,9223372036854775807,1.5,true,null]}}})");
  EXPECT_EQ(controller_revision_data(workload),
            "{\"spec\":{\"template\":{\"$patch\":\"replace\","
            "\"a\":[9007199254740992,-5,9223372036854776000,1.5,true,null],"
            "\"b\":\"\\u003ca\\u0026b\\u003e\\u2028\\u0001\\b\x7f\"}}}");
}

TEST(ControllerRevision, CountsCollisionsIntoTheHashAndCutsLongNames) {
  EXPECT_NE(controller_revision_hash("x", 0), controller_revision_hash("x", 1));
  EXPECT_NE(controller_revision_hash("x", 0), controller_revision_hash("x", std::nullopt));
  EXPECT_EQ(controller_revision_name(std::string(300, 'a'), "b"), std::string(223, 'a') + "-b");
  EXPECT_EQ(safe_encode_string("0123456789"),
            "45678"
            "9bcdf");
}

}  // namespace
}  // namespace orrery::api
