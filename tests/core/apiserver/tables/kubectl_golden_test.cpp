// What kubectl printed of a real server's tables, held against the cells made here from objects in
// the state that the recording's commands had brought about.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/core/apiserver/tables/printed.h"

namespace orrery::test {
namespace {

using apiserver::TablePrinter;
using nlohmann::json;

/// What the recorded command printed; "" if the recording is not there.
std::string printed_by(const std::string& command) {
  const char* folder = std::getenv("ORRERY_GOLDEN");
  std::ifstream in((folder ? std::string(folder) : "../shared/data/golden") +
                   "/kubectl/kubectl.jsonl");
  for (std::string line; std::getline(in, line);) {
    const json record = json::parse(line);
    const std::string cmd = record["cmd"];
    if (cmd.substr(0, cmd.find("   ")) == command) return record["stdout"];
  }
  return "";
}

std::vector<std::string> words(std::string line) {
  std::vector<std::string> out;
  while (!line.empty()) {
    std::size_t gap = line.find("  ");
    if (line.starts_with("<age>")) gap = 5;  // padding next to an age may differ
    out.push_back(line.substr(0, gap));
    line.erase(0, gap);
    line.erase(0, line.find_first_not_of(' '));
  }
  return out;
}

/// Header and rows of the table whose rows show `resource` (with its prefix in `get all`).
std::vector<std::vector<std::string>> block(const std::string& text, const std::string& prefix) {
  std::vector<std::vector<std::string>> out;
  std::istringstream in(text);
  std::vector<std::string> header;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("NAME")) header = words(line);
    if (line.starts_with("NAME") || line.empty() || !line.starts_with(prefix)) continue;
    if (out.empty()) out.push_back(header);
    out.push_back(words(line.substr(prefix.size())));
  }
  return out;
}

/// The same from a table made here: columns of priority 0 in kubectl's spelling.
std::vector<std::vector<std::string>> made(std::string_view version, std::string_view kind,
                                           const json& object) {
  const TablePrinter printer(*table().find_kind(version, kind));
  const json out = json::parse(table_text(printer, {.now = kNow}, object));
  std::vector<std::vector<std::string>> lines(2);
  for (std::size_t i = 0; i < printer.columns().size(); ++i) {
    const apiserver::Column& column = printer.columns()[i];
    if (column.priority > 0) continue;
    std::string name = column.name;
    std::transform(name.begin(), name.end(), name.begin(), ::toupper);
    lines[0].push_back(name);
    const json& cell = out["rows"][0]["cells"][i];
    std::string text = cell.is_string() ? cell.get<std::string>() : cell.dump();
    if (text == "5m") text = "<age>";
    if (!text.empty()) lines[1].push_back(text);  // an empty cell leaves no word
  }
  return lines;
}

json object_of(std::string_view name, std::string_view rest) {
  json out = json::parse(rest);
  out["metadata"] = {{"name", name}, {"creationTimestamp", "2025-12-31T23:55:00Z"}};
  return out;
}

struct Recorded {
  std::string command, prefix;
  std::string_view version, kind, name, rest;
};

const Recorded kRecorded[] = {
    {"kubectl get nodes", "", "v1", "Node", "n0",
     R"({"status":{"conditions":[{"type":"Ready","status":"True"}],
         "nodeInfo":{"kubeletVersion":"v1.36.0"}}})"},
    {"kubectl get all", "pod/", "v1", "Pod", "web-5d85cb8dcc-<rand>",
     R"({"spec":{"containers":[{"name":"c"}]},"status":{"phase":"Running",
         "containerStatuses":[{"name":"c","ready":true,"state":{"running":{}}}]}})"},
    {"kubectl get all", "service/", "v1", "Service", "web",
     R"({"spec":{"type":"ClusterIP","clusterIP":"<clusterIP>",
         "ports":[{"port":80,"protocol":"TCP"}]}})"},
    {"kubectl get all", "deployment.apps/", "apps/v1", "Deployment", "web",
     R"({"spec":{"replicas":2},
         "status":{"readyReplicas":2,"updatedReplicas":2,"availableReplicas":2}})"},
    {"kubectl get all", "replicaset.apps/", "apps/v1", "ReplicaSet", "web-5d85cb8dcc",
     R"({"spec":{"replicas":2},"status":{"replicas":2,"readyReplicas":2}})"},
    {"kubectl get hpa", "", "autoscaling/v2", "HorizontalPodAutoscaler", "web",
     R"({"spec":{"scaleTargetRef":{"kind":"Deployment","name":"web"},"minReplicas":1,
         "maxReplicas":5,"metrics":[{"type":"Resource","resource":{"name":"cpu",
           "target":{"type":"Utilization","averageUtilization":50}}}]}})"},
    {"kubectl get ing", "", "networking.k8s.io/v1", "Ingress", "ing",
     R"({"spec":{"rules":[{"host":"a.b"}]}})"},
};

TEST(RecordedKubectl, PrintsTheSameColumnsAndCells) {
  if (printed_by("kubectl get nodes").empty()) {
    GTEST_SKIP() << "no recorded kubectl; set ORRERY_GOLDEN";
  }
  for (const Recorded& r : kRecorded) {
    auto recorded = block(printed_by(r.command), r.prefix);
    ASSERT_GE(recorded.size(), 2u) << r.command << " " << r.prefix;
    recorded.resize(2);
    EXPECT_EQ(made(r.version, r.kind, object_of(r.name, r.rest)), recorded)
        << r.command << " " << r.prefix;
  }
}

TEST(RecordedKubectl, PrintsDeletedPodsAsTerminating) {
  const std::string text = printed_by("kubectl get pods --chunk-size=1");
  if (text.empty()) GTEST_SKIP() << "no recorded kubectl; set ORRERY_GOLDEN";
  json pod = object_of("job1-<rand>", R"({"spec":{"containers":[{"name":"c"}]},
      "status":{"phase":"Running",
        "containerStatuses":[{"name":"c","ready":true,"state":{"running":{}}}]}})");
  pod["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z";
  auto recorded = block(text, "job1");
  ASSERT_EQ(recorded.size(), 2u);
  recorded[1][0] = "job1-<rand>";
  EXPECT_EQ(made("v1", "Pod", pod), recorded);
}

}  // namespace
}  // namespace orrery::test
