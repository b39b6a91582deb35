#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/api/yaml/yaml.h"

namespace orrery::api {
namespace {

using nlohmann::json;

json read(std::string_view text) {
  const auto out = yaml_to_json(text);
  EXPECT_TRUE(out.ok()) << out.status().message();
  return out.value_or(json("refused"));
}

std::string refusal(std::string_view text) {
  const auto out = yaml_to_json(text);
  if (out.ok()) return "accepted: " + out->dump();
  EXPECT_EQ(out.status().code(), 400);
  return out.status().message();
}

TEST(YamlReader, ReadsAManifest) {
  EXPECT_EQ(read("apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  labels: {a: 'yes', b: yes}\n"
                 "spec:\n  containers:\n  - name: c\n    ports:\n    - containerPort: 80\n"
                 "    command: [sh, -c, \"a\\tb\"]\n"),
            json::parse(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","labels":
                {"a":"yes","b":true}},"spec":{"containers":[{"name":"c","ports":
                [{"containerPort":80}],"command":["sh","-c","a\tb"]}]}})"));
}

TEST(YamlReader, ReadsJson) {
  const json value = json::parse(R"({"a":[1,2.5,"x\u00e9\n",null,true],"b":{"c":{}},"d":[]})");
  EXPECT_EQ(read(value.dump()), value);
  EXPECT_EQ(read(value.dump(2)), value);
}

TEST(YamlReader, TakesNothingForNull) {
  EXPECT_EQ(read(""), json());
  EXPECT_EQ(read("# only a comment\n"), json());
  EXPECT_EQ(read("a:\n"), json({{"a", nullptr}}));
}

TEST(YamlReader, ReadsTheFirstDocumentOnly) {
  EXPECT_EQ(read("a: 1\n---\nb: 2\n"), json({{"a", 1}}));
}

TEST(YamlReader, TurnsKeysIntoText) {
  EXPECT_EQ(read("80: a\nyes: b\n1.5: c\n"), json({{"80", "a"}, {"true", "b"}, {"1.5", "c"}}));
  EXPECT_NE(refusal("[a]: b\n").find("invalid map key"), std::string::npos);
  EXPECT_NE(refusal("{a: b}: c\n").find("invalid map key"), std::string::npos);
  EXPECT_NE(refusal("~: b\n").find("unsupported map key"), std::string::npos);
}

TEST(YamlReader, PrintsWholeFloatsAsIntegers) {
  EXPECT_EQ(read("replicas: 3.0\nratio: 1e3\n").dump(), R"({"ratio":1000,"replicas":3})");
  EXPECT_EQ(refusal("a: .inf\n"), "error converting YAML to JSON: json: unsupported value: inf");
}

TEST(YamlReader, FollowsTagsThatNameAType) {
  EXPECT_EQ(read("a: !!str 5\nb: !!int \"5\"\n"), json({{"a", "5"}, {"b", 5}}));
}

TEST(YamlReader, FollowsAnchorsAndMergeKeys) {
  EXPECT_EQ(read("base: &b {x: 1, z: 2}\nuse:\n  <<: *b\n  z: 3\nlist: [*b]\n"),
            json::parse(R"({"base":{"x":1,"z":2},"use":{"x":1,"z":3},"list":[{"x":1,"z":2}]})"));
  EXPECT_EQ(read("a: &a {x: 1}\nb: &b {x: 2, z: 9}\nc:\n  <<: [*a, *b]\n")["c"],
            json({{"x", 1}, {"z", 9}}));
  EXPECT_EQ(read("a: {\"<<\": 1}\n"), json::parse(R"({"a":{"<<":1}})"));
  EXPECT_NE(refusal("<<: 5\n").find("map merge requires map"), std::string::npos);
}

TEST(YamlReader, NamesEveryKeyGivenTwice) {
  EXPECT_EQ(refusal("a: 1\nb: 2\na: 3\n"),
            "error converting YAML to JSON: yaml: unmarshal errors:\n"
            "  line 3: key \"a\" already set in map");
  EXPECT_EQ(refusal("a:\n  x: 1\n  x: 2\n7: 1\n7: 2\n"),
            "error converting YAML to JSON: yaml: unmarshal errors:\n"
            "  line 3: key \"x\" already set in map\n  line 5: key 7 already set in map");
  EXPECT_EQ(yaml_to_json("a: 1\na: 3\n", DuplicateKeys::kKeepLast).value(), json({{"a", 3}}));
}

TEST(YamlReader, NamesTheLineOfASyntaxError) {
  EXPECT_TRUE(
      refusal("a: 1\nb: [1, 2\nc: 3\n").starts_with("error converting YAML to JSON: yaml: line "));
  for (const char* text :
       {"a: b: c\n", "\t- x", "\"open", "*nowhere", "a: &a [*a]", "%YAML 9\n", "]"}) {
    EXPECT_TRUE(refusal(text).starts_with("error converting YAML to JSON: ")) << text;
  }
  EXPECT_EQ(refusal("a: \"\xff\"\n"), "error converting YAML to JSON: yaml: invalid UTF-8");
}

TEST(YamlReader, RefusesAliasesThatExpandWithoutEnd) {
  std::string text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 12; ++i) {
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) {
      text += (k > 0 ? ", *a" : "*a") + std::to_string(i - 1);
    }
    text += "]\n";
  }
  EXPECT_EQ(refusal(text),
            "error converting YAML to JSON: yaml: document contains excessive aliasing");
}

TEST(YamlReader, RefusesDocumentsNestedWithoutEnd) {
  for (const char c : {'[', '{'}) {
    EXPECT_TRUE(refusal(std::string(100'000, c)).starts_with("error converting YAML to JSON: "));
  }
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "- ";
  EXPECT_TRUE(refusal(text + "x").starts_with("error converting YAML to JSON: "));
}

}  // namespace
}  // namespace orrery::api
