// Laws of the patches, over generated documents.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>

#include "core/api/schema/patch.h"

namespace orrery::api {
namespace {

using nlohmann::json;

json scalar() {
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      return *rc::gen::inRange(-5, 5);
    case 1:
      return *rc::gen::arbitrary<bool>();
    default:
      return std::string(1, *rc::gen::inRange('a', 'f'));
  }
}

/// A document without null (which merge patches cannot say), at most `depth` deep.
json document(int depth) {
  const int kind = *rc::gen::inRange(0, depth > 0 ? 4 : 2);
  if (kind < 2) return scalar();
  json out = kind == 2 ? json::object() : json::array();
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    if (out.is_array()) {
      out.push_back(document(depth - 1));
    } else {
      out[std::string(1, *rc::gen::inRange('a', 'f'))] = document(depth - 1);
    }
  }
  return out;
}

json object(int depth) {
  json out = json::object();
  const int count = *rc::gen::inRange(0, 5);
  for (int i = 0; i < count; ++i)
    out[std::string(1, *rc::gen::inRange('a', 'f'))] = document(depth);
  return out;
}

RC_GTEST_PROP(MergePatchLaw, TheDiffOfTwoDocumentsTurnsOneIntoTheOther, ()) {
  const json a = object(3), b = object(3);
  RC_ASSERT(apply_merge_patch(a, json_merge_diff(a, b)) == b);
  RC_ASSERT(json_merge_diff(a, a) == json::object());
}

RC_GTEST_PROP(MergePatchLaw, ApplyingAPatchTwiceChangesNothingMore, ()) {
  const json a = object(3), patch = object(3);
  const json once = apply_merge_patch(a, patch);
  RC_ASSERT(apply_merge_patch(once, patch) == once);
}

RC_GTEST_PROP(JsonPatchLaw, RemoveTakesBackWhatAddPutIntoAnObject, ()) {
  const json a = object(2);
  const std::string path = std::string("/new~1") + *rc::gen::inRange('a', 'f');
  const json add = {{"op", "add"}, {"path", path}, {"value", document(2)}};
  const json remove = {{"op", "remove"}, {"path", path}};
  const auto added = apply_json_patch(a, json::array({add}));
  RC_ASSERT(added.ok());
  RC_ASSERT(added.value().size() == a.size() + 1);
  RC_ASSERT(apply_json_patch(added.value(), json::array({remove})).value() == a);
}

RC_GTEST_PROP(JsonPatchLaw, AddPutsBackWhatRemoveTookOutOfAList, ()) {
  json list = json::array();
  const int count = *rc::gen::inRange(1, 6);
  for (int i = 0; i < count; ++i) list.push_back(document(2));
  const int at = *rc::gen::inRange(0, count);
  const json a = {{"l", list}};
  const std::string path = "/l/" + std::to_string(at);
  const json remove = {{"op", "remove"}, {"path", path}};
  const json add = {{"op", "add"}, {"path", path}, {"value", list[static_cast<std::size_t>(at)]}};
  RC_ASSERT(apply_json_patch(a, json::array({remove, add})).value() == a);
}

/// A list of maps with distinct merge keys, some of them marked for deletion in a patch.
json containers(bool is_patch) {
  json out = json::array();
  for (char name = 'a'; name < 'f'; ++name) {
    if (*rc::gen::inRange(0, 2) == 0) continue;
    json container = {{"name", std::string(1, name)}};
    const int kind = *rc::gen::inRange(0, is_patch ? 4 : 3);
    if (kind == 3) container["$patch"] = "delete";
    if (kind == 1) container["image"] = scalar();
    if (kind == 2) container["args"] = json::array({scalar()});
    if (kind == 1 && is_patch) container["args"] = nullptr;
    out.push_back(container);
  }
  if (*rc::gen::arbitrary<bool>()) std::reverse(out.begin(), out.end());
  return out;
}

json pod(bool is_patch) {
  json out = {{"metadata", {{"labels", json::object()}}},
              {"spec", {{"containers", containers(is_patch)}}}};
  for (char name = 'a'; name < 'e'; ++name) {
    const int kind = *rc::gen::inRange(0, is_patch ? 3 : 2);
    if (kind == 1) out["metadata"]["labels"][std::string(1, name)] = scalar();
    if (kind == 2) out["metadata"]["labels"][std::string(1, name)] = nullptr;
  }
  if (is_patch && *rc::gen::arbitrary<bool>()) {
    out["metadata"]["$retainKeys"] = json::array({"labels"});
  }
  return out;
}

RC_GTEST_PROP(StrategicMergeLaw, ASecondApplicationChangesNothingMore, ()) {
  static const ApiTable table = ApiTable::built_in();
  const auto type = static_cast<std::size_t>(table.find_type("core/v1.Pod"));
  const json patch = pod(true);
  const auto once = apply_strategic_merge_patch(table, type, pod(false), patch);
  RC_ASSERT(once.ok());
  const auto twice = apply_strategic_merge_patch(table, type, once.value(), patch);
  RC_ASSERT(twice.ok());
  RC_ASSERT(twice.value() == once.value());
}

}  // namespace
}  // namespace orrery::api
