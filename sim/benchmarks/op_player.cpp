#include "sim/benchmarks/op_player.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/api/node.h"

namespace orrery::sim {
namespace {

// What upstream's harness makes where neither the operation nor the test case names a template.
constexpr std::string_view kBasePod = R"(
apiVersion: v1
kind: Pod
metadata: {generateName: pod-}
spec:
  containers:
  - name: pause
    image: registry.k8s.io/pause:3.10.1
    ports: [{containerPort: 80}]
    resources: {limits: {cpu: 100m, memory: 500Mi}, requests: {cpu: 100m, memory: 500Mi}}
)";

}  // namespace

const ObjectTemplate& TemplateFiles::base_pod() {
  if (!base_pod_) {
    auto made = ObjectTemplate::of_text(kBasePod, "base pod");
    CHECK(made.ok());
    base_pod_ = std::make_unique<ObjectTemplate>(std::move(*made));
  }
  return *base_pod_;
}

Result<const ObjectTemplate*> TemplateFiles::get(const std::string& path) {
  if (path.empty()) return static_cast<const ObjectTemplate*>(nullptr);
  auto& slot = files_[path];
  if (!slot) {
    auto read = ObjectTemplate::read(path);
    if (!read.ok()) return read.status();
    slot = std::make_unique<ObjectTemplate>(std::move(*read));
  }
  return static_cast<const ObjectTemplate*>(slot.get());
}

OpPlayer::OpPlayer(BenchCluster& cluster, PodCounter& pods, Measurer& measurer,
                   const BenchOptions& options, std::string default_pod_template, std::string file)
    : cluster_(cluster),
      schema_{cluster.kinds, cluster.table},
      pods_(pods),
      measurer_(measurer),
      options_(options),
      default_pod_template_(std::move(default_pod_template)),
      file_(std::move(file)) {}

Status OpPlayer::run_until(Callback<bool()> is_done, Callback<std::string()> what_is_missing) {
  const Time deadline = cluster_.loop.now() + options_.operation_max;
  while (!is_done()) {
    if (!cluster_.loop.run_one(deadline)) {
      return Status(Reason::kTimeout, fmt::format("{} after {} of virtual time", what_is_missing(),
                                                  format_duration(options_.operation_max)));
    }
    measurer_.after_task();
  }
  return Status();
}

Result<Response> OpPlayer::await(Callback<void(Callback<void(Response)>)> send) {
  std::optional<Response> answer;
  send([&answer](Response response) { answer = std::move(response); });
  RETURN_IF_ERROR(run_until([&] { return answer.has_value(); },
                            [] { return std::string("no answer to a request"); }));
  if (!answer->status.ok()) return answer->status;
  return std::move(*answer);
}

Result<PodMaker::Plan> OpPlayer::plan_of(const WorkloadOp& op, Symbol name_space) {
  PodMaker::Plan plan;
  const std::string& path = op.template_path.empty() ? default_pod_template_ : op.template_path;
  for (const auto& [file, into] :
       {std::pair{&path, &plan.pod}, std::pair{&op.volume_template_path, &plan.volume},
        std::pair{&op.claim_template_path, &plan.claim}}) {
    auto found = templates_.get(*file);
    if (!found.ok()) return found.status();
    *into = *found;
  }
  if (!plan.pod) plan.pod = &templates_.base_pod();
  plan.params = op.template_params;
  plan.count = op.count.value_or(0);
  plan.name_space = name_space;
  return plan;
}

Status OpPlayer::check_templates(const std::vector<WorkloadOp>& ops) {
  for (const WorkloadOp& op : ops) {
    Status status;
    const Symbol somewhere("default");
    if (op.opcode == Opcode::kCreatePods || op.opcode == Opcode::kCreatePodSets) {
      auto plan = plan_of(op.inner ? *op.inner : op, somewhere);
      status = plan.ok() ? PodMaker(cluster_, schema_, std::move(*plan)).prepare() : plan.status();
    } else if (op.opcode == Opcode::kCreateNodes) {
      auto found = templates_.get(op.template_path);
      status = found.ok() ? NodeMaker(cluster_, schema_, op, *found, "n-", node_names_).prepare()
                          : found.status();
    } else {
      std::vector<std::string> paths = op.template_paths;
      if (!op.template_path.empty()) paths.push_back(op.template_path);
      for (const std::string& path : paths) {
        auto found = templates_.get(path);
        if (!found.ok() && status.ok()) status = found.status();
      }
    }
    if (!status.ok()) return status.with_prefix(fmt::format("{}:{}", file_, op.line));
  }
  return Status();
}

Status OpPlayer::play(const std::vector<WorkloadOp>& ops) {
  for (std::size_t i = 0; i < ops.size(); ++i) {
    const Status status = play_one(ops[i], i);
    if (!status.ok()) return status.with_prefix(fmt::format("{}:{}", file_, ops[i].line));
  }
  if (measurer_.is_on()) return bad_request(file_ + ": metrics collection was never stopped");
  return Status();
}

