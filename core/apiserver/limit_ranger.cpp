#include "core/apiserver/limit_ranger.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace orrery::apiserver {
namespace {

using api::Quantity;
using api::ResourceList;
using nlohmann::json;

constexpr const char* kAnnotation = "kubernetes.io/limit-ranger";

// One item of spec.limits.
struct Limit {
  std::string type;
  ResourceList max, min, defaults, default_requests, max_ratio;
};

ResourceList list_of(const json& item, const char* key) {
  ResourceList list;
  const auto it = item.find(key);
  if (it == item.end() || !it->is_object()) return list;
  for (const auto& [name, value] : it->items()) {
    Result<Quantity> q =
        Quantity::parse(value.is_string() ? value.get<std::string>() : value.dump());
    if (q.ok()) list.set(Symbol(name), *q);
  }
  return list;
}

std::vector<Limit> limits_of(const api::Object& range) {
  std::vector<Limit> limits;
  const api::RawRef& body = static_cast<const api::Dynamic&>(range).body;
  const json items =
      body ? body.json().value(json::json_pointer("/spec/limits"), json::array()) : json::array();
  for (const json& item : items) {
    if (!item.is_object()) continue;
    limits.push_back({item.value("type", std::string()), list_of(item, "max"), list_of(item, "min"),
                      list_of(item, "default"), list_of(item, "defaultRequest"),
                      list_of(item, "maxLimitRequestRatio")});
  }
  return limits;
}

// What a list lacks of the defaults; the names of what was set.
std::vector<std::string> complete(ResourceList& list, const ResourceList& defaults) {
  std::vector<std::string> set;
  for (const auto& [name, quantity] : defaults) {
    if (list.find(name)) continue;
    list.set(name, quantity);
    set.push_back(name.str());
  }
  return set;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& n : names) text.append(text.empty() ? "" : ", ").append(n);
  return text;
}

void default_containers(api::List<api::Container>& containers, std::string_view what,
                        const Limit& limit, std::vector<std::string>& notes) {
  for (std::size_t i = 0; i < containers.size(); ++i) {
    api::ResourceRequirements resources = containers[i].resources;
    const auto limits = complete(resources.limits, limit.defaults);
    const auto requests = complete(resources.requests, limit.default_requests);
    if (limits.empty() && requests.empty()) continue;
    const std::string name = containers[i].name.str();
    if (!requests.empty())
      notes.push_back(fmt::format("{} request for {} {}", joined(requests), what, name));
    if (!limits.empty())
      notes.push_back(fmt::format("{} limit for {} {}", joined(limits), what, name));
    containers.edit()[i].resources = std::move(resources);
  }
}

using Errors = std::vector<std::string>;

void check_min(const Limit& limit, const ResourceList& requests, const ResourceList& limits,
               Errors& errors) {
  for (const auto& [name, least] : limit.min) {
    const Quantity* request = requests.find(name);
    const Quantity* bound = limits.find(name);
    const std::string head =
        fmt::format("minimum {} usage per {} is {}", name.view(), limit.type, least.to_string());
    if (!request) {
      errors.push_back(head + ".  No request is specified");
    } else if (request->cmp(least) < 0) {
      errors.push_back(fmt::format("{}, but request is {}", head, request->to_string()));
    } else if (bound && bound->cmp(least) < 0) {
      errors.push_back(fmt::format("{}, but limit is {}", head, bound->to_string()));
    }
  }
}

void check_max(const Limit& limit, const ResourceList& requests, const ResourceList& limits,
               Errors& errors) {
  for (const auto& [name, most] : limit.max) {
    const Quantity* request = requests.find(name);
    const Quantity* bound = limits.find(name);
    const std::string head =
        fmt::format("maximum {} usage per {} is {}", name.view(), limit.type, most.to_string());
    if (!bound) {
      errors.push_back(head + ".  No limit is specified");
    } else if (bound->cmp(most) > 0) {
      errors.push_back(fmt::format("{}, but limit is {}", head, bound->to_string()));
    } else if (request && request->cmp(most) > 0) {
      errors.push_back(fmt::format("{}, but request is {}", head, request->to_string()));
    }
  }
}

void check_ratio(const Limit& limit, const ResourceList& requests, const ResourceList& limits,
                 Errors& errors) {
  for (const auto& [name, most] : limit.max_ratio) {
    const Quantity* request = requests.find(name);
    const Quantity* bound = limits.find(name);
    const std::string head = fmt::format("{} max limit to request ratio per {} is {}", name.view(),
                                         limit.type, most.to_string());
    if (!request || request->is_zero()) {
      errors.push_back(head + ", but no request is specified or request is 0");
    } else if (!bound || bound->is_zero()) {
      errors.push_back(head + ", but no limit is specified or limit is 0");
    } else {
      const double ratio =
          static_cast<double>(bound->milli_value()) / static_cast<double>(request->milli_value());
      if (ratio > static_cast<double>(most.milli_value()) / 1000.0) {
        errors.push_back(fmt::format("{}, but provided ratio is {:f}", head, ratio));
      }
    }
  }
}

