// Request bodies that a real server accepted or refused while decoding: the same texts, in full.
#include <gtest/gtest.h>

#include <cstdio>

#include "core/api/schema/document.h"
#include "tests/core/api/schema/recorded_data.h"

namespace orrery::api {
namespace {

using nlohmann::json;

/// Refusals that decoding a body by its type's table row must give; others come from later stages.
bool is_decoding_error(const std::string& message) {
  return message.find(" cannot be handled as a ") != std::string::npos
             ? message.find("no kind \"") == std::string::npos
             : message.find("the object provided is unrecognized") == 0;
}

FieldValidation validation_of(const std::string& query) {
  if (query.find("fieldValidation=Strict") != std::string::npos) return FieldValidation::kStrict;
  if (query.find("fieldValidation=Ignore") != std::string::npos) return FieldValidation::kIgnore;
  return FieldValidation::kWarn;
}

TEST(DocumentGolden, DecodesAndRefusesBodiesAsTheRecordedServer) {
  const auto cases = read_json_lines(golden_folder() + "/api/cases.jsonl");
  if (cases.empty()) GTEST_SKIP() << "no api/cases.jsonl in " << golden_folder();
  const ApiTable table = ApiTable::built_in();
  int refused = 0, accepted = 0;
  for (const json& c : cases) {
    const std::string method = c["method"];
    if ((method != "POST" && method != "PUT") || !c["body"].is_string()) continue;
    if (c["contentType"] != "application/json") continue;
    const int type = type_of_path(table, c["path"]);
    if (type < 0) continue;  // custom resources
    const std::string query = c["query"].is_string() ? c["query"].get<std::string>() : "";
    const auto decoded = decode_object(table, static_cast<std::size_t>(type),
                                       c["body"].get<std::string>(), validation_of(query));
    const std::string name = c["name"];
    if (c["status"] == 400 && is_decoding_error(c["response"]["message"])) {
      ++refused;
      ASSERT_FALSE(decoded.ok()) << name;
      EXPECT_EQ(decoded.status().message(), c["response"]["message"].get<std::string>()) << name;
      EXPECT_EQ(decoded.status().code(), 400) << name;
    } else if (c["status"] == 200 || c["status"] == 201) {
      ++accepted;
      EXPECT_TRUE(decoded.ok()) << name << ": " << decoded.status().message();
      if (!decoded.ok()) continue;
      std::vector<std::string> unknown;
      for (const json& warning : c.value("warnings", json::array())) {
        const std::string text = warning;
        if (text.find("unknown field") != std::string::npos) unknown.push_back(text);
      }
      std::vector<std::string> own;
      for (const std::string& w : decoded->warnings) own.push_back("299 - " + json(w).dump());
      EXPECT_EQ(own, unknown) << name;
    }
  }
  std::printf("%d bodies refused and %d accepted as recorded\n", refused, accepted);
  EXPECT_GE(refused, 30);
  EXPECT_GE(accepted, 300);
}

}  // namespace
}  // namespace orrery::api
