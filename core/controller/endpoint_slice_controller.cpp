#include "core/controller/endpoint_slice_controller.h"

#include <algorithm>

#include "core/controller/owner_claim.h"

namespace orrery::controller {
namespace {

api::ObjectTable::IndexKey service_key(Symbol ns, std::string_view service) {
  return hash_text(service, ns.id() + 1);
}

bool selects(const api::LabelSet& selector, const api::LabelSet& labels) {
  for (const auto& [key, value] : selector->entries()) {
    const Symbol* found = labels->find(key);
    if (!found || *found != value) return false;
  }
  return !selector.empty();
}

}  // namespace

EndpointSliceController::EndpointSliceController(Env& env, Client& client, Informers& informers,
                                                 PodCache& pods, Options options)
    : Reconciler(env, {"endpointslice-controller", 5}),  // --concurrent-service-endpoint-syncs
      client_(client),
      pods_(pods),
      options_(options),
      nodes_(informers.get<api::Node>()),
      services_(informers.get<api::Service>()),
      slices_(informers.get<api::EndpointSlice>()),
      by_service_(slices_.base().add_index([](const api::Object& slice) -> std::uint64_t {
        static const Symbol kName("kubernetes.io/service-name");
        const Symbol* name = slice.meta.labels->find(kName);
        return name ? service_key(slice.meta.namespace_, name->view()) : 0;
      })) {
  services_.on_change(
      [this](const ServiceRef& old, const ServiceRef& now) { on_service(old, now); });
  pods_.pods.on_change([this](const PodRef& old, const PodRef& now) { on_pod(old, now); });
  slices_.on_change([this](const SliceRef& old, const SliceRef& now) { on_slice(old, now); });
}

EndpointSliceController::~EndpointSliceController() { *alive_ = false; }

EndpointSliceController::State* EndpointSliceController::state_of(const ObjectKey& key) {
  const auto it = states_.find(key);
  return it == states_.end() ? nullptr : it->second.get();
}

void EndpointSliceController::on_service(const ServiceRef& old, const ServiceRef& now) {
  const ObjectKey key = ObjectKey::of(now ? *now : *old);
  Scope& scope = scopes_[key.namespace_.id()];
  State* state = state_of(key);
  if (!now || now->spec.selector.empty() || now->spec.type == "ExternalName") {
    if (!state) return;  // the slices go with their owner
    std::erase(scope.services, state);
    scope.memo.clear();
    states_.erase(key);
    return;
  }
  if (!state) {
    state = (states_[key] = std::make_unique<State>()).get();
    state->key = key;
    scope.services.push_back(state);
    scope.memo.clear();
  } else if (old && old->spec == now->spec && old->meta.labels == now->meta.labels) {
    return;
  }
  if (!(state->selector == now->spec.selector)) {
    state->selector = now->spec.selector;
    scope.memo.clear();
  }
  if (!is_set(state->trigger)) state->trigger = now->meta.creation_timestamp;
  state->reload = true;
  ask_for_scan(*state);
}

void EndpointSliceController::ask_for_scan(State& state) {
  to_scan_.push_back(state.key);
  if (to_scan_.size() > 1) return;
  env_.loop.post([this, alive = alive_] {
    if (*alive) scan();
  });
}

// One walk over the pods for all services that asked.
void EndpointSliceController::scan() {
  std::vector<State*> asked;
  for (const ObjectKey& key : std::exchange(to_scan_, {})) {
    State* state = state_of(key);
    if (state && std::find(asked.begin(), asked.end(), state) == asked.end()) {
      asked.push_back(state);
    }
  }
  if (asked.empty()) return;
  pods_.pods.for_each([&](const api::Pod& pod) {
    if (pod.meta.labels.empty() || !has_endpoint(pod)) return;
    for (State* state : services_of(pod)) {
      if (std::find(asked.begin(), asked.end(), state) != asked.end()) note(*state, pod);
    }
  });
  for (State* state : asked) schedule(*state);
}

const std::vector<EndpointSliceController::State*>& EndpointSliceController::services_of(
    const api::Pod& pod) {
  static const std::vector<State*> kNone;
  const auto scope = scopes_.find(pod.meta.namespace_.id());
  if (scope == scopes_.end() || scope->second.services.empty()) return kNone;
  auto& memo = scope->second.memo;
  const auto known = memo.find(pod.meta.labels.identity());
  if (known != memo.end()) return known->second.services;
  if (memo.size() >= kMemoMax) memo.clear();
  Memo& fresh = memo[pod.meta.labels.identity()];
  fresh.labels = pod.meta.labels;
  for (State* state : scope->second.services) {
    if (selects(state->selector, pod.meta.labels)) fresh.services.push_back(state);
  }
  return fresh.services;
}

void EndpointSliceController::note(State& state, const api::Pod& pod) {
  state.noted.push_back({pod.meta.uid, pod.meta.name});
}

void EndpointSliceController::schedule(State& state) {
  const Time due = state.last_sync + options_.min_interval;
  if (!is_set(state.last_sync)) {
    enqueue_after(state.key, options_.min_interval);  // the first burst of a service
  } else if (due <= env_.now()) {
    enqueue(state.key);
  } else {
    enqueue_after(state.key, due - env_.now());
  }
}

void EndpointSliceController::on_pod(const PodRef& old, const PodRef& now) {
  const bool had = old && has_endpoint(*old);
  const bool has = now && has_endpoint(*now);
  if (!had && !has) return;
  if (had && has && same_endpoint(*old, *now)) return;
  const auto tell = [&](const api::Pod& pod) {
    for (State* state : services_of(pod)) {
      const api::PodCondition* ready = api::find_condition(pod.status, "Ready");
      const Time when = ready && now ? ready->last_transition_time : env_.now();
      if (!is_set(state->trigger) || when < state->trigger) state->trigger = when;
      if (state->noted.empty()) schedule(*state);
      note(*state, pod);
    }
  };
  if (had && (!has || !(old->meta.labels == now->meta.labels))) tell(*old);
  if (has) tell(*now);
}

void EndpointSliceController::on_slice(const SliceRef& old, const SliceRef& now) {
  const api::EndpointSlice& slice = now ? *now : *old;
  static const Symbol kName("kubernetes.io/service-name");
  const Symbol* service = slice.meta.labels->find(kName);
  if (!service) return;
  State* state = state_of({slice.meta.namespace_, Text(service->view())});
  if (!state || state->reload) return;
  const api::Revision revision = now ? now->meta.resource_version : 0;
  if (state->busy) {
    state->foreign.emplace_back(slice.meta.name, revision);
    return;
  }
  const auto mine = std::find_if(state->slices.begin(), state->slices.end(), [&](const Slice& s) {
    return s.stored && s.stored->meta.name == slice.meta.name;
  });
  const bool as_left = mine == state->slices.end()
                           ? revision == 0
                           : revision != 0 && revision <= mine->stored->meta.resource_version;
  if (as_left) return;
  state->reload = true;
  ask_for_scan(*state);
}

Symbol EndpointSliceController::zone_of_node(Symbol node) {
  static const Symbol kZone("topology.kubernetes.io/zone");
  const Ref<const api::Node> found = nodes_.find(Symbol(), node.view());
  return found ? found->meta.labels.get(kZone) : Symbol();
}

void EndpointSliceController::load(State& state) {
  static const Symbol kManager("endpointslice.kubernetes.io/managed-by");
  state.reload = false;
  state.slices.clear();
  state.where.clear();
  std::vector<SliceRef> found;
  slices_.for_each_in(by_service_, service_key(state.key.namespace_, state.key.name.view()),
                      [&](const api::EndpointSlice& s) {
                        if (s.meta.namespace_ == state.key.namespace_ &&
                            !s.meta.is_being_deleted() &&
                            s.meta.labels.get(kManager) == "endpointslice-controller.k8s.io") {
                          found.push_back(SliceRef(&s));
                        }
                      });
  std::sort(found.begin(), found.end(),
            [](const SliceRef& a, const SliceRef& b) { return a->meta.name < b->meta.name; });
  for (SliceRef& slice : found) {
    for (const api::Endpoint& e : slice->endpoints) {
      if (!e.target_ref) continue;
      state.where[e.target_ref->uid] = slice->meta.name;
      state.noted.push_back({e.target_ref->uid, e.target_ref->name});
    }
    state.slices.push_back({std::move(slice), nullptr});
  }
}

void EndpointSliceController::reconcile(const ObjectKey& key, const PassRef& pass) {
  State* state = state_of(key);
  const ServiceRef service = services_.find(key.namespace_, key.name.view());
  if (!state || !service) return;
  if (state->reload) load(*state);
  state->last_sync = env_.now();
  apply(*state, *service);
  drop_empty(*state, *service, pass);
  write(*state, *service, pass);
}

}  // namespace orrery::controller
