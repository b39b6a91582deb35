#include "core/scheduler/extender.h"

#include <algorithm>
#include <map>

#include "core/scheduler/extender_codec.h"

namespace orrery::scheduler {
namespace {

bool is_managed(const ExtenderConfig& extender, const api::ResourceList& list) {
  for (const auto& [name, quantity] : list) {
    for (const ManagedResource& resource : extender.managed_resources) {
      if (resource.name == name) return true;
    }
  }
  return false;
}

bool is_managed(const ExtenderConfig& extender, const api::List<api::Container>& containers) {
  return std::any_of(containers.begin(), containers.end(), [&](const api::Container& c) {
    return is_managed(extender, c.resources.requests) || is_managed(extender, c.resources.limits);
  });
}

/// The text of the code's answer that is 200, or why there is none.
Result<std::string> body_of(Result<HttpAnswer> answer, const std::string& verb,
                            const std::string& url) {
  if (!answer.ok()) return answer.status();
  if (answer->code != 200) {
    return internal_error("failed " + verb + " with extender at URL " + url + ", code " +
                          std::to_string(answer->code));
  }
  return std::move(answer->body);
}

Status bound(const Result<std::string>& body) {
  if (!body.ok()) return body.status();
  auto error = decode_binding_result(*body);
  if (!error.ok()) return error.status();
  return error->empty() ? Status() : internal_error(*error);
}

}  // namespace

ExtenderChain::ExtenderChain(Env& env, HttpCaller& http, const SchedulerCache& cache,
                             std::vector<ExtenderConfig> configs)
    : env_(env), http_(http), cache_(cache), configs_(std::move(configs)) {}

ExtenderChain::~ExtenderChain() { *alive_ = false; }

bool ExtenderChain::filters() const {
  return std::any_of(configs_.begin(), configs_.end(),
                     [](const ExtenderConfig& e) { return !e.filter_verb.empty(); });
}

/// IsInterested: it manages no resources, or the pod asks for one of them.
bool ExtenderChain::is_interested(const ExtenderConfig& extender, const api::Pod& pod) {
  if (extender.managed_resources.empty()) return true;
  return pod.spec && (is_managed(extender, pod.spec->containers) ||
                      is_managed(extender, pod.spec->init_containers));
}

bool ExtenderChain::is_interested(const api::Pod& pod) const {
  return std::any_of(configs_.begin(), configs_.end(),
                     [&](const ExtenderConfig& e) { return is_interested(e, pod); });
}

HttpPost ExtenderChain::post_of(const ExtenderConfig& extender, const std::string& verb,
                                std::string body) const {
  std::string url = extender.url_prefix;
  while (url.ends_with('/')) url.pop_back();
  HttpPost post{url + "/" + verb, std::move(body), extender.http_timeout, extender.tls};
  // Upstream's makeTransport: without an authority of its own, https is not checked.
  if (extender.enable_https) {
    if (!post.tls) post.tls.emplace();
    if (post.tls->ca_file.empty() && post.tls->ca_data.empty()) post.tls->insecure = true;
  }
  return post;
}

Result<std::string> ExtenderChain::call(const ExtenderConfig& extender, const std::string& verb,
                                        std::string body) const {
  const HttpPost post = post_of(extender, verb, std::move(body));
  return body_of(http_.post_and_wait(post), verb, post.url);
}

void ExtenderChain::ignored(const ExtenderConfig& extender, std::string_view what,
                            const Status& why) const {
  LOG(env_.log, kWarning, "extender failed and is ignored", {"extender", extender.url_prefix},
      {"call", what}, {"why", why.message()});
}

std::string ExtenderChain::args_of(const ExtenderConfig& extender, const api::Pod& pod,
                                   std::span<const NodeSlot> slots) const {
  std::vector<const api::Node*> nodes;
  for (const NodeSlot slot : slots) nodes.push_back(&cache_.node(slot).node());
  return encode_extender_args(kinds_, pod, nodes, extender.node_cache_capable);
}

Status ExtenderChain::filter(const api::Pod& pod, std::vector<NodeSlot>& feasible,
                             Diagnosis& diagnosis, std::vector<NodeSlot>* removable) const {
  for (const ExtenderConfig& extender : configs_) {
    if (feasible.empty()) break;
    if (extender.filter_verb.empty() || !is_interested(extender, pod)) continue;
    const Status status = filter_by(extender, pod, feasible, diagnosis, removable);
    if (status.ok()) continue;
    if (!extender.ignorable) return status;
    ignored(extender, "filter", status);
  }
  return {};
}

Status ExtenderChain::filter_by(const ExtenderConfig& extender, const api::Pod& pod,
                                std::vector<NodeSlot>& feasible, Diagnosis& diagnosis,
                                std::vector<NodeSlot>* removable) const {
  auto body = call(extender, extender.filter_verb, args_of(extender, pod, feasible));
  if (!body.ok()) return body.status();
  auto result = decode_filter_result(*body);
  if (!result.ok()) return result.status();
  if (!result->error.empty()) return internal_error(result->error);
  std::map<std::string, NodeSlot> slots;
  for (const NodeSlot slot : feasible) slots.emplace(cache_.node(slot).name().str(), slot);
  const bool by_name = extender.node_cache_capable && result->node_names;
  std::vector<NodeSlot> left;
  for (const std::string& name : by_name ? *result->node_names
                                         : result->nodes.value_or(std::vector<std::string>())) {
    const auto slot = slots.find(name);
    if (slot == slots.end()) {
      return internal_error("extender \"" + extender.url_prefix + "\" claims a filtered node \"" +
                            name + "\" which is not found in the input node list");
    }
    left.push_back(slot->second);
  }
  const auto reject = [&](const std::string& name, const std::string& why, Code code) {
    const auto slot = slots.find(name);
    if (slot == slots.end()) return;
    const Verdict verdict{code, {Symbol(why)}};
    diagnosis.add(verdict);
    if (removable && code == Code::kUnschedulable) removable->push_back(slot->second);
  };
  for (const auto& [name, why] : result->failed_and_unresolvable) {
    reject(name, why, Code::kUnschedulableAndUnresolvable);
  }
  for (const auto& [name, why] : result->failed) {
    if (!result->failed_and_unresolvable.contains(name)) reject(name, why, Code::kUnschedulable);
  }
  feasible = std::move(left);
  return {};
}

void ExtenderChain::prioritize(const api::Pod& pod, std::span<const NodeSlot> feasible,
                               std::vector<std::int64_t>& totals) const {
  if (feasible.empty()) return;
  std::map<std::string, std::int64_t> scores;
  for (const ExtenderConfig& extender : configs_) {
    if (extender.prioritize_verb.empty() || !is_interested(extender, pod)) continue;
    auto body = call(extender, extender.prioritize_verb, args_of(extender, pod, feasible));
    auto list = body.ok() ? decode_priorities(*body) : body.status();
    if (!list.ok()) {
      ignored(extender, "prioritize", list.status());
      continue;
    }
    for (const HostPriority& node : *list) scores[node.host] += node.score * extender.weight;
  }
  if (scores.empty()) return;
  for (std::size_t i = 0; i < feasible.size(); ++i) {
    const auto score = scores.find(cache_.node(feasible[i]).name().str());
    if (score != scores.end()) totals[i] += score->second * (kScoreMax / kExtenderScoreMax);
  }
}

bool ExtenderChain::bind(const Ref<const api::Pod>& pod, Symbol node, Completion done) {
  const auto binder = std::find_if(configs_.begin(), configs_.end(), [&](const ExtenderConfig& e) {
    return !e.bind_verb.empty() && is_interested(e, *pod);
  });
  if (binder == configs_.end()) return false;
  const auto tell = [done](const Status& status) {
    status.ok() ? done({}) : done({Code::kError}, status.message());
  };
  std::string body = encode_binding_args(*pod, node.str());
  if (binder->ignorable) {  // if it fails the bind plugins are asked: wait for it
    const Status status = bound(call(*binder, binder->bind_verb, std::move(body)));
    if (!status.ok()) {
      ignored(*binder, "bind", status);
      return false;
    }
    env_.loop.post([alive = alive_, tell] {
      if (*alive) tell({});
    });
    return true;
  }
  HttpPost post = post_of(*binder, binder->bind_verb, std::move(body));
  http_.post(std::move(post), [this, alive = alive_, tell, verb = binder->bind_verb,
                               url = post_of(*binder, binder->bind_verb, "").url](
                                  Result<HttpAnswer> answer) {
    if (*alive) tell(bound(body_of(std::move(answer), verb, url)));
  });
  return true;
}

}  // namespace orrery::scheduler
