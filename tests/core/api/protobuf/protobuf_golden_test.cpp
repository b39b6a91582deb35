// Protobuf bodies that a real kubectl sent, and the JSON that their commands mean.
#include <gtest/gtest.h>

#include <map>

#include "core/api/protobuf/protobuf.h"
#include "core/api/schema/document.h"
#include "tests/core/api/schema/recorded_data.h"

namespace orrery::api {
namespace {

using nlohmann::json;

// "00000010  6b 38 ..  |text|" lines.
std::string from_hex_dump(const std::string& dump) {
  std::string out;
  std::istringstream lines(dump);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.substr(10, line.find('|') - 10));
    for (std::string word; words >> word;) {
      out += static_cast<char>(std::stoi(word, nullptr, 16));
    }
  }
  return out;
}

json metadata(const char* name) { return {{"name", name}, {"namespace", "c-kubectl"}}; }

json cron_job() {
  const json container = {{"name", "cj"}, {"image", "busybox"}};
  const json pod = {{"containers", {container}}, {"restartPolicy", "OnFailure"}};
  return {{"apiVersion", "batch/v1"},
          {"kind", "CronJob"},
          {"metadata", metadata("cj")},
          {"spec",
           {{"schedule", "*/5 * * * *"},
            {"jobTemplate",
             {{"metadata", {{"name", "cj"}}}, {"spec", {{"template", {{"spec", pod}}}}}}}}}};
}

json job() {
  const json container = {{"name", "cj"},
                          {"image", "busybox"},
                          {"terminationMessagePath", "/dev/termination-log"},
                          {"terminationMessagePolicy", "File"},
                          {"imagePullPolicy", "Always"}};
  const json pod = {{"containers", {container}},           {"restartPolicy", "OnFailure"},
                    {"terminationGracePeriodSeconds", 30}, {"dnsPolicy", "ClusterFirst"},
                    {"securityContext", json::object()},   {"schedulerName", "default-scheduler"}};
  json meta = metadata("manual");
  meta["annotations"] = {{"cronjob.kubernetes.io/instantiate", "manual"}};
  meta["ownerReferences"] = {{{"apiVersion", "batch/v1"},
                              {"kind", "CronJob"},
                              {"name", "cj"},
                              {"uid", "5971d179-6494-4868-9783-fb538c2fcd59"},
                              {"controller", true}}};
  return {{"apiVersion", "batch/v1"},
          {"kind", "Job"},
          {"metadata", meta},
          {"spec", {{"template", {{"spec", pod}}}}}};
}

json ingress() {
  const json backend = {{"service", {{"name", "web"}, {"port", {{"number", 80}}}}}};
  const json path = {{"path", "/"}, {"pathType", "Prefix"}, {"backend", backend}};
  return {{"apiVersion", "networking.k8s.io/v1"},
          {"kind", "Ingress"},
          {"metadata", metadata("ing")},
          {"spec", {{"rules", {{{"host", "a.b"}, {"http", {{"paths", {path}}}}}}}}}};
}

std::map<std::string, json> meant_documents() {
  const json role_ref = {
      {"apiGroup", "rbac.authorization.k8s.io"}, {"kind", "Role"}, {"name", "r"}};
  const json subject = {{"kind", "ServiceAccount"}, {"name", "robot"}, {"namespace", "c-kubectl"}};
  const json asks = {{"namespace", "c-kubectl"}, {"verb", "delete"}, {"resource", "pods"}};
  return {
      {"Secret",
       {{"apiVersion", "v1"},
        {"kind", "Secret"},
        {"metadata", metadata("s1")},
        {"data", {{"p", "cQ=="}}}}},
      {"RoleBinding",
       {{"apiVersion", "rbac.authorization.k8s.io/v1"},
        {"kind", "RoleBinding"},
        {"metadata", metadata("rb")},
        {"roleRef", role_ref},
        {"subjects", {subject}}}},
      {"SelfSubjectAccessReview",
       {{"apiVersion", "authorization.k8s.io/v1"},
        {"kind", "SelfSubjectAccessReview"},
        {"spec", {{"resourceAttributes", asks}}},
        {"status", {{"allowed", false}}}}},
      {"TokenRequest",
       {{"apiVersion", "authentication.k8s.io/v1"},
        {"kind", "TokenRequest"},
        {"spec", {{"expirationSeconds", 600}}},
        {"status", {{"token", ""}}}}},
      {"ResourceQuota",
       {{"apiVersion", "v1"},
        {"kind", "ResourceQuota"},
        {"metadata", metadata("q")},
        {"spec", {{"hard", {{"pods", "20"}}}}}}},
      {"CronJob", cron_job()},
      {"Job", job()},
      {"PodDisruptionBudget",
       {{"apiVersion", "policy/v1"},
        {"kind", "PodDisruptionBudget"},
        {"metadata", metadata("p")},
        {"spec", {{"minAvailable", 1}, {"selector", {{"matchLabels", {{"app", "web"}}}}}}},
        {"status",
         {{"currentHealthy", 0},
          {"desiredHealthy", 0},
          {"disruptionsAllowed", 0},
          {"expectedPods", 0}}}}},
      {"Ingress", ingress()},
  };
}

