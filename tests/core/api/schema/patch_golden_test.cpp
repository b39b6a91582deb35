// Replays the recorded patch sequences at the level of documents: each patch is applied to the
// object of the last recorded answer and the outcome is compared with the next recorded answer.
// What the server does beyond the patch is not applied here, so the comparison leaves out only
// that: members that the recorded answer alone has and whose value is a default, the other
// subresource, and allocated node ports.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "core/api/schema/document.h"
#include "core/api/schema/patch.h"
#include "tests/core/api/schema/recorded_data.h"

namespace orrery::api {
namespace {

using nlohmann::json;

/// Whether `name` with this value in `object` is what the server fills in by itself.
bool is_defaulted(const json& object, const std::string& name, const json& value) {
  static const json kRollingUpdate = {{"maxSurge", "25%"}, {"maxUnavailable", "25%"}};
  static const std::multimap<std::string, json> kDefaults = {
      {"apiVersion", "v1"},
      {"imagePullPolicy", "Always"},
      {"imagePullPolicy", "IfNotPresent"},
      {"maxUnavailable", "25%"},
      {"protocol", "TCP"},
      {"replicas", 1},
      {"rollingUpdate", kRollingUpdate},
      {"strategy", {{"type", "RollingUpdate"}, {"rollingUpdate", kRollingUpdate}}},
      {"terminationMessagePath", "/dev/termination-log"},
      {"terminationMessagePolicy", "File"},
      {"type", ""},
      {"externalTrafficPolicy", "Cluster"},
  };
  if (name == "targetPort") return value == object.value("port", json());
  if (name == "nodePort") return value.is_number();
  if (value.is_null() || (value.is_structured() && value.empty())) return true;  // zero values
  const auto [begin, end] = kDefaults.equal_range(name);
  return std::any_of(begin, end, [&](const auto& entry) { return entry.second == value; });
}

/// Names each place where `actual` is not what was recorded, up to defaulting.
void differences(const json& actual, const json& expected, const std::string& path,
                 std::vector<std::string>& out) {
  if (actual.is_object() && expected.is_object()) {
    for (auto it = actual.begin(); it != actual.end(); ++it) {
      if (expected.contains(it.key())) {
        differences(*it, expected[it.key()], path + "." + it.key(), out);
      } else if (!it->empty() || !it->is_structured()) {  // an empty map or list is not encoded
        out.push_back(path + "." + it.key() + ": only in the outcome: " + it->dump());
      }
    }
    for (auto it = expected.begin(); it != expected.end(); ++it) {
      if (actual.contains(it.key()) || is_defaulted(expected, it.key(), *it)) continue;
      out.push_back(path + "." + it.key() + ": only recorded: " + it->dump());
    }
  } else if (actual.is_array() && expected.is_array() && actual.size() == expected.size()) {
    for (std::size_t i = 0; i < actual.size(); ++i) {
      differences(actual[i], expected[i], path + "[" + std::to_string(i) + "]", out);
    }
  } else if (actual != expected) {
    out.push_back(path + ": " + actual.dump() + " is not " + expected.dump());
  }
}

bool is_patch_error(const std::string& message) {
  for (const char* prefix :
       {" \"\" is invalid: patch:", "error decoding patch", "invalid character",
        "the server rejected our request", "json: cannot unmarshal", "invalid patch format",
        "Invalid JSON Patch", "unknown patch type", "The order in patch list"}) {
    if (message.starts_with(prefix)) return true;
  }
  return false;
}

/// The text without the quoted object of ` "" is invalid: patch: Invalid value: "{...}": why`:
/// upstream prints it in its own order of fields.
std::string without_quoted_object(const std::string& message) {
  const std::size_t begin = message.find("\"{");
  const std::size_t end = message.rfind("}\"");
  if (begin == std::string::npos || end == std::string::npos || end < begin) return message;
  return message.substr(0, begin) + message.substr(end + 2);
}

/// The recording keeps a body as JSON where it is JSON, else as its text.
std::string body_text(const json& step) {
  const json& body = step.at("body");
  const bool raw = body.is_string() && body.get_ref<const std::string&>().starts_with('{');
  return raw ? body.get<std::string>() : body.dump();
}

class Replay {
 public:
  explicit Replay(const ApiTable& table) : table_(table) {}

  void step(const json& step, const std::string& name) {
    if (step["method"] == "PATCH") patch(step, name);
    const int status = step["status"];
    if ((status == 200 || status == 201) && step.contains("response")) {
      std::string path = step["path"];
      if (step["method"] == "POST") {
        path += "/" + step["response"]["metadata"].value("name", "");
      }
      last_[object_path(path)] = step["response"];
    }
  }

