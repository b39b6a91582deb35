#include "core/apiserver/tables/workload_row.h"

#include <fmt/format.h>

#include "core/api/checks/json_view.h"
#include "core/apiserver/tables/age.h"
#include "core/apiserver/tables/row_text.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

void read_containers(const api::PodTemplateSpec& pod_template, WorkloadFacts& out) {
  if (!pod_template.spec) return;
  const char* separator = "";
  for (const api::Container& c : pod_template.spec->containers) {
    out.container_names.append(separator).append(c.name.view());
    out.images.append(separator).append(c.image.view());
    separator = ",";
  }
}

template <class Spec>
void read_spec(const Spec& spec, WorkloadFacts& out) {
  out.desired = spec.replicas.value_or(0);
  read_containers(spec.template_, out);
  out.selector = "";
  if (!spec.selector) return;
  const Result<api::Selector> compiled = api::Selector::from(*spec.selector);
  out.selector = compiled.ok() ? std::optional(compiled->to_string()) : std::nullopt;
}

void read_meta(const api::ObjectMeta& meta, WorkloadFacts& out) {
  out.name = meta.name.view();
  out.created_at = meta.creation_timestamp;
}

}  // namespace

WorkloadFacts workload_facts(const Json& o) {
  const Json& spec = object(o, "spec");
  const Json& status = object(o, "status");
  const Json& containers = array(object_at(spec, {"template", "spec"}), "containers");
  WorkloadFacts out;
  out.name = name_of(o);
  out.created_at = time_at(object(o, "metadata"), "creationTimestamp");
  out.desired = integer(spec, "replicas");
  out.replicas = integer(status, "replicas");
  out.updated = integer(status, "updatedReplicas");
  out.ready = integer(status, "readyReplicas");
  out.available = integer(status, "availableReplicas");
  out.container_names = joined_members(containers, "name");
  out.images = joined_members(containers, "image");
  out.selector = selector_query(member(spec, "selector"));
  return out;
}

WorkloadFacts workload_facts(const api::Deployment& o) {
  WorkloadFacts out;
  read_meta(o.meta, out);
  read_spec(o.spec, out);
  out.replicas = o.status.replicas;
  out.updated = o.status.updated_replicas;
  out.ready = o.status.ready_replicas;
  out.available = o.status.available_replicas;
  return out;
}

WorkloadFacts workload_facts(const api::ReplicaSet& o) {
  WorkloadFacts out;
  read_meta(o.meta, out);
  read_spec(o.spec, out);
  out.replicas = o.status.replicas;
  out.ready = o.status.ready_replicas;
  out.available = o.status.available_replicas;
  return out;
}

void print_deployment(const WorkloadFacts& facts, Time now, RowCells& cells) {
  cells.text(facts.name);
  cells.text(fmt::format("{}/{}", facts.ready, facts.desired));
  cells.integer(facts.updated);
  cells.integer(facts.available);
  cells.text(age_text(facts.created_at, now));
  cells.text(facts.container_names);
  cells.text(facts.images);
  cells.text(facts.selector.value_or("<invalid>"));
}

void print_replica_set(const WorkloadFacts& facts, Time now, RowCells& cells) {
  cells.text(facts.name);
  cells.integer(facts.desired);
  cells.integer(facts.replicas);
  cells.integer(facts.ready);
  cells.text(age_text(facts.created_at, now));
  cells.text(facts.container_names);
  cells.text(facts.images);
  cells.text(!facts.selector ? "<error>" : facts.selector->empty() ? "<none>" : *facts.selector);
}

}  // namespace orrery::apiserver