TEST(ProtobufGolden, ReadsAndWritesTheBodiesOfARealKubectl) {
  const auto commands = read_json_lines(golden_folder() + "/kubectl/kubectl.jsonl");
  if (commands.empty()) GTEST_SKIP() << "no kubectl/kubectl.jsonl in " << golden_folder();
  const ApiTable table = ApiTable::built_in();
  const ProtobufCodec codec(table);
  auto meant = meant_documents();
  int bodies = 0;
  for (const json& command : commands) {
    for (const json& request : command["requests"]) {
      const std::string body = request.value("body", "");
      if (!body.starts_with("00000000  6b 38 73 00")) continue;
      ++bodies;
      const std::string bytes = from_hex_dump(body);
      const auto document = codec.decode_body(bytes);
      ASSERT_TRUE(document.ok()) << command["cmd"] << document.status().message();
      EXPECT_EQ(*document, meant[document->value("kind", "")]) << command["cmd"];
      EXPECT_EQ(codec.encode_body(*document).value(), bytes)
          << command["cmd"] << ": not the bytes that kubectl sent";
    }
  }
  EXPECT_GE(bodies, 9);
}

// What decoding drops from a document that a JSON client sent: nulls, empty lists and maps, zeros
// of fields kept by value.
class Canonical {
 public:
  explicit Canonical(const ApiTable& table) : table_(table) {}

  json of(std::size_t type, const json& document) const {
    json out = json::object();
    for (const FieldRow& row : table_.fields(table_.type(type))) {
      if (row.path.empty()) continue;
      const auto it = document.find(row.name);
      json value = it == document.end() || it->is_null() ? zero(row) : element(row.use, *it);
      const bool is_list = row.use.shape == Shape::kList || row.use.shape == Shape::kMap;
      const bool keeps = row.pointer || row.required || row.always;
      if (value.is_null() || (is_list && value.empty())) continue;
      if (!is_list && !keeps && is_zero(row.use.shape, value)) continue;
      out[std::string(row.name)] = std::move(value);
    }
    return out;
  }

 private:
  json zero(const FieldRow& row) const {
    if (row.pointer) return nullptr;
    switch (row.use.shape) {
      case Shape::kString:
        return "";
      case Shape::kBool:
        return false;
      case Shape::kInt32:
      case Shape::kInt64:
      case Shape::kIntOrString:
        return 0;
      case Shape::kQuantity:
        return "0";
      case Shape::kStruct:
        return of(row.use.index, json::object());
      default:
        return nullptr;
    }
  }
  json element(TypeUse use, const json& value) const {
    if (use.shape == Shape::kStruct) return of(use.index, value);
    if (use.shape == Shape::kQuantity && value.is_number()) return value.dump();
    if (use.shape != Shape::kList && use.shape != Shape::kMap) return value;
    json out = use.shape == Shape::kList ? json::array() : json::object();
    for (const auto& [key, item] : value.items()) {
      json one = element(table_.element(use), item);
      if (out.is_array()) {
        out.push_back(std::move(one));
      } else {
        out[key] = std::move(one);
      }
    }
    return out;
  }
  static bool is_zero(Shape shape, const json& value) {
    if (shape == Shape::kQuantity || shape == Shape::kBytes || shape == Shape::kOpaque)
      return false;
    return value == "" || value == false || value == 0 || (value.is_object() && value.empty());
  }

  const ApiTable& table_;
};

TEST(ProtobufGolden, CarriesTheRecordedBodies) {
  const auto cases = read_json_lines(golden_folder() + "/api/cases.jsonl");
  if (cases.empty()) GTEST_SKIP() << "no api/cases.jsonl in " << golden_folder();
  const ApiTable table = ApiTable::built_in();
  const ProtobufCodec codec(table);
  const Canonical canonical(table);
  int carried = 0;
  for (const json& c : cases) {
    const std::string method = c["method"];
    if ((method != "POST" && method != "PUT") || !c["body"].is_string()) continue;
    if (c["contentType"] != "application/json" || c["status"].get<int>() > 201) continue;
    const int type = type_of_path(table, c["path"]);
    if (type < 0) continue;  // custom resources
    const auto row = static_cast<std::size_t>(type);
    for (const bool is_answer : {false, true}) {
      json document = is_answer ? c["response"] : json();
      if (!is_answer) {
        auto decoded =
            decode_object(table, row, c["body"].get<std::string>(), FieldValidation::kIgnore);
        ASSERT_TRUE(decoded.ok()) << c["name"];
        document = std::move(decoded->value);
      }
      const json expected = canonical.of(row, document);
      const auto back = codec.decode(row, codec.encode(row, document));
      ASSERT_TRUE(back.ok()) << c["name"] << back.status().message();
      EXPECT_EQ(*back, expected) << c["name"] << json::diff(expected, *back);
      ++carried;
    }
  }
  EXPECT_GT(carried, 300);
}

}  // namespace
}  // namespace orrery::api
