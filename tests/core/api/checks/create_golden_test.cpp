// Every recorded POST of the kinds that have checks: what the server refused we refuse in its
// words, what it took we take, and our defaulted spec is the stored one.
#include <gtest/gtest.h>

#include <iostream>
#include <set>

#include "core/api/checks/kind_table.h"
#include "tests/core/api/checks/golden_cases.h"

namespace orrery::api {
namespace {

// Refused by what comes after the checks: allocation of addresses and ports.
const std::set<std::string>& allocated() {
  static const std::set<std::string> kNames{
      "invalid/service-min: spec/clusterIP=\"1.2.3.4\"",
      "invalid/service-min: spec/type=\"NodePort\"; spec/ports=[{\"name\": \"a\", \"port\": 80, "
      "\"nodePort\": 30081}, {\"name\": \"b\",",
      // CEL rules are kept, not compiled.
      "invalid/customresourcedefinition-foos.ex.com: spec/versions/0/schema/openAPIV3Schema/"
      "x-kubernetes-validations=[{\"rule\": \"bad (\"}]",
  };
  return kNames;
}

bool is_ours(const Case& c) {
  const KindChecks* row = kind_checks(c.group, c.kind);
  return row && row->create;
}

// Decided by decoding, admission or routing, or about the options of the request.
bool is_elsewhere(const Case& c) {
  if (c.status != 201 && c.status != 422) return true;
  if (c.status == 201) return c.has_warnings && c.name.find("unknown fields") != std::string::npos;
  return c.response["details"].value("kind", "") != c.kind || allocated().contains(c.name);
}

struct Counts {
  int equal_specs = 0, equal_errors = 0, other_kinds = 0, elsewhere = 0;
};

void compare_stored(const Case& c, const Created& created) {
  EXPECT_EQ(created.errors.message(), "") << c.name;
  if (!created.errors.empty()) return;
  Json ours = created.object, stored = c.response, body = c.body;
  for (Json* one : {&ours, &stored}) {
    (*one)["kind"] = c.kind;
    if (one->contains("spec")) remove_added(*one, c.body);
    for (const char* key : {"metadata", "status", "apiVersion", "kind"}) one->erase(key);
  }
  if (ours["spec"].is_null()) ours.erase("spec");
  if (stored["spec"].is_null()) stored.erase("spec");
  EXPECT_EQ(first_difference(ours, stored, body), "") << c.name;
}

TEST(ChecksGolden, CreatesAreStoredOrRefusedAsRecorded) {
  const auto lines = golden_lines("api/cases.jsonl");
  if (!lines) GTEST_SKIP() << "no golden data: set ORRERY_GOLDEN";
  Counts counts;
  for (const std::string& line : *lines) {
    const std::optional<Case> c = read_case(line);
    if (!c || c->method != "POST") continue;
    if (!is_ours(*c)) {
      ++counts.other_kinds;
    } else if (is_elsewhere(*c)) {
      ++counts.elsewhere;
    } else if (const Created created = create_from(*c); c->status == 201) {
      compare_stored(*c, created);
      ++counts.equal_specs;
    } else {
      const std::string name = created.object["metadata"].value("name", "");
      EXPECT_EQ(status_difference(*c, created.errors, name), "") << c->name;
      ++counts.equal_errors;
    }
  }
  std::cout << "compared: " << counts.equal_specs << " stored, " << counts.equal_errors
            << " refused; skipped: " << counts.other_kinds << " of other kinds, "
            << counts.elsewhere << " decided elsewhere\n";
  EXPECT_GE(counts.equal_specs, 403);
  EXPECT_GE(counts.equal_errors, 264);
}

}  // namespace
}  // namespace orrery::api
