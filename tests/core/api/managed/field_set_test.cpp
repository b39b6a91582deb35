#include "core/api/managed/field_set.h"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "core/api/managed/fields_v1.h"
#include "core/api/managed/path_element.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

FieldSet set_of(const char* text) { return *from_fields_v1(Json::parse(text)); }

TEST(FieldSet, FieldsV1ComesBackAsItWas) {
  for (const char* text :
       {R"({})", R"({"f:a":{}})", R"({"f:a":{".":{},"f:b":{}}})",
        R"({"f:list":{".":{},"k:{\"name\":\"x\",\"port\":80}":{".":{},"f:name":{}},"v:\"s\"":{}}})",
        R"({"f:l":{"i:0":{},"i:12":{}}})"}) {
    EXPECT_EQ(to_fields_v1(set_of(text)).dump(), text);
  }
}

TEST(FieldSet, AnElementReadsTheSameHoweverItIsSpelt) {
  EXPECT_EQ(*canonical_element("k:{ \"port\": 80, \"name\":\"a\" }"),
            R"(k:{"name":"a","port":80})");
  EXPECT_EQ(*canonical_element("v:\"a<b\""), "v:\"a\\u003cb\"");
  EXPECT_EQ(*canonical_element("x:new kind"), "");
  for (const char* bad : {"", "f", "f.name", "k:[1]", "k:{", "i:x", "i:1x"}) {
    EXPECT_FALSE(canonical_element(bad)) << bad;
  }
  EXPECT_FALSE(from_fields_v1(Json::parse(R"({"a":{}})")).ok());
  EXPECT_FALSE(from_fields_v1(Json::parse(R"({"f:a":1})")).ok());
  EXPECT_TRUE(set_of(R"({"x:ignored":{}})").empty());
}

TEST(FieldSet, ADifferenceKeepsWhatIsBelowARemovedMember) {
  EXPECT_EQ(difference(set_of(R"({"f:a":{".":{},"f:b":{}}})"), set_of(R"({"f:a":{}})")),
            set_of(R"({"f:a":{"f:b":{}}})"));
  EXPECT_EQ(difference(set_of(R"({"f:a":{".":{},"f:b":{}}})"), set_of(R"({"f:a":{"f:b":{}}})")),
            set_of(R"({"f:a":{}})"));
}

TEST(FieldSet, ErasingATreeTakesAllBelowAndErasingAPathDoesNot) {
  const std::array<std::string_view, 1> path{"f:a"};
  FieldSet set = set_of(R"({"f:a":{".":{},"f:b":{}},"f:c":{}})");
  FieldSet copy = set;
  set.erase(path);
  EXPECT_EQ(set, set_of(R"({"f:a":{"f:b":{}},"f:c":{}})"));
  copy.erase_tree(path);
  EXPECT_EQ(copy, set_of(R"({"f:c":{}})"));
}

TEST(FieldSet, AddingInAnyOrderGivesTheSameSet) {
  FieldSet a, b;
  for (const char* name : {"f:x", "f:a", "f:x"}) a.add(name, true, {});
  for (const char* name : {"f:a", "f:x"}) b.add(name, true, {});
  a.add("f:nothing", false, {});
  EXPECT_EQ(a, b);
  EXPECT_EQ(a.size(), 2U);
}

TEST(PathElement, PrintsAndSortsAsInMessages) {
  EXPECT_EQ(print_element("f:spec"), ".spec");
  EXPECT_EQ(print_element(R"(k:{"name":"a","port":80})"), R"([name="a",port=80])");
  EXPECT_EQ(print_element("v:\"x\""), "[=\"x\"]");
  EXPECT_EQ(print_element("i:3"), "[3]");
  EXPECT_TRUE(element_less(R"(k:{"port":80})", R"(k:{"port":443})"));
  EXPECT_TRUE(element_less("i:9", "i:10"));
  EXPECT_TRUE(element_less("f:z", R"(k:{"a":1})"));
  EXPECT_TRUE(element_less("v:1", "i:0"));
}

}  // namespace
}  // namespace orrery::api::managed
