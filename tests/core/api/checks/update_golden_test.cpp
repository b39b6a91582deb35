// Every recorded PUT of the kinds that have checks. The object before the update is not in the
// record: it is what most of the bodies of one path agree on, since each body changes one thing of
// it; where there are too few bodies, the fixture's POST body, defaulted, decides.
#include <gtest/gtest.h>

#include <iostream>
#include <map>

#include "core/api/checks/kind_table.h"
#include "tests/core/api/checks/golden_cases.h"

namespace orrery::api {
namespace {

using Cases = std::vector<Case>;

// The most frequent value of one member; null = absent. `first` wins a tie.
Json vote(const Cases& bodies, const Json::json_pointer& member, const Json* first) {
  std::map<std::string, int> count;
  const auto value_in = [&](const Json& object) {
    return object.contains(member) ? object[member] : Json();
  };
  if (first) ++count[value_in(*first).dump()];
  for (const Case& c : bodies) ++count[value_in(c.body).dump()];
  Json best = first ? value_in(*first) : Json();
  int votes = first ? count[best.dump()] : 0;
  for (const auto& [text, n] : count) {
    if (n > votes) {
      best = Json::parse(text);
      votes = n;
    }
  }
  return best;
}

void put(Json& object, const Json::json_pointer& member, Json value) {
  if (!value.is_null()) object[member] = std::move(value);
}

Json object_before(const Cases& bodies, const Json* fixture) {
  Json out = Json::object();
  std::map<std::string, bool> nested{{"metadata", true}, {"spec", true}};
  std::vector<const Json*> all;
  for (const Case& c : bodies) all.push_back(&c.body);
  if (fixture) all.push_back(fixture);
  for (const Json* one : all) {
    for (const auto& [key, value] : one->items()) {
      const Json::json_pointer at("/" + key);
      if (!nested.contains(key)) {
        put(out, at, vote(bodies, at, fixture));
        continue;
      }
      for (const auto& item : value.items()) {
        const Json* first = key == "metadata" ? nullptr : fixture;
        put(out, at / item.key(), vote(bodies, at / item.key(), first));
      }
    }
  }
  return out;
}

// The DefaultTolerationSeconds admission puts its tolerations back on every update.
void keep_default_tolerations(Json& now, const Json& old) {
  Json& tolerations = now["spec"]["tolerations"];
  for (const Json& toleration : old["spec"]["tolerations"]) {
    if (std::find(tolerations.begin(), tolerations.end(), toleration) == tolerations.end()) {
      tolerations.push_back(toleration);
    }
  }
}

std::map<std::string, Json> fixtures() {
  std::map<std::string, Json> out;
  const auto lines = golden_lines("api/fixtures.jsonl");
  if (!lines) return out;
  for (const std::string& line : *lines) {
    const std::optional<Case> c = read_case(line);
    if (!c) continue;
    const Created created = create_from(*c);
    out[c->path + "/" + created.object["metadata"].value("name", "")] = created.object;
  }
  return out;
}

TEST(ChecksGolden, UpdatesAreTakenOrRefusedAsRecorded) {
  const auto lines = golden_lines("api/cases.jsonl");
  if (!lines) GTEST_SKIP() << "no golden data: set ORRERY_GOLDEN";
  std::map<std::string, Cases> by_path;
  for (const std::string& line : *lines) {
    std::optional<Case> c = read_case(line);
    if (!c || c->method != "PUT" || !c->name.starts_with("update/")) continue;
    const KindChecks* row = kind_checks(c->group, c->kind);
    if (row && row->create) by_path[c->path].push_back(std::move(*c));
  }
  const std::map<std::string, Json> stored = fixtures();
  int taken = 0, refused = 0, elsewhere = 0;
  for (const auto& [path, cases] : by_path) {
    const auto fixture = stored.find(path);
    const Json old = object_before(cases, fixture == stored.end() ? nullptr : &fixture->second);
    for (const Case& c : cases) {
      if (c.status != 200 && c.status != 422) {
        ++elsewhere;
        continue;
      }
      Json now = c.body;
      apply_defaults(c.group, c.kind, now);
      prepare_update(c.group, c.kind, now, old);
      FieldErrors errors;
      if (c.kind == "Pod") keep_default_tolerations(now, old);
      if (c.kind == "Service") {
        if (now["spec"].value("clusterIP", "").empty()) {  // patched from the old one
          now["spec"]["clusterIP"] = old["spec"]["clusterIP"];
          now["spec"]["clusterIPs"] = old["spec"]["clusterIPs"];
        }
        errors = service_ip_families(now, &old);
      }
      if (errors.empty()) errors = validate_update(c.group, c.kind, now, old);
      if (c.status == 200) {
        EXPECT_EQ(errors.message(), "") << c.name;
        ++taken;
      } else {
        EXPECT_EQ(status_difference(c, errors, now["metadata"].value("name", "")), "") << c.name;
        ++refused;
      }
    }
  }
  std::cout << "compared: " << taken << " taken, " << refused << " refused; skipped: " << elsewhere
            << " decided elsewhere\n";
  EXPECT_GE(taken, 36);
  EXPECT_GE(refused, 28);
}

}  // namespace
}  // namespace orrery::api
