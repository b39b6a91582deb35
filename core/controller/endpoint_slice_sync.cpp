// The writing half of EndpointSliceController: from noted pods to changed slices.
#include <algorithm>

#include "core/client/typed_client.h"
#include "core/controller/endpoint_slice_controller.h"
#include "core/controller/owner_claim.h"

namespace orrery::controller {
namespace {

std::size_t find_endpoint(const api::EndpointSlice& slice, const Uid& pod) {
  for (std::size_t i = 0; i < slice.endpoints.size(); ++i) {
    if (slice.endpoints[i].target_ref && slice.endpoints[i].target_ref->uid == pod) return i;
  }
  return slice.endpoints.size();
}

Ref<api::EndpointSlice>& draft_of(Ref<api::EndpointSlice>& draft,
                                  const Ref<const api::EndpointSlice>& stored) {
  if (!draft) draft = copy_of(stored);
  return draft;
}

}  // namespace

EndpointSliceController::Slice EndpointSliceController::new_slice(
    const api::Service& service, const api::List<api::EndpointPort>& ports) {
  static const Symbol kV1("v1"), kService("Service"), kIpv4("IPv4"), kIpv6("IPv6");
  Slice out;
  out.draft = make_ref<api::EndpointSlice>();
  out.draft->meta.namespace_ = service.meta.namespace_;
  out.draft->meta.generate_name = Text(service.meta.name.str() + "-");
  out.draft->meta.labels = slice_labels(service);
  out.draft->meta.owner_references = {controller_reference(service, kV1, kService)};
  const bool six = !service.spec.ip_families.empty() && service.spec.ip_families[0] == "IPv6";
  out.draft->address_type = six ? kIpv6 : kIpv4;
  out.draft->ports = ports;
  return out;
}

void EndpointSliceController::apply(State& state, const api::Service& service) {
  struct Group {
    api::List<api::EndpointPort> ports;
    std::vector<api::Endpoint> added;
  };
  std::vector<Group> groups;
  const void* spec = nullptr;  // the newest spec resolved: pods of a template share it
  api::List<api::EndpointPort> ports;
  std::unordered_map<Uid, bool, UidHash> seen;  // lookup only
  for (const Noted& noted : std::exchange(state.noted, {})) {
    if (!seen.try_emplace(noted.uid, true).second) continue;
    const PodRef pod = pods_.pods.find(state.key.namespace_, noted.name.view());
    const bool in = pod && pod->meta.uid == noted.uid && has_endpoint(*pod) &&
                    !pod->node_name.empty() &&
                    services_of(*pod).end() !=
                        std::find(services_of(*pod).begin(), services_of(*pod).end(), &state);
    if (in && (!spec || pod->spec.identity() != spec)) {
      spec = pod->spec.identity();
      ports = endpoint_ports(service, *pod);
    }
    const auto place = state.where.find(noted.uid);
    if (place != state.where.end()) {
      const auto slice =
          std::find_if(state.slices.begin(), state.slices.end(),
                       [&](const Slice& s) { return s.now().meta.name == place->second; });
      const std::size_t at =
          slice == state.slices.end() ? 0 : find_endpoint(slice->now(), noted.uid);
      const bool there = slice != state.slices.end() && at < slice->now().endpoints.size();
      if (there && in && slice->now().ports == ports) {
        api::Endpoint wanted = endpoint_of(service, *pod, zone_of_node(pod->node_name));
        if (!(slice->now().endpoints[at] == wanted)) {
          draft_of(slice->draft, slice->stored)->endpoints.edit()[at] = std::move(wanted);
        }
        continue;
      }
      if (there) {
        auto& all = draft_of(slice->draft, slice->stored)->endpoints.edit();
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(at));
      }
      state.where.erase(place);
    }
    if (!in) continue;
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const Group& g) { return g.ports == ports; });
    if (group == groups.end()) group = groups.insert(groups.end(), {ports, {}});
    group->added.push_back(endpoint_of(service, *pod, zone_of_node(pod->node_name)));
  }
  for (Group& group : groups) place(state, service, group.ports, std::move(group.added));
}

