#include "tests/core/api/protobuf/generated_document.h"

#include <nlohmann/json.hpp>
#include <string>

namespace orrery::api {
namespace {

using nlohmann::json;

constexpr int kDepthMax = 7;
constexpr int kFieldsMax = 400;  // past it only what must be there

class Generator {
 public:
  Generator(const ApiTable& table, RandomStream& random) : table_(table), random_(random) {}

  json document(std::size_t type, int depth);

 private:
  json field(const FieldRow& row, int depth);
  json element(const FieldRow& row, TypeUse use, int depth, bool may_be_zero);
  json scalar(Shape shape, bool may_be_zero);
  json opaque(std::string_view use_text, int depth);
  json schema(int depth);
  std::string word(bool may_be_empty);
  bool chance(double p) { return random_.chance(p); }

  const ApiTable& table_;
  RandomStream& random_;
  int fields_ = 0;
};

std::string Generator::word(bool may_be_empty) {
  static const char* const kWords[] = {"web", "a b", "x/y", "\"q\"\n", "é漢", "0", "true", "-"};
  if (may_be_empty && chance(0.2)) return "";
  return kWords[random_.below(std::size(kWords))] + std::to_string(random_.below(100));
}

json Generator::schema(int depth) {
  return document(static_cast<std::size_t>(table_.find_type("apiextensions/v1.JSONSchemaProps")),
                  depth + 1);
}

json Generator::opaque(std::string_view use, int depth) {
  const auto is = [use](std::string_view name) { return use.find(name) != std::string_view::npos; };
  const bool deep = depth > kDepthMax || fields_ > kFieldsMax;
  if (is("OrBool") && (chance(0.5) || deep)) return chance(0.5);
  if (is("OrStringArray") && (chance(0.5) || deep)) {
    return json::array({word(false), ""});
  }
  if (is("OrArray") && chance(0.5)) return json::array({schema(depth), schema(depth)});
  if (is("JSONSchemaPropsOr")) return schema(depth);
  if (is("SubresourceStatus") || is("Patch")) return json::object();
  return json{{"f:x", {{"n", 1.5}, {"list", {1, nullptr, "é"}}}}};
}

json Generator::scalar(Shape shape, bool may_be_zero) {
  const bool zero = may_be_zero && chance(0.3);
  switch (shape) {
    case Shape::kString:
      return zero ? "" : word(false);
    case Shape::kBool:
      return !zero;
    case Shape::kInt32:
      if (zero) return 0;
      return static_cast<std::int32_t>(static_cast<std::uint32_t>(random_.next())) | 1;
    case Shape::kInt64:
      if (zero) return 0;
      return static_cast<std::int64_t>(random_.next() | 1);
    case Shape::kDouble:
      if (zero) return 0;
      return static_cast<double>(random_.below(1000)) + 0.25;
    case Shape::kBytes:
      return chance(0.5) ? "AP8=" : "c2VjcmV0";
    case Shape::kTime:
      return chance(0.5) ? "2026-11-23T04:13:40Z" : "1969-12-31T23:59:59Z";
    case Shape::kMicroTime:
      return chance(0.5) ? "2026-11-23T04:13:40.354576Z" : "2300-01-01T00:00:00.000000Z";
    case Shape::kQuantity:
      return chance(0.5) ? "100m" : "0";
    default:
      if (zero) return 0;
      return chance(0.5) ? json(word(false)) : json(-80);
  }
}

json Generator::element(const FieldRow& row, TypeUse use, int depth, bool may_be_zero) {
  if (use.shape == Shape::kStruct) return document(use.index, depth + 1);
  if (use.shape == Shape::kOpaque) return opaque(row.use_text, depth);
  if (use.shape == Shape::kList) return json::array({word(true), word(true)});
  return scalar(use.shape, may_be_zero);
}

// Null: absent.
json Generator::field(const FieldRow& row, int depth) {
  const bool deep = depth >= kDepthMax || ++fields_ > kFieldsMax;
  if (row.use.shape == Shape::kList || row.use.shape == Shape::kMap) {
    if (deep || chance(0.3)) return nullptr;
    const TypeUse use = table_.element(row.use);
    if (row.use.shape == Shape::kList) {
      json out = json::array();
      for (auto n = random_.below(3) + 1; n > 0; --n) out.push_back(element(row, use, depth, true));
      return out;
    }
    json out = json::object();
    for (auto n = random_.below(3) + 1; n > 0; --n) {
      out[word(true)] = element(row, use, depth, true);
    }
    return out;
  }
  const bool keeps_zero = row.required || row.always;
  const bool nested = row.use.shape == Shape::kStruct || row.use.shape == Shape::kOpaque;
  if (row.pointer) {
    if (chance(0.3) || (deep && nested)) return nullptr;
    return element(row, row.use, depth, true);
  }
  const bool is_time = row.use.shape == Shape::kTime || row.use.shape == Shape::kMicroTime;
  if (is_time || row.use.shape == Shape::kBytes || row.use.shape == Shape::kOpaque) {
    return chance(0.3) || deep ? json() : element(row, row.use, depth, true);
  }
  if (row.use.shape == Shape::kStruct) {
    json out = document(row.use.index, depth + 1);
    return out.empty() && !keeps_zero ? json() : out;
  }
  if (keeps_zero || row.use.shape == Shape::kQuantity) return scalar(row.use.shape, true);
  return chance(0.3) ? json() : scalar(row.use.shape, false);
}

json Generator::document(std::size_t type, int depth) {
  json out = json::object();
  for (const FieldRow& row : table_.fields(table_.type(type))) {
    if (row.path.empty()) continue;
    json value = field(row, depth);
    if (!value.is_null()) out[std::string(row.name)] = std::move(value);
  }
  return out;
}

}  // namespace

json generate_document(const ApiTable& table, std::size_t type, RandomStream& random) {
  return Generator(table, random).document(type, 0);
}

}  // namespace orrery::api
