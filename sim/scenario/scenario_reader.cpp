#include "sim/scenario/scenario_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/document_reader.h"
#include "sim/scenario/field_table.h"
#include "sim/scenario/input_files.h"
#include "sim/scenario/line_index.h"
#include "sim/scenario/object_names.h"
#include "sim/scenario/scenario_checks.h"
#include "sim/scenario/scenario_table.h"

namespace orrery::sim {
namespace {

constexpr std::string_view kApiVersion = "orrery.dev/v1alpha1";
constexpr std::string_view kKind = "Scenario";

void read_constant(FieldReader& r, const Tree& t, std::string_view name, std::string_view value) {
  const Tree* field = t.find(name);
  if (!field) {
    r.error(t, name, fmt::format("required: {}: {}", name, value));
  } else if (!field->is_text() || field->text != value) {
    const FieldReader::Scope scope(r, name);
    r.mismatch(*field, fmt::format("\"{}\"", value));
  }
}

void read_metadata(FieldReader& r, const Tree& t, Scenario& s) {
  const Tree* metadata = t.find("metadata");
  if (!metadata)
    return r.error(t, "metadata.name", "required: the scenario's name, e.g. self-healing");
  const FieldReader::Scope scope(r, "metadata");
  if (!metadata->is_map()) return r.mismatch(*metadata, "a map with name");
  const Tree* name = metadata->find("name");
  if (!name) return r.error(*metadata, "name", "required: the scenario's name, e.g. self-healing");
  for (const auto& [key, value] : metadata->members) {
    if (key != "name") r.error(value, key, "unknown field, known here: name");
  }
  const FieldReader::Scope name_scope(r, "name");
  if (!name->is_text() || !is_label_name(name->text)) {
    return r.error(*name, fmt::format("{}, got {}", kNameRule, shown(*name)));
  }
  s.name = name->text;
}

void read_top(FieldReader& r, const Tree& t, Scenario& s) {
  if (!t.is_map()) return r.mismatch(t, "a map with apiVersion, kind, metadata, spec");
  read_constant(r, t, "apiVersion", kApiVersion);
  read_constant(r, t, "kind", kKind);
  read_metadata(r, t, s);
  for (const auto& [key, value] : t.members) {
    if (key != "apiVersion" && key != "kind" && key != "metadata" && key != "spec") {
      r.error(value, key, "unknown field, known here: apiVersion, kind, metadata, spec");
    }
  }
  const Tree* spec = t.find("spec");
  if (!spec) return r.error(t, "spec", "required: the run itself, see docs/scenario.md");
  const FieldReader::Scope scope(r, "spec");
  read_fields(r, *spec, &s, spec_table());
}

Duration whole_seconds(Duration d) {
  return std::max<Duration>(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(d));
}

}  // namespace

std::string Scenario::path_of(const std::string& path) const { return beside(file, path); }

std::int64_t pool_nodes(const Scenario& scenario) {
  std::int64_t out = 0;
  for (const NodePool& pool : scenario.cluster.node_pools) out += pool.count;
  return out;
}

void fill_defaults(Scenario& s) {
  constexpr int kSeriesRows = 600;
  constexpr int kPlacementColumns = 120;
  if (s.cluster.regions.empty()) s.cluster.regions.push_back("region-1");
  if (s.cluster.zones.empty()) s.cluster.zones.push_back({"zone-a", "", 0});
  for (Zone& zone : s.cluster.zones) {
    if (zone.region.empty()) zone.region = s.cluster.regions.front();
  }
  for (NodePool& pool : s.cluster.node_pools) {
    if (!pool.zones.empty()) continue;
    for (const Zone& zone : s.cluster.zones) pool.zones.push_back(zone.name);
  }
  if (!s.record.series_interval) s.record.series_interval = whole_seconds(s.until / kSeriesRows);
  if (!s.record.placement_interval) {
    const std::int64_t most = std::max<std::int64_t>(1, s.record.placement_rows_max);
    const std::int64_t columns = std::clamp<std::int64_t>(
        most / std::max<std::int64_t>(1, pool_nodes(s)), 1, kPlacementColumns);
    s.record.placement_interval = whole_seconds(s.until / columns);
  }
  std::stable_sort(s.actions.begin(), s.actions.end(),
                   [](const Action& a, const Action& b) { return a.at < b.at; });
}

Result<Scenario> parse_scenario(std::string_view text, const std::string& file, bool check_paths) {
  InputErrors errors(file);
  const std::vector<Tree> documents = read_documents(text, errors, Words::kText);
  if (!errors.empty()) return errors.status();
  if (documents.size() != 1 || documents.front().is_null()) {
    errors.add(documents.size() > 1 ? documents[1].line : 1, "",
               fmt::format("must hold one document with kind: Scenario, found {}",
                           documents.size() > 1 ? fmt::format("{}", documents.size()) : "nothing"));
    return errors.status();
  }
  Scenario scenario;
  scenario.file = file;
  FieldReader reader(errors);
  read_top(reader, documents.front(), scenario);
  if (!errors.empty()) return errors.status();
  // Checks name actions by their place in the file: before they are sorted by time.
  const std::vector<Action> as_written = scenario.actions;
  fill_defaults(scenario);
  Scenario checked = scenario;
  checked.actions = as_written;
  check_scenario(checked, LineIndex(documents.front()), check_paths, errors);
  if (!errors.empty()) return errors.status();
  return scenario;
}

Result<Scenario> read_scenario(const std::string& file) {
  auto text = read_text_file(file);
  if (!text.ok()) return text.status();
  return parse_scenario(*text, file, true);
}

Tree to_tree(const Scenario& scenario) {
  Tree metadata = Tree::map();
  metadata.add("name", Tree::of_text(scenario.name));
  Tree out = Tree::map();
  out.add("apiVersion", Tree::of_text(kApiVersion));
  out.add("kind", Tree::of_text(kKind));
  out.add("metadata", std::move(metadata));
  out.add("spec", write_fields(&scenario, spec_table()));
  return out;
}

}  // namespace orrery::sim