Status OpPlayer::play_one(const WorkloadOp& op, std::size_t index) {
  // Upstream's name for what is given none: by the operation's place.
  const Symbol name_space(op.name_space.empty() ? fmt::format("namespace-{}", index)
                                                : op.name_space);
  switch (op.opcode) {
    case Opcode::kCreateNodes:
      return create_nodes(op, index);
    case Opcode::kCreateNamespaces:
      return create_namespaces(op);
    case Opcode::kCreatePods:
      return create_pods(op, name_space);
    case Opcode::kCreatePodSets:
      return create_pod_sets(op);
    case Opcode::kCreateAny:
      return create_any(op);
    case Opcode::kDeletePods:
      return delete_pods(op);
    case Opcode::kChurn:
      return churn(op, name_space);
    case Opcode::kBarrier:
      return barrier(op);
    case Opcode::kSleep:
      return sleep(op);
    case Opcode::kStartCollectingMetrics: {
      if (measurer_.is_on()) return bad_request("metrics are being collected already");
      std::vector<Symbol> name_spaces;
      for (const std::string& one : op.name_spaces) name_spaces.push_back(Symbol(one));
      pods_.watch(std::move(name_spaces), op.label_selector);
      measurer_.start(op.name, pods_, cluster_.loop.now());
      return Status();
    }
    case Opcode::kStopCollectingMetrics:
      if (!measurer_.is_on()) return bad_request("metrics are not being collected");
      measurer_.stop(cluster_.loop.now());
      return Status();
  }
  return Status();
}

Status OpPlayer::create_nodes(const WorkloadOp& op, std::size_t index) {
  auto found = templates_.get(op.template_path);
  if (!found.ok()) return found.status();
  node_makers_.push_back(std::make_unique<NodeMaker>(
      cluster_, schema_, op, *found, fmt::format("node-{}-", index), node_names_));
  NodeMaker& maker = *node_makers_.back();
  RETURN_IF_ERROR(maker.prepare());
  maker.start();
  RETURN_IF_ERROR(run_until([&] { return maker.is_done() || !maker.status().ok(); },
                            [] { return std::string("nodes are not created"); }));
  return maker.status();
}

Status OpPlayer::ensure_namespace(Symbol name_space, const ObjectTemplate* from) {
  if (awaited_.contains(name_space.str())) return Status();
  awaited_[name_space.str()] = 0;
  nlohmann::json fields = {{"apiVersion", "v1"}, {"kind", "Namespace"}};
  if (from) {
    auto document = from->document(schema_, 0, 1, {});
    if (!document.ok()) return document.status();
    fields = *document->json;
  }
  fields["metadata"]["name"] = name_space.str();
  const auto made = await([&](Callback<void(Response)> done) {
    cluster_.create(schema_.kinds.info(api::KindId::kNamespace), Symbol(),
                    api::RawRef(std::move(fields)), std::move(done));
  });
  return made.status().is(Reason::kAlreadyExists) ? Status() : made.status();
}

Status OpPlayer::create_namespaces(const WorkloadOp& op) {
  auto from = templates_.get(op.template_path);
  if (!from.ok()) return from.status();
  for (std::int64_t i = 0; i < op.count.value_or(0); ++i) {
    RETURN_IF_ERROR(
        ensure_namespace(Symbol(fmt::format("{}-{}", op.name_space_prefix, i)), *from));
  }
  return Status();
}

Status OpPlayer::create_pods(const WorkloadOp& op, Symbol name_space) {
  RETURN_IF_ERROR(ensure_namespace(name_space));
  auto plan = plan_of(op, name_space);
  if (!plan.ok()) return plan.status();
  pod_makers_.push_back(std::make_unique<PodMaker>(cluster_, schema_, std::move(*plan)));
  PodMaker& maker = *pod_makers_.back();
  RETURN_IF_ERROR(maker.prepare());
  if (op.collects_metrics) {
    if (measurer_.is_on()) return bad_request("metrics are being collected already");
    pods_.watch({name_space}, {});
    measurer_.start(name_space.str(), pods_, cluster_.loop.now());
  }
  const std::uint64_t wanted =
      pods_.bound_in(name_space) + static_cast<std::uint64_t>(op.count.value_or(0));
  if (op.is_steady) {
    RETURN_IF_ERROR(create_pods_steadily(op, name_space, maker));
  } else {
    maker.start();
    const auto is_over = [&] {
      return !maker.status().ok() ||
             (maker.is_done() && (op.skips_wait || pods_.bound_in(name_space) >= wanted));
    };
    RETURN_IF_ERROR(run_until(is_over, [&] {
      const PodCounter::Stages stages = pods_.stages(name_space, {});
      const api::PodCondition* why =
          stages.pending ? api::find_condition(stages.pending->status, "PodScheduled") : nullptr;
      return fmt::format("{} of {} pods in namespace {} are scheduled{}",
                         pods_.bound_in(name_space) + op.count.value_or(0) - wanted,
                         op.count.value_or(0), name_space.view(),
                         !stages.pending
                             ? std::string()
                             : fmt::format(" (pod {}: {})", stages.pending->meta.name.view(),
                                           why ? why->message.view() : "not attempted"));
    }));
  }
  RETURN_IF_ERROR(maker.status());
  if (op.skips_wait) awaited_[name_space.str()] += op.count.value_or(0);
  if (op.collects_metrics) measurer_.stop(cluster_.loop.now());
  return Status();
}

