// The compiled form of template_types.h: for each field the text that a dump writes before its
// value, where the value stands in JSON, and how to write it. Only template_hash.cpp uses it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace orrery::api {

struct TemplateField {
  enum class Shape : std::uint8_t { kValue, kPointer, kSlice };
  enum class Kind : std::uint8_t {
    kString,
    kBool,
    kInt,
    kStruct,
    kTextMap,
    kResourceList,
    kTime,
    kQuantity,
    kIntOrString,
  };

  std::string prefix;    // e.g. " Name:(string)"
  std::string json_key;  // "" for an embedded type that shares the JSON object
  Shape shape = Shape::kValue;
  Kind kind = Kind::kString;
  std::size_t structure = 0;  // of kStruct: index into TemplateLayout::structures
};

struct TemplateLayout {
  std::vector<std::vector<TemplateField>> structures;  // [0] is PodTemplateSpec
};

/// Compiled at the first call.
const TemplateLayout& template_layout();

}  // namespace orrery::api
