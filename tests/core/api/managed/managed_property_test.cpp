// Laws that hold for any documents: of field sets, of comparisons, and of applies.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "core/api/managed/compare.h"
#include "core/api/managed/object_fields.h"
#include "tests/core/api/managed/managed_world.h"

namespace orrery::api::managed {
namespace {

FieldSet any_set(int depth = 3) {
  FieldSet out;
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    const char* element = *rc::gen::element("f:a", "f:b", "k:{\"n\":1}", "v:\"x\"");
    out.add(element, *rc::gen::arbitrary<bool>(), depth > 0 ? any_set(depth - 1) : FieldSet());
  }
  return out;
}

RC_GTEST_PROP(FieldSetLaws, UnionIntersectionAndDifferenceFitTogether, ()) {
  const FieldSet a = any_set(), b = any_set(), c = any_set();
  RC_ASSERT(union_of(a, b) == union_of(b, a));
  RC_ASSERT(union_of(a, union_of(b, c)) == union_of(union_of(a, b), c));
  RC_ASSERT(intersection(a, b) == intersection(b, a));
  RC_ASSERT(union_of(difference(a, b), intersection(a, b)) == a);
  RC_ASSERT(intersection(difference(a, b), b).empty());
  RC_ASSERT(difference(union_of(a, b), b) == difference(a, b));
  RC_ASSERT(a.size() + b.size() == union_of(a, b).size() + intersection(a, b).size());
}

RC_GTEST_PROP(FieldSetLaws, FieldsV1IsTheSet, ()) {
  const FieldSet a = any_set();
  RC_ASSERT(*from_fields_v1(to_fields_v1(a)) == a);
}

/// A pod with any of a few containers, ports, labels and scalars.
Json any_pod() {
  Json pod{{"apiVersion", "v1"}, {"kind", "Pod"}, {"metadata", {{"name", "p"}}},
           {"spec", {{"restartPolicy", "Always"}}}};  // an empty struct would be a leaf
  const auto flip = [] { return *rc::gen::arbitrary<bool>(); };
  const auto value = [] { return std::to_string(*rc::gen::inRange(0, 3)); };
  for (const char* key : {"a", "b"}) {
    if (flip()) pod["metadata"]["labels"][key] = value();
  }
  Json containers = Json::array();
  for (const char* name : {"c", "d", "e"}) {
    if (!flip()) continue;
    Json one{{"name", name}};
    if (flip()) one["image"] = value();
    if (flip()) one["args"] = Json::array({value()});
    for (const int port : {80, 443}) {
      if (flip()) one["ports"].push_back({{"containerPort", port}, {"name", value()}});
    }
    if (flip()) one["resources"]["limits"]["cpu"] = value();
    containers.push_back(one);
  }
  if (!containers.empty()) pod["spec"]["containers"] = containers;
  if (flip()) pod["spec"]["hostname"] = value();
  if (flip()) pod["spec"]["nodeSelector"][value()] = value();
  return pod;
}

Json applied(const char* manager, const Json& live, const Json& config) {
  return *apply(core_write("Pod", manager), live, config, true)->object;
}

RC_GTEST_PROP(ApplyLaws, ApplyingTwiceIsApplyingOnce, ()) {
  Json live = stored(core_write("Pod", "u"), nullptr, any_pod());
  live = applied("n", live, any_pod());
  const Json config = any_pod();
  const Json once = applied("m", live, config);
  const Result<ApplyOutcome> twice = apply(core_write("Pod", "m", 60), once, config, false);
  RC_ASSERT(twice.ok());
  RC_ASSERT(!twice->changed);
  RC_ASSERT(*twice->object == once);
}

RC_GTEST_PROP(ApplyLaws, ForceTakesEveryChangedFieldFromAllOthers, ()) {
  Json live = stored(core_write("Pod", "u"), nullptr, any_pod());
  live = applied("n", live, any_pod());
  const Json config = any_pod();
  const Json now = applied("m", live, config);
  const std::size_t type = core_write("Pod", "m").type;
  const FieldSet written = compare(table(), type, live, now).written();
  const Json fields_of_managers = owners(now);
  for (const auto& [manager, fields] : fields_of_managers.items()) {
    FieldSet both = intersection(*from_fields_v1(fields), written);
    if (manager == "m") continue;
    RC_ASSERT(both.empty());
  }
}

RC_GTEST_PROP(ApplyLaws, TheObjectHasWhatTheConfigurationSays, ()) {
  const Json live = stored(core_write("Pod", "u"), nullptr, any_pod());
  const Json config = any_pod();
  const Json now = applied("m", live, config);
  const std::size_t type = core_write("Pod", "m").type;
  const FieldSet named = fields_of(table(), type, config);
  RC_ASSERT(difference(named, fields_of(table(), type, now)).empty());
  const FieldSet changed = compare(table(), type, config, now).modified;
  RC_ASSERT(intersection(changed, named).empty());
}

RC_GTEST_PROP(ApplyLaws, WhatOnlyTheApplierOwnedGoesWithItsConfiguration, ()) {
  const Json first = any_pod();
  const Json empty{{"apiVersion", "v1"}, {"kind", "Pod"}, {"metadata", {{"name", "p"}}}};
  const Json live = applied("m", nullptr, first);
  const Json now = applied("m", live, empty);
  const std::size_t type = core_write("Pod", "m").type;
  FieldSet left = fields_of(table(), type, now);
  strip_server_fields(left);
  RC_ASSERT(left.empty());
}

RC_GTEST_PROP(UpdateLaws, EveryFieldOfATrackedObjectHasAnOwner, ()) {
  Json object = stored(core_write("Pod", "a"), nullptr, any_pod());
  if (managed_fields_of(object).is_null()) return;  // nothing but a name: not tracked
  const std::size_t type = core_write("Pod", "m").type;
  for (const char* manager : {"b", "c", "a"}) {
    const Json next = stored(core_write("Pod", manager), object, any_pod());
    if (managed_fields_of(next).is_null()) return;
    object = next;
  }
  FieldSet owned;
  std::size_t count = 0;
  const Json fields_of_managers = owners(object);
  for (const auto& entry : fields_of_managers.items()) {
    const FieldSet fields = *from_fields_v1(entry.value());
    count += fields.size();
    owned = union_of(owned, fields);
  }
  RC_ASSERT(count == owned.size());  // no field has two
  FieldSet all = fields_of(table(), type, object);
  strip_server_fields(all);
  RC_ASSERT(difference(all, owned).empty());
}

}  // namespace
}  // namespace orrery::api::managed