  int compared = 0, refused = 0;

 private:
  static std::string object_path(const std::string& path) {
    return path.ends_with("/status") ? path.substr(0, path.size() - 7) : path;
  }

  void patch(const json& step, const std::string& name) {
    const auto patch_type = patch_type_of(step["contentType"].get<std::string>());
    ASSERT_TRUE(patch_type) << name;
    const std::string path = step["path"];
    const int type = type_of_path(table_, path);
    ASSERT_GE(type, 0) << path;
    ASSERT_TRUE(last_.contains(object_path(path))) << path;
    const std::string query = step.value("query", "");
    const auto validation = query.find("Strict") != std::string::npos ? FieldValidation::kStrict
                                                                      : FieldValidation::kWarn;
    const json& before = last_[object_path(path)];
    const auto patched = patch_object(*patch_type, table_, static_cast<std::size_t>(type), before,
                                      body_text(step), validation);
    const std::string where = name + ": " + body_text(step);
    if (step["status"] != 200) return compare_error(step, patched.status(), where);
    ASSERT_TRUE(patched.ok()) << where << ": " << patched.status().message();
    compare_object(step, patched->value, path, where);
    std::vector<std::string> warnings;
    for (const std::string& w : patched->warnings) warnings.push_back("299 - " + json(w).dump());
    EXPECT_EQ(json(warnings), step.value("warnings", json::array())) << where;
    ++compared;
  }

  void compare_error(const json& step, const Status& own, const std::string& where) {
    const std::string message = step["response"]["message"];
    if (!is_patch_error(message)) {  // a later stage refuses what the patch made
      EXPECT_TRUE(own.ok()) << where << ": " << own.message();
      return;
    }
    EXPECT_EQ(own.code(), step["status"].get<int>()) << where;
    EXPECT_EQ(without_quoted_object(own.message()), without_quoted_object(message)) << where;
    EXPECT_EQ(std::string(to_string(own.reason())), step["response"].value("reason", "")) << where;
    if (!own.details().causes.empty()) {
      const json& cause = step["response"]["details"]["causes"][0];
      EXPECT_EQ(own.details().causes[0].reason, cause["reason"]) << where;
      EXPECT_EQ(own.details().causes[0].field, cause["field"]) << where;
    }
    ++refused;
  }

  static void compare_object(const json& step, json actual, const std::string& path,
                             const std::string& where) {
    json expected = step["response"];
    for (json* object : {&actual, &expected}) {
      for (const char* name : {"managedFields", "resourceVersion", "generation"}) {
        (*object)["metadata"].erase(name);
      }
      if (path.ends_with("/status")) {  // spec and labels are not written there
        object->erase("spec");
        (*object)["metadata"].erase("labels");
      } else {
        object->erase("status");
      }
      object->erase("kind");  // the server writes its own
    }
    forget_allocations(actual, expected);
    std::vector<std::string> found;
    differences(actual, expected, "", found);
    EXPECT_EQ(found, std::vector<std::string>{}) << where;
  }

  /// Leaving type NodePort, the server takes back what it had allocated for it.
  static void forget_allocations(json& actual, const json& expected) {
    if (!actual.contains("spec") || actual["spec"].value("type", "") != "ClusterIP") return;
    if (!expected["spec"].contains("externalTrafficPolicy")) {
      actual["spec"].erase("externalTrafficPolicy");
      for (json& port : actual["spec"]["ports"]) port.erase("nodePort");
    }
  }

  const ApiTable& table_;
  std::map<std::string, json> last_;
};

TEST(PatchGolden, SequencesGiveTheRecordedObjectsAndErrors) {
  const auto sequences = read_json_lines(golden_folder() + "/api/sequences.jsonl");
  if (sequences.empty()) GTEST_SKIP() << "no api/sequences.jsonl in " << golden_folder();
  const ApiTable table = ApiTable::built_in();
  int count = 0, compared = 0, refused = 0;
  for (const json& sequence : sequences) {
    const std::string name = sequence["name"];
    if (!name.starts_with("smp ") && !name.starts_with("merge patch ") &&
        !name.starts_with("json patch ")) {
      continue;
    }
    ++count;
    Replay replay(table);
    for (const json& step : sequence["steps"]) replay.step(step, name);
    compared += replay.compared;
    refused += replay.refused;
  }
  std::printf("%d sequences: %d patched objects and %d errors compared\n", count, compared,
              refused);
  EXPECT_GE(compared, 60);
  EXPECT_GE(refused, 15);
}

}  // namespace
}  // namespace orrery::api
