// Recorded order in which a ReplicaSet that shrinks deletes its pods.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "core/api/object_codec.h"
#include "core/controller/pod_ranking.h"
#include "tests/golden/controllers/golden_file.h"

namespace orrery::golden {
namespace {

TEST(ReplicaSetVictims, GoInUpstreamsOrder) {
  const std::vector<nlohmann::json> records = golden_lines("controllers/replicaset-victims.jsonl");
  if (records.empty()) GTEST_SKIP() << "no recorded victims; set ORRERY_GOLDEN";
  const api::Kinds kinds;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const nlohmann::json& record = records[i];
    std::vector<Ref<const api::Pod>> pods;
    std::map<std::string, int> on_node;
    for (const nlohmann::json& document : record["pods"]) {
      Result<Ref<api::Object>> pod = api::decode_object(kinds, api::KindId::kPod, document);
      ASSERT_TRUE(pod.ok()) << pod.status().message();
      pods.push_back(api::as<api::Pod>(api::ObjectRef(*pod)));
      ++on_node[pods.back()->node_name.str()];
    }
    std::vector<controller::RankedPod> ranked;
    for (const auto& pod : pods) ranked.push_back({pod.get(), on_node[pod->node_name.str()]});
    controller::sort_for_deletion(ranked, *parse_rfc3339(record["now"].get<std::string>()));
    nlohmann::json order = nlohmann::json::array();
    for (const controller::RankedPod& r : ranked) order.push_back(r.pod->meta.name.str());
    EXPECT_EQ(order, record["deleteOrder"]) << "record " << i + 1;
  }
}

}  // namespace
}  // namespace orrery::golden
