// Warnings of writes that are taken, beyond those that the recorded cases show.
#include "core/api/checks/warnings.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace orrery::api {
namespace {

using Json = nlohmann::json;

TEST(Warnings, NameDeprecatedFieldsOfPodsAndTemplates) {
  const Json spec = Json::parse(R"({
      "nodeSelector": {"beta.kubernetes.io/os": "linux"},
      "volumes": [{"name": "v", "rbd": {"image": "i"}}],
      "containers": [{"name": "c", "env": [{"name": "A", "value": "1"},
                                           {"name": "A", "value": "2"}]}]})");
  const Json pod = {{"metadata", {{"name", "p"}}}, {"spec", spec}};
  EXPECT_EQ(warnings_on_create("", "Pod", pod),
            (WarningTexts{
                "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "
                "\"kubernetes.io/os\" instead",
                "spec.volumes[0].rbd: deprecated in v1.28, non-functional in v1.31+",
                "spec.containers[0].env[1]: hides previous definition of \"A\", which may be "
                "dropped when using apply"}));
  const Json job = {{"metadata", {{"name", "p"}}},
                    {"spec", {{"jobTemplate", {{"spec", {{"template", {{"spec", spec}}}}}}}}}};
  const WarningTexts of_job = warnings_on_create("batch", "CronJob", job);
  ASSERT_EQ(of_job.size(), 3u);
  EXPECT_EQ(of_job[1],
            "spec.jobTemplate.spec.template.spec.volumes[0].rbd: deprecated in v1.28, "
            "non-functional in v1.31+");
}

TEST(Warnings, AreNotRepeatedWhereTheSpecDidNotChange) {
  const Json old = Json::parse(
      R"({"metadata":{"name":"a.b"},"spec":{"volumes":[{"name":"v","rbd":{}}]}})");
  Json now = old;
  now["metadata"]["labels"]["x"] = "y";
  EXPECT_TRUE(warnings_on_update("", "Pod", now, old).empty());
  now["spec"]["priority"] = 1;
  EXPECT_EQ(warnings_on_update("", "Pod", now, old).size(), 1u);  // the name was new once
  EXPECT_EQ(warnings_on_create("", "Pod", old).size(), 2u);
}

TEST(Warnings, NothingThrowsOnObjectsOfAnotherShape) {
  for (const char* kind : {"Pod", "Service", "Secret", "PersistentVolume"}) {
    for (const char* text : {R"("x")", R"({"spec":[]})", R"({"spec":{"volumes":["x",1]}})"}) {
      EXPECT_NO_THROW(warnings_on_create("", kind, Json::parse(text))) << kind << text;
    }
  }
}

}  // namespace
}  // namespace orrery::api
