// The recorded life of custom resources, request by request: decoding (unknown fields), defaults,
// validation, patches, status and scale, as far as these functions answer it. The state between
// the steps is what the recorded server answered.
#include <gtest/gtest.h>

#include <map>

#include "core/api/checks/checks.h"
#include "core/api/custom/custom_resource.h"
#include "core/api/custom/definition_status.h"
#include "tests/core/api/custom/recorded_custom.h"

namespace orrery::api {
namespace {

std::shared_ptr<const CustomResource> make(Json definition) {
  apply_defaults("apiextensions.k8s.io", "CustomResourceDefinition", definition);
  auto made = CustomResource::make(definition);
  EXPECT_TRUE(made.ok()) << made.status().message();
  return made.ok() ? made.value() : nullptr;
}

class Replay {
 public:
  explicit Replay(std::string space) : space_(std::move(space)) {}

  void run(const Json& step) {
    const std::string path = step["path"], method = step["method"];
    if (path.find("customresourcedefinitions") != std::string::npos) {
      if (method == "POST") custom_ = make(body_of(step));
      return;
    }
    if (!custom_ || path.find("/foos") == std::string::npos) return;
    if (method == "POST") {
      create(step);
    } else if (path.ends_with("/scale")) {
      scale(step);
    } else if (method == "PATCH") {
      patch(step);
    }
  }

  int answered = 0, with_rules = 0;

 private:
  // Upstream's text for a rule that failed: we do not run rules.
  static bool needs_rules(const Json& step) {
    const std::string message = step["response"].value("message", "");
    return message.find("big needs b") != std::string::npos ||
           message.find("no shrink") != std::string::npos;
  }

  void compare(const Json& step, const Json& object, const FieldErrors& errors) {
    ++answered;
    const Json& response = step["response"];
    if (step["status"] == 422) {
      EXPECT_EQ(
          status_difference("Foo", custom_->group(), object["metadata"]["name"], errors, response),
          "")
          << step["body"];
      return;
    }
    EXPECT_EQ(errors.message(), "") << step["body"];
    EXPECT_EQ(without_store_fields(object), without_store_fields(response));
    objects_[object["metadata"]["name"]] = response;
  }

  void create(const Json& step) {
    if (step["status"] == 409) return;  // the store's answer
    if (needs_rules(step)) {
      ++with_rules;
      return;
    }
    Json object = body_of(step);
    Json warnings = Json::array();
    for (const std::string& path : custom_->prune("v1", object)) {
      warnings.push_back("299 - \"unknown field \\\"" + path + "\\\"\"");
    }
    if (step["status"] == 400) {
      ++answered;
      EXPECT_EQ(warnings.size(), 1U);
      return;
    }
    if (step.contains("warnings")) {
      EXPECT_EQ(warnings, step["warnings"]);
    }
    custom_->apply_defaults("v1", object);
    if (custom_->has_status("v1")) object.erase("status");
    object["metadata"]["namespace"] = space_;
    object["metadata"]["generation"] = 1;
    compare(step, object, custom_->validate_create("v1", object));
  }

  void patch(const Json& step) {
    const std::string type = step["contentType"], path = step["path"];
    const bool merge = type == "application/merge-patch+json";
    if ((!merge && type != "application/json-patch+json") || needs_rules(step)) return;
    const Json old = objects_["f"];
    Json now = old;
    if (merge) {
      now.merge_patch(body_of(step));
    } else {
      now = now.patch(body_of(step));
    }
    custom_->prune("v1", now);
    custom_->apply_defaults("v1", now);
    const bool on_status = path.ends_with("/status");
    for (const char* key : {"spec", "status"}) {  // each end point writes its own part
      if ((std::string(key) == "status") == on_status) continue;
      now.erase(key);
      if (old.contains(key)) now[key] = old[key];
    }
    if (now["spec"] != old["spec"]) {
      now["metadata"]["generation"] = old["metadata"]["generation"].get<int>() + 1;
    }
    compare(step, now,
            on_status ? custom_->validate_status_update("v1", now, old)
                      : custom_->validate_update("v1", now, old));
  }

  void scale(const Json& step) {
    ++answered;
    Json& object = objects_["f"];
    if (step["method"] == "PATCH") {
      Json scale = custom_->scale_of("v1", object).value();
      scale.merge_patch(body_of(step));
      EXPECT_TRUE(custom_->set_scale("v1", object, scale).ok());
      EXPECT_EQ(custom_->validate_update("v1", object, object).message(), "");
      object["metadata"]["resourceVersion"] = step["response"]["metadata"]["resourceVersion"];
    }
    EXPECT_EQ(custom_->scale_of("v1", object).value(), step["response"]);
  }

