#include "core/api/protobuf/wire_plan.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"

namespace orrery::api {
namespace {

// "[core/v1.Taint]" -> "core/v1.Taint"
std::string_view element_name(std::string_view use) {
  while (!use.empty() && (use.front() == '[' || use.front() == '{')) {
    use = use.substr(1, use.size() - 2);
  }
  return use;
}

Wire opaque_wire(std::string_view use) {
  const std::string_view name = element_name(use);
  const std::string_view bare = name.substr(name.rfind('.') + 1);
  if (bare == "JSONSchemaPropsOrBool") return Wire::kSchemaOrBool;
  if (bare == "JSONSchemaPropsOrArray") return Wire::kSchemaOrArray;
  if (bare == "JSONSchemaPropsOrStringArray") return Wire::kSchemaOrStrings;
  if (bare == "raw" || bare == "JSON" || bare == "FieldsV1" || bare == "RawExtension") {
    return Wire::kRaw;
  }
  CHECK(bare == "CustomResourceSubresourceStatus" || bare == "Patch");
  return Wire::kEmpty;
}

Wire scalar_wire(Shape shape) {
  switch (shape) {
    case Shape::kBool:
      return Wire::kBool;
    case Shape::kInt32:
      return Wire::kInt32;
    case Shape::kInt64:
      return Wire::kInt64;
    case Shape::kDouble:
      return Wire::kDouble;
    case Shape::kBytes:
      return Wire::kBytes;
    case Shape::kTime:
      return Wire::kTime;
    case Shape::kMicroTime:
      return Wire::kMicroTime;
    case Shape::kQuantity:
      return Wire::kQuantity;
    case Shape::kIntOrString:
      return Wire::kIntOrString;
    default:
      return Wire::kString;
  }
}

}  // namespace

WirePlan::WirePlan(const ApiTable& table) {
  const int schema = table.find_type("apiextensions/v1.JSONSchemaProps");
  schema_ = static_cast<std::uint16_t>(std::max(schema, 0));
  partial_metadata_ = table.types().size();
  messages_.resize(types());
  for (std::size_t row = 0; row < table.types().size(); ++row) add_type(table, row);
  add_partial_metadata(table);
  for (WireMessage& message : messages_) index(message);
}

void WirePlan::add_type(const ApiTable& table, std::size_t row) {
  const TypeRow& type = table.type(row);
  for (const FieldRow& field : table.fields(type)) {
    std::size_t into = row;
    for (std::size_t i = 0; i + 1 < field.path.size(); ++i) into = embedded(into, field.path[i]);
    const auto slot = static_cast<std::uint16_t>(messages_[row].names.size());
    CHECK(slot < kWireSlotsMax);
    messages_[row].names.push_back(field.name);
    if (field.path.empty()) continue;
    WireField out = wire_field(table, type, field);
    out.slot = slot;
    messages_[into].fields.push_back(out);
  }
}

WireField WirePlan::wire_field(const ApiTable& table, const TypeRow& type,
                               const FieldRow& row) const {
  WireField out;
  out.name = row.name;
  out.number = row.path.back();
  out.pointer = row.pointer;
  out.keep_zero = row.required || row.always;
  TypeUse use = row.use;
  if (use.shape == Shape::kMap || use.shape == Shape::kList) {
    out.repeat = use.shape == Shape::kMap ? Repeat::kMap : Repeat::kList;
    use = table.element(use);
  }
  // Go's type Verbs of this one field is a message around the list.
  const bool is_verbs = type.name == "APIResource" && row.name == "verbs";
  if (is_verbs) {
    out.repeat = Repeat::kOne;
    out.pointer = true;
  }
  if (use.shape == Shape::kList || is_verbs) {
    out.wire = Wire::kItems;
  } else if (use.shape == Shape::kStruct) {
    out.wire = Wire::kMessage;
    out.message = use.index;
  } else if (use.shape == Shape::kOpaque) {
    out.wire = opaque_wire(row.use_text);
    out.message = schema_;
  } else {
    out.wire = scalar_wire(use.shape);
  }
  return out;
}

void WirePlan::add_partial_metadata(const ApiTable& table) {
  const auto type_row = [&table](std::string_view name) {
    return static_cast<std::uint16_t>(std::max(table.find_type(name), 0));
  };
  WireField metadata{.name = "metadata",
                     .number = 1,
                     .message = type_row("meta/v1.ObjectMeta"),
                     .slot = 0,
                     .wire = Wire::kMessage};
  WireMessage& object = messages_[partial_metadata_];
  object.names = {"metadata"};
  object.fields = {metadata};
  WireMessage& list = messages_[partial_metadata_ + 1];
  metadata.message = type_row("meta/v1.ListMeta");
  metadata.slot = 1;
  list.names = {"items", "metadata"};
  list.fields = {metadata, WireField{.name = "items",
                                     .number = 2,
                                     .message = static_cast<std::uint16_t>(partial_metadata_),
                                     .slot = 0,
                                     .wire = Wire::kMessage,
                                     .repeat = Repeat::kList}};
}

std::size_t WirePlan::embedded(std::size_t message, std::uint16_t number) {
  for (const WireField& field : messages_[message].fields) {
    if (field.number == number) {
      CHECK(field.wire == Wire::kEmbedded);
      return field.message;
    }
  }
  const std::size_t row = messages_.size();
  messages_[message].fields.push_back(WireField{
      .number = number, .message = static_cast<std::uint16_t>(row), .wire = Wire::kEmbedded});
  messages_.emplace_back();
  return row;
}

void WirePlan::index(WireMessage& message) {
  std::sort(message.fields.begin(), message.fields.end(),
            [](const WireField& a, const WireField& b) { return a.number < b.number; });
  if (message.fields.empty()) return;
  message.by_number.assign(std::size_t{message.fields.back().number} + 1, -1);
  for (std::size_t i = 0; i < message.fields.size(); ++i) {
    message.by_number[message.fields[i].number] = static_cast<std::int16_t>(i);
  }
}

}  // namespace orrery::api
