#include "core/api/custom/definition_status.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>  // tidy: tests only
#include <vector>

namespace orrery::api {
namespace {

using Json = nlohmann::json;

Json definition(const char* plural, const char* kind, const Json& short_names = Json::array()) {
  Json names{{"plural", plural},
             {"singular", std::string(plural) + "x"},
             {"kind", kind},
             {"listKind", std::string(kind) + "List"}};
  if (!short_names.empty()) names["shortNames"] = short_names;
  return {
      {"spec", {{"group", "g.io"}, {"names", names}}},
      {"status", {{"storedVersions", {"v1"}}, {"acceptedNames", {{"plural", ""}, {"kind", ""}}}}}};
}

Json settle(Json& subject, const std::vector<Json>& others, Time now = Time{}) {
  std::vector<const Json*> all;
  for (const Json& other : others) all.push_back(&other);
  all.push_back(&subject);
  subject["status"] = accepted_status(subject, all, now);
  return subject["status"];
}

Json condition(const Json& status, const char* type) {
  for (const Json& c : status["conditions"]) {
    if (c["type"] == type) return c;
  }
  return {};
}

TEST(AcceptedStatus, TakesFreeNamesAndEstablishes) {
  Json foo = definition("foos", "Foo", {"fo"});
  const Json status = settle(foo, {});
  EXPECT_EQ(status["acceptedNames"], foo["spec"]["names"]);
  EXPECT_TRUE(is_condition_true(foo, "NamesAccepted"));
  EXPECT_TRUE(is_condition_true(foo, "Established"));
  EXPECT_EQ(status["storedVersions"], Json::array({"v1"}));
}

TEST(AcceptedStatus, ChangesNothingTheSecondTime) {
  Json foo = definition("foos", "Foo");
  const Json first = settle(foo, {});
  EXPECT_EQ(settle(foo, {}, Time{} + 5s), first);
}

TEST(AcceptedStatus, LeavesTakenNamesAndSaysWhich) {
  Json foo = definition("foos", "Foo");
  settle(foo, {});
  Json other = definition("bars", "Foo");
  const Json status = settle(other, {foo});
  EXPECT_EQ(condition(status, "NamesAccepted")["reason"], "ListKindConflict");
  EXPECT_EQ(condition(status, "NamesAccepted")["message"], "\"FooList\" is already in use");
  EXPECT_EQ(condition(status, "Established")["reason"], "NotAccepted");
  EXPECT_EQ(status["acceptedNames"]["kind"], "");
  EXPECT_EQ(status["acceptedNames"]["plural"], "bars");
}

TEST(AcceptedStatus, ListsEveryTakenShortName) {
  Json foo = definition("foos", "Foo", {"a", "b"});
  settle(foo, {});
  Json bar = definition("bars", "Bar", {"a", "b", "c"});
  const Json status = settle(bar, {foo});
  EXPECT_EQ(condition(status, "NamesAccepted")["message"],
            "[\"a\" is already in use, \"b\" is already in use]");
}

TEST(AcceptedStatus, GivesNamesOnceTheirOwnerIsGone) {
  Json foo = definition("foos", "Foo");
  settle(foo, {});
  Json other = definition("bars", "Foo");
  settle(other, {foo});
  settle(other, {}, Time{} + 60s);
  EXPECT_TRUE(is_condition_true(other, "Established"));
  EXPECT_EQ(condition(other["status"], "Established")["lastTransitionTime"],
            format_rfc3339(Time{} + 60s));
}

TEST(AcceptedStatus, DoesNotMindOtherGroups) {
  Json foo = definition("foos", "Foo");
  settle(foo, {});
  Json other = definition("foos", "Foo");
  other["spec"]["group"] = "h.io";
  settle(other, {foo});
  EXPECT_TRUE(is_condition_true(other, "Established"));
}

}  // namespace
}  // namespace orrery::api
