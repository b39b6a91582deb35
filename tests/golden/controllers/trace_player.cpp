#include "tests/golden/controllers/trace_player.h"

#include <cctype>
#include <nlohmann/json.hpp>

#include "tests/golden/controllers/condensed_state.h"

namespace orrery::golden {
namespace {

using nlohmann::json;

// The recording's namespace: "c-" and the trace's name with dashes.
std::string namespace_of(const std::string& trace) {
  std::string out = "c-";
  for (const char c : trace) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (plain) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (!plain && out.back() != '-') out += '-';
  }
  while (out.back() == '-') out.pop_back();
  return out.substr(0, 63);
}

struct Target {
  std::string group_resource;  // "apps/deployments", "pods"
  std::string name;
};

// "/apis/apps/v1/namespaces/<ns>/deployments/d"
Target target_of(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t at = 1; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    parts.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  const bool core = parts[0] == "api";
  const std::size_t resource = core ? 4 : 5;
  return {parts[resource], parts.size() > resource + 1 ? parts[resource + 1] : ""};
}

Propagation propagation_in(const std::string& query) {
  if (query == "propagationPolicy=Foreground") return Propagation::kForeground;
  if (query == "propagationPolicy=Background") return Propagation::kBackground;
  if (query == "propagationPolicy=Orphan") return Propagation::kOrphan;
  CHECK(query.empty());
  return Propagation::kDefault;
}

constexpr std::string_view kNobody = "11111111-2222-4333-8444-555555555555";

}  // namespace

TracePlayer::TracePlayer(const json& trace)
    : trace_(trace),
      name_(trace["name"].get<std::string>()),
      world_(namespace_of(name_)),
      kubelet_(world_) {}

TracePlayer::~TracePlayer() = default;

std::vector<std::string> TracePlayer::play() {
  int number = 0;
  for (const json& step : trace_["steps"]) {
    ++number;
    for (const json& action : step["actions"]) act(action);
    // An implicit tick: Job recordings do not name the kubelet's turns, their states show them.
    if (name_.starts_with("job") && step["actions"].empty() && step.value("note", "").empty()) {
      CHECK(kubelet_.act("tick: bound 0, removed 0, made 99"));
    }
    wait(step);
    for (const std::string& line :
         differences(step["state"], condensed_state(world_, step["state"]))) {
      complain("step " + std::to_string(number) + ": " + line);
    }
  }
  return problems_;
}

// The recording waited until nothing had changed for 0.8 s (jobs 1.8 s, disruption budgets and
// endpoints 3 s), or as long as the note says. Here 0.3 s more: what becomes due after one second
// must be in.
void TracePlayer::wait(const json& step) {
  const std::string note = step.value("note", "");
  if (note.starts_with("after ") && std::isdigit(static_cast<unsigned char>(note[6])) != 0) {
    world_.run_for(std::chrono::seconds(std::stoi(note.substr(6))));
    return;
  }
  Duration quiet = 1100ms;
  if (name_.starts_with("job")) quiet = note == "after ttl" ? 5s : 2100ms;
  if (name_.starts_with("pdb")) quiet = 3300ms;
  Time changed = world_.env.now();
  for (api::Revision seen = 0; world_.env.now() - changed < quiet;) {
    if (seen != world_.store.revision()) changed = world_.env.now();
    seen = world_.store.revision();
    world_.run_for(100ms);
  }
}

void TracePlayer::act(const json& action) {
  if (action.contains("kubelet")) {
    const std::string text = action["kubelet"].get<std::string>();
    if (!kubelet_.act(text)) complain("unknown kubelet action: " + text);
  } else if (action.contains("method")) {
    send(action);
  } else if (action.contains("object")) {
    const std::string name = action["object"].get<std::string>();
    json owners = action["ownerReferences"];
    for (json& owner : owners) {
      const std::string uid = uid_of_config_map(owner["name"].get<std::string>());
      owner["uid"] = name == "wrong-uid" || uid.empty() ? std::string(kNobody) : uid;
    }
    create_config_map(name, owners, json());
  } else if (action["request"] == "create k owned by o (blockOwnerDeletion), finalizer x/y") {
    create_config_map("k",
                      json::array({{{"apiVersion", "v1"},
                                    {"kind", "ConfigMap"},
                                    {"name", "o"},
                                    {"uid", uid_of_config_map("o")},
                                    {"blockOwnerDeletion", true}}}),
                      json::array({"x/y"}));
  } else {
    complain("unknown action: " + action.dump());
  }
}

void TracePlayer::send(const json& action) {
  const std::string method = action["method"].get<std::string>();
  const Target target = target_of(action["path"].get<std::string>());
  api::KindId kind = api::KindId::kNone;
  for (const api::KindInfo& info : world_.kinds.all()) {
    if (info.resource == target.group_resource) kind = info.id;
  }
  if (kind == api::KindId::kNone) return complain("unknown resource: " + target.group_resource);
  const json body = action.value("body", json());
  std::string name = target.name;
  if (name.empty() && body.is_object()) name = body["metadata"].value("name", "");
  Request request = world_.about(Verb::kCreate, kind, name);
  if (method == "PATCH") {
    request.verb = Verb::kPatch;
    request.patch_type = PatchType::kStrategic;
  } else if (method == "DELETE") {
    request.verb = Verb::kDelete;
    request.remove.propagation = propagation_in(action.value("query", ""));
  }
  if (!body.is_null()) request.document = api::RawRef(body);
  const Response response = world_.call(std::move(request));
  if (!response.status.ok()) {
    complain(method + " " + name + ": " + response.status.message());
    return;
  }
  // What the recording did besides, without noting it.
  if (method == "POST" && kind == api::KindId::kPod) kubelet_.make_ready(name);
  if (method == "POST" && kind == api::KindId::kConfigMap && name == "o2") {
    create_config_map("k2",
                      json::array({{{"apiVersion", "v1"},
                                    {"kind", "ConfigMap"},
                                    {"name", "o2"},
                                    {"uid", uid_of_config_map("o2")}}}),
                      json());
  }
}

void TracePlayer::create_config_map(const std::string& name, const json& owners,
                                    const json& finalizers) {
  json document = {{"apiVersion", "v1"},
                   {"kind", "ConfigMap"},
                   {"metadata", {{"name", name}, {"ownerReferences", owners}}}};
  if (!finalizers.is_null()) document["metadata"]["finalizers"] = finalizers;
  Request request = world_.about(Verb::kCreate, api::KindId::kConfigMap, name);
  request.document = api::RawRef(std::move(document));
  const Response response = world_.call(std::move(request));
  if (!response.status.ok()) complain("create " + name + ": " + response.status.message());
}

std::string TracePlayer::uid_of_config_map(const std::string& name) const {
  for (const api::ObjectRef& object : world_.list(api::KindId::kConfigMap)) {
    if (object->meta.name == name) return object->meta.uid.str();
  }
  return "";
}

}  // namespace orrery::golden
