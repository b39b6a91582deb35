#include "core/apiserver/tables/typed_rows.h"

#include "core/apiserver/tables/node_row.h"
#include "core/apiserver/tables/pod_row.h"
#include "core/apiserver/tables/service_row.h"
#include "core/apiserver/tables/workload_row.h"
#include "core/base/check.h"

namespace orrery::apiserver {

using api::KindId;

bool has_typed_row(const api::Object& o) {
  return o.kind == KindId::kPod || o.kind == KindId::kNode || o.kind == KindId::kService ||
         o.kind == KindId::kDeployment || o.kind == KindId::kReplicaSet;
}

void print_typed_row(const api::Object& o, Time now, RowCells& cells) {
  if (const auto* pod = api::as<api::Pod>(&o)) {
    print_pod(pod_facts(*pod), now, cells);
  } else if (const auto* node = api::as<api::Node>(&o)) {
    print_node(node_facts(*node), now, cells);
  } else if (const auto* service = api::as<api::Service>(&o)) {
    print_service(service_facts(*service), now, cells);
  } else if (const auto* deployment = api::as<api::Deployment>(&o)) {
    print_deployment(workload_facts(*deployment), now, cells);
  } else if (const auto* set = api::as<api::ReplicaSet>(&o)) {
    print_replica_set(workload_facts(*set), now, cells);
  } else {
    CHECK(has_typed_row(o));
  }
}

}  // namespace orrery::apiserver
