#include "core/apiserver/discovery/served_groups.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <tuple>

namespace orrery::apiserver {
namespace {

/// Maturity (3 = stable, 2 = beta, 1 = alpha), major, minor; nothing for other names.
std::optional<std::tuple<int, int, int>> parse_version(std::string_view text) {
  const auto take_number = [&text]() -> std::optional<int> {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
  };
  if (!text.starts_with("v") || text.size() < 2) return std::nullopt;
  text.remove_prefix(1);
  const auto major = take_number();
  if (!major) return std::nullopt;
  if (text.empty()) return std::tuple(3, *major, 0);
  const int maturity = text.starts_with("beta") ? 2 : text.starts_with("alpha") ? 1 : 0;
  if (maturity == 0) return std::nullopt;
  text.remove_prefix(maturity == 2 ? 4 : 5);
  const auto minor = text.empty() ? std::nullopt : take_number();
  if (!minor || !text.empty()) return std::nullopt;
  return std::tuple(maturity, *major, *minor);
}

int rank_of(const Catalog& catalog, const Served& served) {
  if (served.table == &catalog.built_in()) return 0;
  return served.custom != nullptr ? 1 : 2;
}

void add(ServedGroup& group, const Served& served) {
  for (ServedVersion& version : group.versions) {
    if (version.name == served.row->version) {
      version.resources.push_back(&served);
      return;
    }
  }
  group.versions.push_back({served.row->version, {&served}});
}

}  // namespace

bool is_newer_version(std::string_view left, std::string_view right) {
  const auto l = parse_version(left), r = parse_version(right);
  if (l && r) return *l > *r;
  if (l || r) return l.has_value();
  return left < right;
}

std::vector<ServedGroup> served_groups(const Catalog& catalog) {
  struct Ranked {
    int rank;
    ServedGroup group;
  };
  std::vector<Ranked> ranked;
  for (const Served* served : catalog.all()) {
    auto it = std::find_if(ranked.begin(), ranked.end(), [served](const Ranked& r) {
      return r.group.name == served->row->group;
    });
    if (it == ranked.end()) {
      ranked.push_back({rank_of(catalog, *served), {served->row->group, {}}});
      it = ranked.end() - 1;
    }
    add(it->group, *served);
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
    if (a.rank != b.rank || a.rank == 0) return a.rank < b.rank;
    return a.group.name < b.group.name;
  });
  std::vector<ServedGroup> groups;
  for (Ranked& r : ranked) {
    auto& versions = r.group.versions;
    if (r.rank != 0) {
      std::stable_sort(versions.begin(), versions.end(),
                       [](const ServedVersion& a, const ServedVersion& b) {
                         return is_newer_version(a.name, b.name);
                       });
    }
    groups.push_back(std::move(r.group));
  }
  return groups;
}

std::string group_version_text(std::string_view group, std::string_view version) {
  std::string text(group);
  if (!group.empty()) text.push_back('/');
  return text.append(version);
}

}  // namespace orrery::apiserver
