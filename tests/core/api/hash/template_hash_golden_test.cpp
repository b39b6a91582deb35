// Every record of controllers/pod-template-hash.jsonl: what a live controller manager named its
// objects.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/api/hash/controller_revision.h"
#include "core/api/hash/template_hash.h"
#include "tests/core/api/values/golden_lines.h"

namespace orrery::api {
namespace {

using Json = nlohmann::json;

std::vector<Json> records() {
  std::vector<Json> out;
  const auto lines = golden_lines("controllers/pod-template-hash.jsonl");
  if (!lines) return out;
  for (const std::string& line : *lines) out.push_back(Json::parse(line));
  return out;
}

#define SKIP_WITHOUT(list) \
  if (list.empty()) GTEST_SKIP() << "no golden data: set ORRERY_GOLDEN"

Json with_label(const Json& pod_template, std::string_view label, const std::string& hash) {
  Json labels = pod_template["metadata"]["labels"];
  labels[std::string(label)] = hash;
  return labels;
}

TEST(TemplateHashGolden, NamesTheReplicaSetsOfDeployments) {
  const std::vector<Json> all = records();
  SKIP_WITHOUT(all);
  std::size_t collisions = 0;
  for (const Json& r : all) {
    const Json& pod_template = r["defaultedTemplate"];
    EXPECT_EQ(pod_template_hash(pod_template), r["podTemplateHash"].get<std::string>())
        << r["name"] << pod_template_dump(pod_template);
    if (!r.contains("podTemplateHashWithCollisionCount")) continue;
    ++collisions;
    EXPECT_EQ(pod_template_hash(pod_template, r["collisionCount"].get<std::int32_t>()),
              r["podTemplateHashWithCollisionCount"].get<std::string>())
        << r["name"];
  }
  EXPECT_GE(all.size(), 73u);
  EXPECT_GE(collisions, 8u);
}

TEST(TemplateHashGolden, NamesAndFillsTheRevisionsOfStatefulSets) {
  const std::vector<Json> all = records();
  SKIP_WITHOUT(all);
  for (const Json& r : all) {
    SCOPED_TRACE(r["name"]);
    const Json& expected = r["statefulSetControllerRevision"];
    const Json workload = {{"spec", {{"template", r["defaultedTemplate"]}}}};
    const std::string data = controller_revision_data(workload);
    EXPECT_EQ(Json::parse(data), expected["data"]);
    const std::string hash = controller_revision_hash(data, 0);
    EXPECT_EQ(controller_revision_name("<name>", hash), expected["name"].get<std::string>());
    EXPECT_EQ(with_label(r["defaultedTemplate"], kStatefulSetRevisionHashLabel, hash),
              expected["labels"]);
  }
}

TEST(TemplateHashGolden, NamesAndFillsTheRevisionsOfDaemonSets) {
  const std::vector<Json> all = records();
  SKIP_WITHOUT(all);
  for (const Json& r : all) {
    SCOPED_TRACE(r["name"]);
    const Json& expected = r["daemonSetControllerRevision"];
    Json pod_template = r["defaultedTemplate"];
    pod_template["spec"]["nodeSelector"] = {{"never", "match"}};
    const Json workload = {{"spec", {{"template", pod_template}}}};
    EXPECT_EQ(Json::parse(controller_revision_data(workload)), expected["data"]);
    const std::string hash = pod_template_hash(pod_template);
    EXPECT_EQ(controller_revision_name("<name>", hash), expected["name"].get<std::string>());
    EXPECT_EQ(with_label(pod_template, kDaemonSetRevisionHashLabel, hash), expected["labels"]);
  }
}

}  // namespace
}  // namespace orrery::api
