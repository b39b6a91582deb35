#include "sim/cluster/pod_selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/api/apps.h"
#include "core/base/pattern.h"

namespace orrery::sim {
namespace {

struct OwnerWord {
  std::string_view word, kind;
};
constexpr OwnerWord kOwnerWords[] = {
    {"deploy", "Deployment"},        {"deployment", "Deployment"}, {"deployments", "Deployment"},
    {"rs", "ReplicaSet"},            {"replicaset", "ReplicaSet"}, {"replicasets", "ReplicaSet"},
    {"sts", "StatefulSet"},          {"statefulset", "StatefulSet"},
    {"statefulsets", "StatefulSet"}, {"ds", "DaemonSet"},          {"daemonset", "DaemonSet"},
    {"daemonsets", "DaemonSet"},     {"job", "Job"},               {"jobs", "Job"}};

std::string_view owner_kind_of(std::string_view word) {
  for (const OwnerWord& o : kOwnerWords) {
    if (o.word == word) return o.kind;
  }
  return {};
}

bool is_expression(std::string_view text) {
  return text.find_first_of("^$[]{}()|+?\\") != text.npos || text.find(".*") != text.npos;
}

/// At commas that are not inside of brackets.
std::vector<std::string_view> split_items(std::string_view text) {
  std::vector<std::string_view> items;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    if (c == '(' || c == '[' || c == '{') ++depth;
    if ((c == ')' || c == ']' || c == '}') && depth > 0) --depth;
    if (c != ',' || (depth > 0 && i < text.size())) continue;
    items.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  return items;
}

bool is_owned_by(const api::Pod& pod, std::string_view kind, std::string_view name,
                 const store::Store& store) {
  const api::OwnerReference* owner = api::controller_of(pod.meta);
  if (!owner) return false;
  if (owner->kind == kind) return matches_pattern(name, owner->name.view());
  if (kind != "Deployment" || !(owner->kind == "ReplicaSet")) return false;
  const api::ObjectRef* set =
      store.find(api::KindId::kReplicaSet, pod.meta.namespace_, owner->name.view());
  const api::OwnerReference* above = set ? api::controller_of((*set)->meta) : nullptr;
  return above && above->kind == kind && matches_pattern(name, above->name.view());
}

/// Edits (insert, remove, replace) that turn one text into the other.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, corner + (a[i] == b[j] ? 0 : 1)});
      corner = above;
    }
  }
  return row[b.size()];
}

std::string_view last_part(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return slash == name.npos ? name : name.substr(slash + 1);
}

}  // namespace

Result<PodSelection::Item> PodSelection::parse_item(std::string_view text) {
  Item item;
  if (text.empty()) return bad_request("a pod's name is missing");
  if (is_expression(text)) {
    try {
      item.expression.emplace(std::string(text), std::regex::ECMAScript);
    } catch (const std::regex_error& error) {
      return bad_request(fmt::format("\"{}\" is no regular expression: {}", text, error.what()));
    }
    return item;
  }
  std::vector<std::string_view> parts;
  for (std::string_view rest = text;;) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    parts.push_back(rest.substr(0, slash));
    if (slash == rest.size()) break;
    rest.remove_prefix(slash + 1);
  }
  item.name = parts.back();
  std::size_t before = parts.size() - 1;
  if (before > 0) {
    item.owner_kind = owner_kind_of(parts[before - 1]);
    if (!item.owner_kind.empty()) --before;
  }
  if (before > 0) item.name_space = parts[0];
  if (before > 1 || std::count(parts.begin(), parts.end(), std::string_view()) > 0) {
    return bad_request(fmt::format(
        "\"{}\" names no pod: want NAME, NAMESPACE/NAME, a prefix such as web-*, deploy/NAME, or a "
        "regular expression",
        text));
  }
  return item;
}

Result<PodSelection> PodSelection::parse(std::string_view text) {
  PodSelection out;
  out.text_ = text;
  for (const std::string_view one : split_items(text)) {
    auto item = parse_item(one);
    if (!item.ok()) return item.status();
    out.items_.push_back(std::move(*item));
  }
  return out;
}

bool PodSelection::matches(const api::Pod& pod, const store::Store& store) const {
  const std::string name = pod.meta.name.str();
  return std::any_of(items_.begin(), items_.end(), [&](const Item& item) {
    if (item.expression) {
      return std::regex_search(name, *item.expression) ||
             std::regex_search(api::key_of(pod), *item.expression);
    }
    if (!item.name_space.empty() && !(pod.meta.namespace_ == item.name_space)) return false;
    return item.owner_kind.empty() ? matches_pattern(item.name, name)
                                   : is_owned_by(pod, item.owner_kind, item.name, store);
  });
}

std::vector<Ref<const api::Pod>> PodSelection::find_in(const store::Store& store) const {
  std::vector<Ref<const api::Pod>> found;
  for (const api::ObjectRef& object : store.table(api::KindId::kPod).sorted()) {
    Ref<const api::Pod> pod = api::as<api::Pod>(object);
    if (pod && matches(*pod, store)) found.push_back(std::move(pod));
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a->meta.creation_timestamp < b->meta.creation_timestamp;
  });
  return found;
}

std::vector<std::string> nearest_names(std::string_view asked, std::vector<std::string> names,
                                       std::size_t count) {
  std::string wanted(last_part(asked));
  std::erase(wanted, '*');
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (std::string& name : names) {
    const std::string_view last = last_part(name);
    // The random end of a pod's name is not held against it.
    const std::size_t edits = std::min(edits_between(wanted, last),
                                       edits_between(wanted, last.substr(0, wanted.size())) + 1);
    ranked.emplace_back(edits, std::move(name));
  }
  std::sort(ranked.begin(), ranked.end());
  names.clear();
  for (std::size_t i = 0; i < std::min(count, ranked.size()); ++i) {
    names.push_back(std::move(ranked[i].second));
  }
  return names;
}

}  // namespace orrery::sim