void EndpointSliceController::place(State& state, const api::Service& service,
                                    const api::List<api::EndpointPort>& ports,
                                    std::vector<api::Endpoint> added) {
  std::vector<std::size_t> same;  // slices with these ports
  std::vector<SliceRoom> rooms;
  for (std::size_t i = 0; i < state.slices.size(); ++i) {
    // An empty slice takes any ports: the placeholder of a service without pods has none.
    const api::EndpointSlice& slice = state.slices[i].now();
    if (!(slice.ports == ports) && !slice.endpoints.empty()) continue;
    if (!slice.endpoints.empty() || slice.ports == ports) {
      rooms.push_back({slice.endpoints.size(), static_cast<bool>(state.slices[i].draft)});
    } else {
      rooms.push_back({0, true});
    }
    same.push_back(i);
  }
  const std::vector<std::size_t> shares = share_out(rooms, added.size());
  std::size_t next = 0;
  const auto put = [&](Slice& slice, std::size_t count) {
    api::EndpointSlice& draft = *draft_of(slice.draft, slice.stored);
    draft.ports = ports;
    auto& all = draft.endpoints.edit();
    for (std::size_t k = 0; k < count; ++k, ++next) {
      state.where[added[next].target_ref->uid] = draft.meta.name;
      all.push_back(std::move(added[next]));
    }
  };
  for (std::size_t i = 0; i < same.size(); ++i) {
    if (shares[i] > 0) put(state.slices[same[i]], shares[i]);
  }
  while (next < added.size()) {
    state.slices.push_back(new_slice(service, ports));
    put(state.slices.back(), std::min(kEndpointsPerSliceMax, added.size() - next));
  }
}

// Empty slices go, but one stays as a placeholder for a service without endpoints.
void EndpointSliceController::drop_empty(State& state, const api::Service& service,
                                         const PassRef& pass) {
  std::size_t filled = 0;
  for (const Slice& s : state.slices) filled += s.now().endpoints.empty() ? 0 : 1;
  if (state.slices.empty()) {
    state.slices.push_back(new_slice(service, {}));
    return;
  }
  bool placeholder = filled > 0;
  std::erase_if(state.slices, [&](Slice& s) {
    if (!s.now().endpoints.empty()) return false;
    if (!placeholder) {
      placeholder = true;
      if (!s.now().ports.empty()) draft_of(s.draft, s.stored)->ports = {};
      return false;
    }
    if (s.stored) {
      remove(client_, *s.stored, {}, [pass](Status status) {
        if (!status.is(Reason::kNotFound)) pass->fail(status);
      });
    }
    return true;
  });
}

void EndpointSliceController::write(State& state, const api::Service& service,
                                    const PassRef& pass) {
  const api::LabelSet labels = slice_labels(service);
  const std::string trigger = is_set(state.trigger) ? format_rfc3339(state.trigger) : std::string();
  state.busy = true;
  for (Slice& slice : state.slices) {
    if (!slice.draft && !(slice.stored->meta.labels == labels)) slice.draft = copy_of(slice.stored);
    if (!slice.draft) continue;
    Ref<api::EndpointSlice> draft = std::exchange(slice.draft, nullptr);
    draft->meta.labels = labels;
    constexpr std::string_view kTrigger = "endpoints.kubernetes.io/last-change-trigger-time";
    if (trigger.empty()) {
      api::erase(draft->meta.annotations, kTrigger);
    } else {
      api::set(draft->meta.annotations, kTrigger, trigger);
    }
    const Text name = draft->meta.name;
    const auto done = [this, key = state.key, name, pass](Result<SliceRef> answer) {
      written(key, name, answer, pass);
    };
    const bool fresh = !slice.stored;
    ++state.writes;
    slice.stored = draft;
    if (fresh) {
      create<api::EndpointSlice>(client_, draft, done);
    } else {
      update<api::EndpointSlice>(client_, draft, done);
    }
  }
  state.trigger = {};
  // Created slices get their names from the answers.
  std::erase_if(state.slices, [](const Slice& s) { return s.stored->meta.name.empty(); });
  if (state.writes == 0) finish_sync(state);
}

void EndpointSliceController::written(const ObjectKey& key, const Text& name,
                                      const Result<SliceRef>& done, const PassRef& pass) {
  State* state = state_of(key);
  pass->fail(done.status());
  if (!state || state->writes == 0) return;  // the service went, or is another one by now
  if (!done.ok()) {
    state->reload = true;
  } else if (name.empty()) {
    for (const api::Endpoint& e : (*done)->endpoints) {
      state->where[e.target_ref->uid] = (*done)->meta.name;
    }
    state->slices.push_back({*done, nullptr});
  } else {
    for (Slice& slice : state->slices) {
      if (slice.stored->meta.name == name) slice.stored = *done;
    }
  }
  if (--state->writes == 0) finish_sync(*state);
}

void EndpointSliceController::finish_sync(State& state) {
  state.busy = false;
  for (const auto& [name, revision] : std::exchange(state.foreign, {})) {
    const auto mine = std::find_if(state.slices.begin(), state.slices.end(),
                                   [&](const Slice& s) { return s.stored->meta.name == name; });
    const bool known = mine != state.slices.end();
    const bool as_left = known ? revision != 0 && revision <= mine->stored->meta.resource_version
                               : revision == 0 || !slices_.find(state.key.namespace_, name.view());
    if (!as_left) state.reload = true;
  }
  if (state.reload) {
    ask_for_scan(state);
  } else if (!state.noted.empty()) {
    schedule(state);
  }
}

}  // namespace orrery::controller
