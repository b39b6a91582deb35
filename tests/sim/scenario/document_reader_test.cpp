#include "sim/scenario/document_reader.h"

#include <gtest/gtest.h>

#include "sim/scenario/line_index.h"

namespace orrery::sim {
namespace {

std::string json_of(const std::string& text) {
  InputErrors errors("x");
  const auto documents = read_documents(text, errors);
  if (!errors.empty()) return errors.status().message();
  std::string out;
  for (const Tree& tree : documents) out += (out.empty() ? "" : "|") + to_json_text(tree);
  return out;
}

TEST(YamlReader, ReadsScalarsAsKubectlDoes) {
  const std::pair<const char*, const char*> cases[] = {
      {"1", "1"},
      {"-7", "-7"},
      {"+5", "5"},
      {"0644", "420"},
      {"0x1F", "31"},
      {"0b101", "5"},
      {"0o17", "15"},
      {"1_000", "1000"},
      {"1.0", "1"},
      {"0.5", "0.5"},
      {"1e3", "1000"},
      {".5", "0.5"},
      {"true", "true"},
      {"yes", "true"},
      {"off", "false"},
      {"y", "true"},
      {"~", "null"},
      {"null", "null"},
      {"\"1\"", "\"1\""},
      {"'yes'", "\"yes\""},
      {"1Gi", "\"1Gi\""},
      {"100m", "\"100m\""},
      {"1.2.3", "\"1.2.3\""},
      {"08", "8"},
      {"2026-01-01", "\"2026-01-01\""},
      {"12:30", "\"12:30\""},
      {"!!str 5", "\"5\""},
      {"9223372036854775808", "9223372036854775808"},
      {"-", "[null]"},
  };
  for (const auto& [text, json] : cases) EXPECT_EQ(json_of(text), json) << text;
}

TEST(YamlReader, LeavesWordsAsTextWhereScenariosAskForIt) {
  InputErrors errors("x");
  const auto documents = read_yaml("{n: y, a: off, b: true}", errors, Words::kText);
  EXPECT_EQ(to_json_text(documents.at(0)), "{\"n\":\"y\",\"a\":\"off\",\"b\":true}");
}

TEST(YamlReader, ReadsSeveralDocumentsAndEmptyOnes) {
  EXPECT_EQ(json_of("a: 1\n---\n---\nb: 2\n"), "{\"a\":1}|null|{\"b\":2}");
}

TEST(YamlReader, ExpandsAliasesAndMergeKeys) {
  EXPECT_EQ(json_of("base: &b {p: 1, q: 2}\nmore: {<<: *b, q: 3}\n"),
            "{\"base\":{\"p\":1,\"q\":2},\"more\":{\"q\":3,\"p\":1}}");
}

TEST(YamlReader, TurnsKeysIntoText) {
  EXPECT_EQ(json_of("{80: a, true: b, \"on\": c}"), "{\"80\":\"a\",\"true\":\"b\",\"on\":\"c\"}");
}

TEST(YamlReader, RefusesDuplicateKeysAndNamesTheirPath) {
  EXPECT_EQ(json_of("a:\n  b:\n  - c: 1\n    c: 2\n"),
            "x:4: a.b[0].c: is given twice in this map: keep one");
}

TEST(YamlReader, RefusesWhatWouldNeverEnd) {
  EXPECT_EQ(json_of("a: &a [*a]\n"), "x:1: an alias contains itself");
  EXPECT_EQ(json_of(",\na: 1\n"), "x:1:1: is not valid YAML: unexpected text");
  EXPECT_EQ(json_of(std::string(300, '[')).substr(0, 4), "x:1:");
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c <= 'j'; ++c) {
    bomb += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 10; ++i) bomb += std::string("*") + char(c - 1) + ",";
    bomb += "]\n";
  }
  EXPECT_NE(json_of(bomb).find("aliases expand to more than"), std::string::npos);
}

TEST(YamlReader, NamesLineAndColumnOfBrokenText) {
  EXPECT_EQ(json_of("a: 1\n  b: 2\n"), "x:2:4: is not valid YAML: illegal map value");
  EXPECT_TRUE(json_of("a: {b\n").starts_with("x:2:1: is not valid YAML:")) << json_of("a: {b\n");
  EXPECT_TRUE(json_of("\ta: 1\n").starts_with("x:1:")) << json_of("\ta: 1\n");
}

TEST(JsonReader, ReadsJsonWithLinesAndSurrogatePairs) {
  InputErrors errors("x.json");
  const auto value = read_json("{\n \"a\": [1,\n  2\n ],\n \"b\": \"\\ud83d\\ude00\"}", errors);
  ASSERT_TRUE(value);
  EXPECT_EQ(to_json_text(*value), "{\"a\":[1,2],\"b\":\"\xf0\x9f\x98\x80\"}");
  const LineIndex lines(*value);
  EXPECT_EQ(lines.line_of("a"), 2);
  EXPECT_EQ(lines.line_of("a[1]"), 3);
  EXPECT_EQ(lines.line_of("b"), 5);
}

TEST(YamlReader, RefusesBytesThatAreNotUtf8) {
  for (const char* text : {"a: 1\nb: \xff\n", "a: 1\n\xe9t\xe9: 1\n", "a: 1\nb: \"\xc3\"\n"}) {
    EXPECT_EQ(json_of(text), "x:2: holds bytes that are not UTF-8: save the file as UTF-8") << text;
  }
}

TEST(Tree, IsShownInWholeCharacters) {
  EXPECT_EQ(shown(Tree::of_text(std::string(59, 'a') + "\xc3\xa9")),
            "\"" + std::string(59, 'a') + "\"...");
}

TEST(JsonReader, RefusesDuplicateKeys) {
  EXPECT_EQ(json_of("{\"a\": 1,\n\"b\": {\"c\": 1, \"c\": {}}}"),
            "x:2: b.c: is given twice in this map: keep one");
}

TEST(DocumentReader, ReadsAYamlFlowMapThatIsNoJson) {
  EXPECT_EQ(json_of("{kind: Service, a: [1]}"), "{\"kind\":\"Service\",\"a\":[1]}");
}

TEST(LineIndex, FindsTheLineOfAFieldAndOfTheNearestParent) {
  InputErrors errors("x");
  const auto documents = read_yaml(
      "metadata:\n  labels:\n    app.io/name: x\nspec:\n  containers:\n  - name: a\n    image: b\n",
      errors);
  const LineIndex lines(documents.at(0));
  EXPECT_EQ(lines.line_of("spec.containers[0].image"), 7);
  EXPECT_EQ(lines.line_of("spec.containers[0].resources.limits"), 6);
  EXPECT_EQ(lines.line_of("metadata.labels[app.io/name]"), 3);
  EXPECT_EQ(lines.line_of("status"), 1);
  EXPECT_EQ(LineIndex().line_of("spec"), 0);
}

}  // namespace
}  // namespace orrery::sim