void check_all(const Limit& limit, const api::ResourceRequirements& r, Errors& errors) {
  check_min(limit, r.requests, r.limits, errors);
  check_max(limit, r.requests, r.limits, errors);
  check_ratio(limit, r.requests, r.limits, errors);
}

void add_to(ResourceList& sum, const ResourceList& one) {
  for (const auto& [name, quantity] : one) {
    const Quantity* had = sum.find(name);
    sum.set(name, had ? *had + quantity : quantity);
  }
}

void raise_to(ResourceList& most, const ResourceList& one) {
  for (const auto& [name, quantity] : one) {
    const Quantity* had = most.find(name);
    if (!had || had->cmp(quantity) < 0) most.set(name, quantity);
  }
}

// What all containers ask for together; init containers run before the others.
api::ResourceRequirements pod_total(const api::PodSpec& spec) {
  api::ResourceRequirements total;
  for (const api::Container& c : spec.containers) {
    add_to(total.requests, c.resources.requests);
    add_to(total.limits, c.resources.limits);
  }
  for (const api::Container& c : spec.init_containers) {
    raise_to(total.requests, c.resources.requests);
    raise_to(total.limits, c.resources.limits);
  }
  return total;
}

Status refused(const api::KindInfo& info, std::string_view name, Errors errors) {
  std::sort(errors.begin(), errors.end());
  errors.erase(std::unique(errors.begin(), errors.end()), errors.end());
  std::string why = errors.size() == 1 ? errors[0] : "[" + joined(errors) + "]";
  StatusDetails details;
  details.name = name;
  details.group = info.group.str();
  details.kind = info.resource.str();
  return Status(Reason::kForbidden,
                fmt::format("{} \"{}\" is forbidden: {}", info.group_resource(), name, why),
                details);
}

template <class Visit>
void each_range(const store::Store& store, api::KindId kind, Symbol ns, Visit visit) {
  if (kind == api::KindId::kNone || store.table(kind).empty()) return;
  for (const api::ObjectRef& range : store.table(kind).sorted()) {
    if (!(range->meta.namespace_ == ns)) continue;
    for (const Limit& limit : limits_of(*range)) visit(limit);
  }
}

}  // namespace

LimitRanger::LimitRanger(const api::Kinds& kinds, const store::Store& store)
    : kinds_(kinds), store_(store) {
  if (const api::KindInfo* info = kinds.find("v1", "LimitRange")) kind_ = info->id;
}

Status LimitRanger::admit(api::Pod& pod) const {
  std::vector<std::string> notes;
  Errors errors;
  each_range(store_, kind_, pod.meta.namespace_, [&](const Limit& limit) {
    if (limit.type != "Container") return;
    api::PodSpec& spec = pod.spec.edit();
    default_containers(spec.containers, "container", limit, notes);
    default_containers(spec.init_containers, "init container", limit, notes);
  });
  each_range(store_, kind_, pod.meta.namespace_, [&](const Limit& limit) {
    if (limit.type == "Container") {
      for (const auto* list : {&pod.spec->containers, &pod.spec->init_containers}) {
        for (const api::Container& c : *list) check_all(limit, c.resources, errors);
      }
    } else if (limit.type == "Pod") {
      check_all(limit, pod_total(*pod.spec), errors);
    }
  });
  if (!notes.empty()) {
    std::string text = "LimitRanger plugin set: ";
    for (std::size_t i = 0; i < notes.size(); ++i) text.append(i ? "; " : "").append(notes[i]);
    api::set(pod.meta.annotations, kAnnotation, text);
  }
  if (errors.empty()) return Status();
  return refused(kinds_.info(pod.kind), pod.meta.name.view(), std::move(errors));
}

Status LimitRanger::admit_claim(const api::ObjectMeta& meta, const json& claim) const {
  Errors errors;
  const json requests = claim.value(json::json_pointer("/spec/resources/requests"), json::object());
  const ResourceList asked = list_of({{"requests", requests}}, "requests");
  each_range(store_, kind_, meta.namespace_, [&](const Limit& limit) {
    if (limit.type != "PersistentVolumeClaim") return;
    for (const auto& [name, least] : limit.min) {
      const Quantity* request = asked.find(name);
      if (request && request->cmp(least) < 0) {
        errors.push_back(fmt::format("minimum {} usage per {} is {}, but request is {}",
                                     name.view(), limit.type, least.to_string(),
                                     request->to_string()));
      }
    }
    for (const auto& [name, most] : limit.max) {
      const Quantity* request = asked.find(name);
      if (request && request->cmp(most) > 0) {
        errors.push_back(fmt::format("maximum {} usage per {} is {}, but request is {}",
                                     name.view(), limit.type, most.to_string(),
                                     request->to_string()));
      }
    }
  });
  if (errors.empty()) return Status();
  return refused(kinds_.info(api::KindId::kPersistentVolumeClaim), meta.name.view(),
                 std::move(errors));
}

}  // namespace orrery::apiserver
