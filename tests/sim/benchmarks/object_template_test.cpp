#include "sim/benchmarks/object_template.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sim/cluster/manifest_check.h"

namespace orrery::sim {
namespace {

struct Schema {
  api::ApiTable table = api::ApiTable::built_in();
  api::Kinds kinds;
  TemplateSchema schema{kinds, table};

  nlohmann::json document(std::string_view text, std::int64_t index = 0) {
    const auto read = ObjectTemplate::of_text(text, "pod.yaml");
    CHECK(read.ok());
    const auto out = read.value().document(schema, index, 5, {});
    return out.ok() ? *out.value().json : nlohmann::json(out.status().message());
  }
  std::string check(std::string_view text) {
    const auto read = ObjectTemplate::of_text(text, "pod.yaml");
    CHECK(read.ok());
    const auto out = read.value().document(schema, 0, 5, {});
    return out.ok() ? check_object(schema, out.value()).message() : out.status().message();
  }
};

constexpr std::string_view kHead = "apiVersion: v1\nkind: Pod\nmetadata: {generateName: p-}\n";

TEST(ObjectTemplate, FillsInIndexAndCount) {
  Schema s;
  const auto pod = s.document(
      "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p-{{.Index}}-of-{{.Count}}\n", 3);
  EXPECT_EQ(pod["metadata"]["name"], "p-3-of-5");
}

TEST(ObjectTemplate, MatchesFieldNamesWithoutRegardToCaseButLeavesMapsAlone) {
  Schema s;
  const auto pod = s.document(std::string(kHead) +
                              "spec:\n  nodeSelector: {NodeTaintsPolicy: x}\n"
                              "  topologySpreadConstraints:\n"
                              "  - NodeTaintsPolicy: Honor\n    MAXSKEW: 1\n");
  EXPECT_EQ(pod["spec"]["topologySpreadConstraints"][0]["nodeTaintsPolicy"], "Honor");
  EXPECT_EQ(pod["spec"]["topologySpreadConstraints"][0]["maxSkew"], 1);
  EXPECT_EQ(pod["spec"]["nodeSelector"]["NodeTaintsPolicy"], "x");
}

TEST(ObjectTemplate, NamesFileAndLineOfUnknownFieldsAndKinds) {
  Schema s;
  EXPECT_EQ(s.check(std::string(kHead) + "spec:\n  containerz: []\n"),
            "pod.yaml:5: document 1, Pod \"p-x\": spec.containerz: unknown field");
  EXPECT_EQ(s.check("apiVersion: v1\nkind: Podd\n"),
            "pod.yaml:1: no matches for kind \"Podd\" in version \"v1\"");
  EXPECT_EQ(s.check("- 1\n"), "pod.yaml:1: must be one Kubernetes object");
  EXPECT_NE(s.check(std::string(kHead) + "spec: {containers: []}\n").find("spec.containers"),
            std::string::npos);
}

TEST(ObjectTemplate, SaysWhichFileIsNotThere) {
  EXPECT_NE(ObjectTemplate::read("no/such.yaml").status().message().find("no/such.yaml"),
            std::string::npos);
}

}  // namespace
}  // namespace orrery::sim