// Each pod that is bound is deleted and another one made, until the time is over.
Status OpPlayer::create_pods_steadily(const WorkloadOp& op, Symbol name_space, PodMaker& maker) {
  const Time end = cluster_.loop.now() + op.duration;
  const std::uint64_t before = pods_.bound_in(name_space);
  pods_.on_bound([&](const api::Pod& pod) {
    if (!(pod.meta.namespace_ == name_space)) return;
    DeleteOptions options;
    options.grace_period_seconds = 0;
    cluster_.remove(schema_.kinds.info(api::KindId::kPod), name_space, pod.meta.name, options,
                    [&maker](Response) { maker.make_one(); });
  });
  maker.start();
  while (maker.status().ok() && cluster_.loop.run_one(end)) measurer_.after_task();
  pods_.on_bound({});
  if (pods_.bound_in(name_space) == before) return bad_request("no pod at all was scheduled");
  return Status();
}

Status OpPlayer::create_pod_sets(const WorkloadOp& op) {
  for (std::int64_t i = 0; i < op.count.value_or(0); ++i) {
    RETURN_IF_ERROR(
        create_pods(*op.inner, Symbol(fmt::format("{}-{}", op.name_space_prefix, i))));
  }
  return Status();
}

Status OpPlayer::create_any(const WorkloadOp& op) {
  if (!op.name_space.empty()) RETURN_IF_ERROR(ensure_namespace(Symbol(op.name_space)));
  auto from = templates_.get(op.template_path);
  if (!from.ok()) return from.status();
  const std::int64_t count = op.count.value_or(1);
  for (std::int64_t i = 0; i < count; ++i) {
    auto document = (*from)->document(schema_, i, count, op.template_params);
    if (!document.ok()) return document.status();
    if (i == 0) RETURN_IF_ERROR(check_object(schema_, *document));
    const api::KindInfo* info = schema_.kinds.find(document->json->value("apiVersion", ""),
                                                   document->json->value("kind", ""));
    if (info->namespaced == op.name_space.empty()) {
      return bad_request(fmt::format("namespace: {} {}", info->kind.view(),
                                     info->namespaced ? "needs one" : "has none"));
    }
    const auto made = await([&](Callback<void(Response)> done) {
      cluster_.create(*info, Symbol(op.name_space), api::RawRef(*document->json), std::move(done));
    });
    if (!made.ok()) return made.status();
  }
  return Status();
}

Status OpPlayer::delete_pods(const WorkloadOp& op) {
  removals_.push_back(std::make_unique<PodRemoval>(
      cluster_, pods_.pods(Symbol(op.name_space), op.label_selector), op.pods_per_second));
  PodRemoval& removal = *removals_.back();
  removal.start();
  if (op.skips_wait) return Status();
  return run_until([&] { return removal.is_done(); },
                   [] { return std::string("pods are not deleted"); });
}

Status OpPlayer::churn(const WorkloadOp& op, Symbol name_space) {
  RETURN_IF_ERROR(ensure_namespace(name_space));
  std::vector<const ObjectTemplate*> templates;
  for (const std::string& path : op.template_paths) {
    auto found = templates_.get(path);
    if (!found.ok()) return found.status();
    templates.push_back(*found);
  }
  churns_.push_back(std::make_unique<Churn>(cluster_, schema_, op, name_space));
  RETURN_IF_ERROR(churns_.back()->prepare(templates));
  churns_.back()->start();
  return Status();
}

Status OpPlayer::barrier(const WorkloadOp& op) {
  std::vector<std::string> name_spaces = op.name_spaces;
  if (name_spaces.empty()) {
    for (const auto& [name, count] : awaited_) name_spaces.push_back(name);
  }
  for (const std::string& name : name_spaces) {
    const auto wanted = awaited_.find(name);
    if (wanted == awaited_.end()) return bad_request("unknown namespace " + name);
    if (wanted->second == 0) continue;
    PodCounter::Stages stages;
    const auto reached = [&] {
      // Nothing changes while the loop still has work for this instant.
      if (!cluster_.loop.idle()) return false;
      stages = pods_.stages(Symbol(name), op.label_selector);
      return wanted->second <=
             (op.stage == Stage::kAttempted ? stages.attempted : stages.scheduled);
    };
    RETURN_IF_ERROR(run_until(reached, [&] {
      return fmt::format("namespace {}: {} of {} pods attempted, {} scheduled", name,
                         stages.attempted, wanted->second, stages.scheduled);
    }));
    if (op.stage == Stage::kScheduled) wanted->second = 0;
  }
  return Status();
}

Status OpPlayer::sleep(const WorkloadOp& op) {
  const Time end = cluster_.loop.now() + op.duration;
  while (cluster_.loop.run_one(end)) measurer_.after_task();
  return Status();
}

}  // namespace orrery::sim
