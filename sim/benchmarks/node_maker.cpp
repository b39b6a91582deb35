#include "sim/benchmarks/node_maker.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/object_codec.h"

namespace orrery::sim {
namespace {

using nlohmann::json;

// What upstream's harness makes where no template is given.
constexpr std::string_view kBaseNode = R"(
apiVersion: v1
kind: Node
metadata: {{generateName: {}}}
status:
  capacity: {{pods: "110", cpu: "4", memory: 32Gi}}
  conditions: [{{type: Ready, status: "True"}}]
  phase: Running
)";
// apimachinery's rand.String: no vowels, no digits that look like letters.
constexpr std::string_view kNameLetters = "bcdfghjklmnpqrstvwxz2456789";
constexpr int kSuffixLength = 5;

void set_label(api::Node& node, std::string_view key, std::string_view value) {
  api::Labels::Entry added{Symbol(key), Symbol(value)};
  std::vector<api::Labels::Entry> entries = node.meta.labels->entries();
  entries.push_back(added);
  node.meta.labels = api::LabelSet(api::Labels(std::move(entries)));
}

}  // namespace

NodeMaker::NodeMaker(BenchCluster& cluster, TemplateSchema schema, const WorkloadOp& op,
                     const ObjectTemplate* node, std::string base_name, std::set<std::string>& used)
    : cluster_(cluster),
      schema_(schema),
      op_(op),
      template_(node),
      used_(used),
      names_(cluster.random.stream("bench.node_names")) {
  if (template_) return;
  auto base = ObjectTemplate::of_text(fmt::format(kBaseNode, base_name), "base node");
  CHECK(base.ok());
  base_ = std::move(*base);
  template_ = &base_;
}

std::string NodeMaker::new_name(const std::string& prefix) {
  for (;;) {
    std::string name = prefix;
    for (int i = 0; i < kSuffixLength; ++i) name += kNameLetters[names_.below(kNameLetters.size())];
    if (!used_.contains(name)) return name;
  }
}

Result<Ref<api::Node>> NodeMaker::node_at(std::int64_t index) {
  Ref<api::Node> node;
  if (prototype_) {
    node = copy_of(prototype_);
  } else {
    auto document =
        template_->document(schema_, index, op_.count.value_or(0), op_.template_params);
    if (!document.ok()) return document.status();
    json fields = *document->json;
    json& status = fields["status"];
    if (status.is_object() && !status.contains("allocatable") && status.contains("capacity")) {
      status["allocatable"] = status["capacity"];
    }
    for (const auto& [name, amount] : op_.allocatable) status["allocatable"][name] = amount;
    auto object = api::decode_object(schema_.kinds, fields);
    if (!object.ok()) return object.status().with_prefix(template_->file());
    node = Ref<api::Node>(static_cast<api::Node*>(object->get()));
  }
  return node;
}

Status NodeMaker::prepare() {
  auto first =
      template_->document(schema_, 0, op_.count.value_or(0), op_.template_params);
  if (!first.ok()) return first.status();
  if (first->json->value("kind", "") != "Node") {
    return bad_request(fmt::format("{}:{}: kind: must be Node", first->file, first->line));
  }
  RETURN_IF_ERROR(check_object(schema_, *first));
  if (!template_->is_static()) return Status();
  auto node = node_at(0);
  if (!node.ok()) return node.status();
  prototype_ = std::move(*node);
  return Status();
}

void NodeMaker::count(const Status& status) {
  ++answered_;
  if (!status.ok() && status_.ok()) status_ = status;
}

void NodeMaker::start() {
  for (std::int64_t i = 0; i < op_.count.value_or(0) && status_.ok(); ++i) {
    auto node = node_at(i);
    if (!node.ok()) {
      status_ = node.status();
      return;
    }
    api::ObjectMeta& meta = (*node)->meta;
    std::string name = meta.name.str();
    if (name.empty()) name = new_name(meta.generate_name.str());
    used_.insert(name);
    meta.name = Text(name);
    set_label(**node, "kubernetes.io/hostname", name);
    if (!op_.label_key.empty()) {
      const std::size_t at = static_cast<std::size_t>(i) % op_.label_values.size();
      set_label(**node, op_.label_key, op_.label_values[at]);
    }
    if (!op_.unique_label_key.empty()) {
      set_label(**node, op_.unique_label_key,
                fmt::format("{:016x}{:016x}", names_.next(), names_.next()));
    }
    ++asked_;
    cluster_.create(Ref<const api::Object>(node->get()), [this](Response r) { count(r.status); });
    if (op_.has_allocatable_strategy) make_csi_node(name);
  }
}

void NodeMaker::make_csi_node(const std::string& name) {
  std::string migrated;
  for (const std::string& plugin : op_.migrated_plugins) {
    migrated += (migrated.empty() ? "" : ",") + plugin;
  }
  json drivers = json::array();
  for (const auto& [driver, limit] : op_.csi_limits) {
    drivers.push_back({{"name", driver}, {"nodeID", name}, {"allocatable", {{"count", limit}}}});
  }
  const json annotations = {{"storage.alpha.kubernetes.io/migrated-plugins", migrated}};
  const api::KindInfo* info = schema_.kinds.find("storage.k8s.io/v1", "CSINode");
  CHECK(info != nullptr);
  ++asked_;
  cluster_.create(*info, Symbol(),
                  api::RawRef(json{{"apiVersion", "storage.k8s.io/v1"},
                                   {"kind", "CSINode"},
                                   {"metadata", {{"name", name}, {"annotations", annotations}}},
                                   {"spec", {{"drivers", drivers}}}}),
                  [this](Response r) { count(r.status); });
}

}  // namespace orrery::sim