  std::string space_;
  std::shared_ptr<const CustomResource> custom_;
  std::map<std::string, Json> objects_;
};

TEST(CustomGolden, TheRecordedSequenceAnswersTheSame) {
  const auto sequences = recorded("sequences.jsonl");
  if (!sequences) GTEST_SKIP() << "recorded data not found";
  int answered = 0, with_rules = 0;
  for (const Json& sequence : *sequences) {
    if (!sequence["name"].get<std::string>().starts_with("crd: ")) continue;
    Replay replay(sequence["namespace"]);
    for (const Json& step : sequence["steps"]) replay.run(step);
    answered += replay.answered;
    with_rules += replay.with_rules;
  }
  EXPECT_EQ(answered, 24);
  EXPECT_EQ(with_rules, 2);
}

TEST(CustomGolden, UpdatesOfTheFixtureAnswerTheSame) {
  const auto cases = recorded("cases.jsonl");
  const auto fixtures = recorded("fixtures.jsonl");
  if (!cases || !fixtures) GTEST_SKIP() << "recorded data not found";
  std::shared_ptr<const CustomResource> custom;
  for (const Json& record : *fixtures) {
    if (record["path"].get<std::string>().find("customresourced") != std::string::npos) {
      custom = make(body_of(record));
    }
  }
  ASSERT_TRUE(custom);
  int seen = 0;
  for (const Json& record : *cases) {
    if (record["path"] != "/apis/fix.com/v1/namespaces/default/foos/fix-cr") continue;
    if (record["method"] != "PUT") continue;
    ++seen;
    Json now = body_of(record);
    Json old = now;
    old["spec"] = Json{{"n", 2}};
    const std::vector<std::string> unknown = custom->prune("v1", now);
    custom->apply_defaults("v1", now);
    if (record["status"] == 400) {
      EXPECT_EQ(unknown, std::vector<std::string>{"spec.zz"});
      continue;
    }
    const FieldErrors errors = custom->validate_update("v1", now, old);
    if (record["status"] == 422) {
      EXPECT_EQ(status_difference("Foo", "fix.com", "fix-cr", errors, record["response"]), "");
    } else {
      EXPECT_EQ(errors.message(), "");
      EXPECT_EQ(now.contains("spec"), record["response"].contains("spec"));
    }
  }
  EXPECT_EQ(seen, 3);
}

TEST(CustomGolden, DiscoveryIsTheRecordedOne) {
  const auto sequences = recorded("sequences.jsonl");
  if (!sequences) GTEST_SKIP() << "recorded data not found";
  for (const Json& sequence : *sequences) {
    std::shared_ptr<const CustomResource> custom;
    if (!sequence["name"].get<std::string>().starts_with("crd: create")) continue;
    for (const Json& step : sequence["steps"]) {
      if (step["method"] == "POST" && !custom &&
          step["path"].get<std::string>().find("customresourced") != std::string::npos) {
        custom = make(body_of(step));
      }
      if (step["path"] != "/apis/seq1.example.com/v1") continue;
      const ResourceRow* row = custom->table().find_resource("seq1.example.com", "v1", "foos");
      ASSERT_NE(row, nullptr);
      const Json& resources = step["response"]["resources"];
      EXPECT_EQ(Json(std::vector<std::string>(row->verbs.begin(), row->verbs.end())),
                resources[0]["verbs"]);
      EXPECT_EQ(row->singular, resources[0]["singularName"].get<std::string>());
      ASSERT_EQ(row->subresources.size(), resources.size() - 1);
      for (std::size_t i = 0; i < row->subresources.size(); ++i) {
        const SubresourceRow& sub = row->subresources[i];
        EXPECT_EQ("foos/" + std::string(sub.name), resources[i + 1]["name"].get<std::string>());
        EXPECT_EQ(sub.kind, resources[i + 1]["kind"].get<std::string>());
        EXPECT_EQ(sub.group, resources[i + 1].value("group", ""));
        EXPECT_EQ(Json(std::vector<std::string>(sub.verbs.begin(), sub.verbs.end())),
                  resources[i + 1]["verbs"]);
      }
    }
  }
}

TEST(CustomGolden, ColumnsAreTheRecordedOnes) {
  const auto sequences = recorded("sequences.jsonl");
  if (!sequences) GTEST_SKIP() << "recorded data not found";
  int tables = 0;
  for (const Json& sequence : *sequences) {
    std::shared_ptr<const CustomResource> custom;
    if (!sequence["name"].get<std::string>().starts_with("crd: create")) continue;
    for (const Json& step : sequence["steps"]) {
      if (step["method"] == "POST" &&
          step["path"].get<std::string>().find("customresourced") != std::string::npos) {
        custom = make(body_of(step));
      }
      if (!step["response"].is_object() || step["response"].value("kind", "") != "Table") continue;
      ++tables;
      const Json& definitions = step["response"]["columnDefinitions"];
      const std::vector<CustomColumn>& columns = custom->version("v1")->columns;
      ASSERT_EQ(columns.size() + 1, definitions.size());
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const CustomColumn& c = columns[i];
        const Json ours{{"name", c.name},
                        {"type", c.type},
                        {"format", c.format},
                        {"description", c.description},
                        {"priority", c.priority}};
        EXPECT_EQ(ours, definitions[i + 1]);
      }
    }
  }
  EXPECT_EQ(tables, 1);
}

}  // namespace
}  // namespace orrery::api
