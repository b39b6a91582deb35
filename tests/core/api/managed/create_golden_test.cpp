// Every recorded create: the managedFields of the answer are those of the request's object after
// defaulting (admission and allocation come later and own nothing).
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/api/checks/checks.h"
#include "core/api/managed/fields_v1.h"
#include "core/api/managed/update.h"
#include "core/api/schema/document.h"
#include "core/api/schema/omit_empty.h"
#include "tests/core/api/schema/recorded_data.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

const ApiTable& table() {
  static const ApiTable kTable = ApiTable::built_in();
  return kTable;
}

/// The request's object as it is when managedFields are computed.
Json defaulted(int type, const Json& body) {
  const TypeRow& row = table().type(static_cast<std::size_t>(type));
  Json out = body;
  drop_nulls(table(), static_cast<std::size_t>(type), out);
  prune_unknown(table(), static_cast<std::size_t>(type), out);
  apply_defaults(row.group, row.kind, out);
  if (row.kind == "TokenRequest") out["spec"].emplace("expirationSeconds", 3600);
  omit_empty(table(), static_cast<std::size_t>(type), out);
  for (const char* sanitized : {"deletionTimestamp", "deletionGracePeriodSeconds"}) {
    if (out.contains("metadata")) out["metadata"].erase(sanitized);
  }
  return out;
}

/// Kinds whose defaults core/api/checks does not have (yet): their answer is the defaulted object,
/// for neither admission nor allocation adds to it.
bool is_answer_the_object(std::string_view kind) {
  static const std::set<std::string_view> kKinds{
      "APIService",   "CSIDriver",        "CustomResourceDefinition",
      "DaemonSet",    "HorizontalPodAutoscaler", "MutatingWebhookConfiguration",
      "PriorityLevelConfiguration", "ValidatingWebhookConfiguration"};
  return kKinds.contains(kind);
}

std::string api_version_of(const TypeRow& row) {
  return (row.group.empty() ? "" : std::string(row.group) + "/") + std::string(row.version);
}

std::string subresource_of(const std::string& path) {
  return path.ends_with("/token") ? "token" : "";
}

TEST(CreateGolden, TheFieldsOfACreateBelongToItsWriter) {
  const auto cases = read_json_lines(golden_folder() + "/api/cases.jsonl");
  const auto sequences = read_json_lines(golden_folder() + "/api/sequences.jsonl");
  if (cases.empty()) GTEST_SKIP() << "no golden data: set ORRERY_GOLDEN";
  std::vector<std::pair<std::string, Json>> creates;
  for (const Json& row : cases) creates.emplace_back(row["name"], row);
  for (const Json& row : sequences) {
    for (const Json& step : row["steps"]) creates.emplace_back(row["name"], step);
  }
  int equal = 0, custom = 0;
  std::map<std::string, int> kinds;
  std::vector<std::string> different;
  for (const auto& [name, row] : creates) {
    if (row["method"] != "POST" || row["status"] != 201) continue;
    const Json& recorded = managed_fields_of(row["response"]);
    const int type = type_of_path(table(), row["path"]);
    Json body = row["body"];
    if (body.is_string()) body = Json::parse(body.get<std::string>(), nullptr, false);
    if (type < 0) {
      ++custom;
      continue;
    }
    if (recorded.is_null() || !body.is_object()) continue;
    const TypeRow& kind = table().type(static_cast<std::size_t>(type));
    const std::string api_version = api_version_of(kind);
    const std::string subresource = subresource_of(row["path"]);
    Json fresh = is_answer_the_object(kind.kind) ? row["response"] : defaulted(type, body);
    if (fresh["metadata"].is_object()) fresh["metadata"].erase("managedFields");
    const Write write{.table = table(),
                      .type = static_cast<std::size_t>(type),
                      .api_version = api_version,
                      .manager = recorded[0]["manager"].get_ref<const std::string&>(),
                      .subresource = subresource,
                      .now = *parse_rfc3339("2024-01-01T00:00:00Z")};
    const Json ours = updated_managers(write, nullptr, fresh);
    if (ours == recorded) {
      ++equal;
      ++kinds[std::string(kind.kind)];
    } else {
      different.push_back(name + " " + std::string(kind.kind) + "\n" +
                          Json::diff(ours, recorded).dump());
    }
  }
  std::cout << "equal: " << equal << " of " << kinds.size() << " kinds, different: "
            << different.size() << ", of custom resources: " << custom << "\n";
  // AzureFilePersistentVolumeSource.secretNamespace is written as null, which nobody sends.
  EXPECT_LE(different.size(), 1U);
  for (const std::string& text : different) {
    EXPECT_NE(text.find("azure-pv.yaml"), std::string::npos) << text;
  }
  EXPECT_GE(equal, 584);
}

}  // namespace
}  // namespace orrery::api::managed
