// Random schemas and random values: pruning and defaulting done twice change nothing more, and what
// is valid stays valid when it is defaulted, pruned and checked again. The seed is fixed.
#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>  // tidy: tests only
#include <string>

#include "core/api/custom/schema_shape.h"
#include "core/api/custom/schema_validation.h"

namespace orrery::api {
namespace {

using Json = nlohmann::json;

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}

  int below(int limit) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<int>((state_ >> 33) % static_cast<std::uint64_t>(limit));
  }
  bool once_in(int n) { return below(n) == 0; }
  std::string name() { return std::string(1, static_cast<char>('a' + below(5))); }

  Json schema(int depth) {
    const int kind = depth <= 0 ? below(4) : below(7);
    Json out;
    switch (kind) {
      case 0:
        out = {{"type", "integer"}, {"minimum", below(3)}};
        if (once_in(2)) out["default"] = 2 + below(3);
        break;
      case 1:
        out = {{"type", "string"}};
        if (once_in(3)) out["enum"] = {"a", "b"};
        if (once_in(2)) out["default"] = "a";
        break;
      case 2:
        out = {{"type", "boolean"}};
        break;
      case 3:
        out = {{"x-kubernetes-int-or-string", true}};
        break;
      case 4:
        out = {{"type", "array"}, {"items", schema(depth - 1)}};
        break;
      case 5:
        out = {{"type", "object"}, {"additionalProperties", schema(depth - 1)}};
        break;
      default:
        out = {{"type", "object"}, {"properties", Json::object()}};
        for (int i = below(4); i > 0; --i) out["properties"][name()] = schema(depth - 1);
        if (once_in(4)) out["x-kubernetes-preserve-unknown-fields"] = true;
        if (once_in(3)) out["required"] = {name()};
        if (once_in(3)) out["default"] = Json::object();
    }
    if (once_in(5)) out["nullable"] = true;
    return out;
  }

  Json value(int depth) {
    switch (depth <= 0 ? below(4) : below(6)) {
      case 0:
        return below(5);
      case 1:
        return name();
      case 2:
        return once_in(2);
      case 3:
        return nullptr;
      case 4: {
        Json out = Json::array();
        for (int i = below(3); i > 0; --i) out.push_back(value(depth - 1));
        return out;
      }
      default: {
        Json out = Json::object();
        for (int i = below(5); i > 0; --i) out[name()] = value(depth - 1);
        return out;
      }
    }
  }

 private:
  std::uint64_t state_;
};

// A value near the schema, so that many are valid.
Json fitting(Generator& random, const Json& schema, int depth) {
  if (random.once_in(12)) return random.value(2);
  const std::string type = schema.value("type", "");
  if (type == "integer") return random.below(5);
  if (type == "string") return random.once_in(2) ? "a" : "b";
  if (type == "boolean") return true;
  if (type == "array") {
    Json out = Json::array();
    for (int i = random.below(3); i > 0; --i) {
      out.push_back(fitting(random, schema["items"], depth - 1));
    }
    return out;
  }
  if (type != "object") return 1;
  Json out = Json::object();
  if (schema.contains("additionalProperties")) {
    out[random.name()] = fitting(random, schema["additionalProperties"], depth - 1);
  } else {
    for (const auto& [name, property] : schema["properties"].items()) {
      if (!random.once_in(3)) out[name] = fitting(random, property, depth - 1);
    }
    if (random.once_in(3)) out[random.name()] = random.value(1);
  }
  return out;
}

TEST(SchemaProperty, ShapingIsIdempotentAndKeepsWhatIsValid) {
  int valid = 0, changed = 0;
  for (std::uint64_t seed = 1; seed <= 20000; ++seed) {
    Generator random(seed);
    Json text = random.schema(4);
    text["type"] = "object";
    const Schema schema = compile_schema(text);
    const Json sent = text.contains("properties") || text.contains("additionalProperties")
                          ? fitting(random, text, 4)
                          : random.value(4);
    if (!sent.is_object()) continue;
    Json once = sent;
    prune_by_schema(schema, once, true);
    Json pruned = once;
    ASSERT_TRUE(prune_by_schema(schema, pruned, true).empty()) << seed;
    ASSERT_EQ(pruned, once) << seed;
    apply_schema_defaults(schema, once);
    Json defaulted = once;
    apply_schema_defaults(schema, defaulted);
    ASSERT_EQ(defaulted, once) << seed << text << sent;
    if (once != sent) ++changed;
    if (!validate_by_schema(schema, once).empty()) continue;
    ++valid;
    ASSERT_TRUE(validate_by_schema(schema, defaulted, &once).empty()) << seed;
    // An update to itself is never refused, valid or not.
    ASSERT_TRUE(validate_by_schema(schema, sent, &sent).empty()) << seed;
  }
  EXPECT_GT(valid, 2000);
  EXPECT_GT(changed, 2000);
}

}  // namespace
}  // namespace orrery::api
