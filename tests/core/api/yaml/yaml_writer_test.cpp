#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/api/yaml/text_style.h"
#include "core/api/yaml/yaml.h"
#include "core/base/random.h"

namespace orrery::api {
namespace {

using nlohmann::json;

TEST(YamlWriter, LaysDocumentsOutAsGoYaml) {
  const json pod = json::parse(R"({"kind":"Pod","apiVersion":"v1","spec":{"containers":[
      {"name":"c","args":["-x","y"],"env":[],"resources":{},"ports":[{"containerPort":80}]},
      {"name":"d"}],"nested":[["a","b"],[]]},"n":null,"f":1.5,"t":true})");
  EXPECT_EQ(json_to_yaml(pod),
            "apiVersion: v1\nf: 1.5\nkind: Pod\n\"n\": null\nspec:\n  containers:\n  - args:\n"
            "    - -x\n    - \"y\"\n    env: []\n    name: c\n    ports:\n    - containerPort: 80\n"
            "    resources: {}\n  - name: d\n  nested:\n  - - a\n    - b\n  - []\nt: true\n");
}

TEST(YamlWriter, QuotesTextThatWouldReadAsSomethingElse) {
  const std::pair<const char*, const char*> kCases[] = {
      {"web", "web"},
      {"", "\"\""},
      {"80", "\"80\""},
      {"true", "\"true\""},
      {"no", "\"no\""},
      {"null", "\"null\""},
      {"1e3", "\"1e3\""},
      {"0644", "\"0644\""},
      {"2026-11-23T04:13:40Z", "\"2026-11-23T04:13:40Z\""},
      {"1:20", "\"1:20\""},
      {"<<", "\"<<\""},
      {"10.0.0.1", "10.0.0.1"},
      {"100m", "100m"},
      {"a: b", "'a: b'"},
      {"a:b", "a:b"},
      {"*", "'*'"},
      {"*/5 * * * *", "'*/5 * * * *'"},
      {"- x", "'- x'"},
      {"-x", "-x"},
      {"it's", "it's"},
      {"'", "''''"},
      {"a #b", "'a #b'"},
      {"a#b", "a#b"},
      {"{x}", "'{x}'"},
      {" a", "' a'"},
      {"a ", "'a '"},
      {"a\tb", "\"a\\tb\""},
      {"\x1b[0m", "\"\\e[0m\""},
      {"\xc3\xa9", "\xc3\xa9"},
      {"\xf0\x9f\x98\x80", "\"\\U0001F600\""},
      {"a\nb", "|-\n  a\n  b"},
      {"a\nb\n", "|\n  a\n  b"},
      {"a\n\n", "|+\n  a\n"},
      {" a\nb", "|2-\n   a\n  b"},
      {"a \nb", "\"a \\nb\""},
  };
  for (const auto& [text, written] : kCases) EXPECT_EQ(yaml_text(text, 2), written) << text;
  EXPECT_EQ(yaml_key("a\nb"), "\"a\\nb\"");
}

TEST(YamlWriter, GivesLongKeysALineOfTheirOwn) {
  const std::string key(2000, 'k');
  const json value = {{key, {{"a", 1}, {"b", {1, 2}}}}};
  const std::string text = json_to_yaml(value);
  EXPECT_EQ(text, "? " + key + "\n: a: 1\n  b:\n  - 1\n  - 2\n");
  EXPECT_EQ(yaml_to_json(text).value(), value);
}

TEST(YamlWriter, WritesFloatsAsGo) {
  EXPECT_EQ(json_to_yaml({0.25, 1234567.5, 1e-7, 100000.5}),
            "- 0.25\n- 1.2345675e+06\n- 1e-07\n- 100000.5\n");
}

TEST(YamlWriter, SortsNumbersInKeysByValue) {
  EXPECT_EQ(json_to_yaml(json::parse(R"({"a10":1,"a2":2,"B":3,"a":4,"_x":5,"1":6,"a1b":7})")),
            "_x: 5\n\"1\": 6\nB: 3\na: 4\na1b: 7\na2: 2\na10: 1\n");
}

std::string random_text(RandomStream& random) {
  static const char* const kParts[] = {"a", " ", "\n", ":", "#", "-", "1", "'",   "\"", "\\", "\t",
                                       "{", "]", "é",  "😀", ",", "&", "~", "yes", ".",  "%",  "|"};
  std::string out;
  for (auto n = random.below(6); n > 0; --n) out += kParts[random.below(std::size(kParts))];
  return out;
}

json random_value(RandomStream& random, int depth) {
  switch (random.below(depth > 4 ? 4 : 6)) {
    case 0:
      return random_text(random);
    case 1:
      return static_cast<std::int64_t>(random.next());
    case 2:
      return static_cast<double>(random.below(1000)) + 0.125;
    case 3:
      return random.chance(0.5) ? json(random.chance(0.5)) : json();
    case 4: {
      json out = json::array();
      for (auto n = random.below(4); n > 0; --n) out.push_back(random_value(random, depth + 1));
      return out;
    }
    default: {
      json out = json::object();
      for (auto n = random.below(4); n > 0; --n) {
        out[random_text(random)] = random_value(random, depth + 1);
      }
      return out;
    }
  }
}

TEST(YamlWriter, WritesWhatReadsBackTheSame) {
  Random random(4);
  RandomStream& stream = random.stream("yaml");
  for (int i = 0; i < 3000; ++i) {
    const json value = {{"v", random_value(stream, 0)}};
    const std::string text = json_to_yaml(value);
    const auto back = yaml_to_json(text);
    ASSERT_TRUE(back.ok()) << text << back.status().message();
    ASSERT_EQ(*back, value) << text;
  }
}

}  // namespace
}  // namespace orrery::api
