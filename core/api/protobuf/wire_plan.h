// WirePlan: the API table turned into what the protobuf codec needs: for each type its fields by
// number, and the Go structs that upstream embeds as messages of their own. Compiled once by
// ProtobufCodec; never changes. Text views live as long as the table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/api/schema/api_table.h"

namespace orrery::api {

/// How one value of a field is written.
enum class Wire : std::uint8_t {
  kString,
  kBool,
  kInt32,
  kInt64,
  kDouble,
  kBytes,  // base64 text in JSON
  kTime,
  kMicroTime,
  kQuantity,     // message {1: text}
  kIntOrString,  // message {1: type, 2: int, 3: string}
  kRaw,          // message {1: JSON text}
  kItems,        // message {1: repeated string}
  kMessage,
  kEmbedded,         // message whose fields are in the same JSON object
  kEmpty,            // message without fields
  kSchemaOrBool,     // message {1: bool, 2: schema}
  kSchemaOrArray,    // message {1: schema, 2: repeated schema}
  kSchemaOrStrings,  // message {1: schema, 2: repeated string}
};

enum class Repeat : std::uint8_t { kOne, kList, kMap };

struct WireField {
  std::string_view name;  // JSON member, "" for kEmbedded
  std::uint16_t number = 0;
  std::uint16_t message = 0;  // of kMessage, kEmbedded and the schema kinds: row of the plan
  std::uint16_t slot = 0;     // row of WireMessage::names of the outermost message
  Wire wire = Wire::kEmpty;
  Repeat repeat = Repeat::kOne;
  bool pointer = false;    // on the wire only when set, and then kept even if zero
  bool keep_zero = false;  // JSON has it even if zero
};

struct WireMessage {
  std::vector<WireField> fields;        // by number
  std::vector<std::int16_t> by_number;  // row of fields, -1: none
  std::vector<std::string_view> names;  // all JSON members in order; empty for embedded messages

  const WireField* find(std::uint32_t number) const {
    if (number >= by_number.size() || by_number[number] < 0) return nullptr;
    return &fields[static_cast<std::size_t>(by_number[number])];
  }
};

/// The most JSON members a type of the table has (44), with room.
inline constexpr std::size_t kWireSlotsMax = 96;
/// Messages in messages; no Kubernetes object comes near.
inline constexpr int kWireDepthMax = 200;

class WirePlan {
 public:
  explicit WirePlan(const ApiTable& table);

  const WireMessage& message(std::size_t row) const { return messages_[row]; }
  /// Rows of the table's types come first, then PartialObjectMetadata and its list, then embedded
  /// messages.
  std::size_t partial_metadata() const { return partial_metadata_; }
  std::size_t types() const { return partial_metadata_ + 2; }

 private:
  void add_type(const ApiTable& table, std::size_t row);
  void add_partial_metadata(const ApiTable& table);
  WireField wire_field(const ApiTable& table, const TypeRow& type, const FieldRow& row) const;
  std::size_t embedded(std::size_t message, std::uint16_t number);
  void index(WireMessage& message);

  std::vector<WireMessage> messages_;
  std::size_t partial_metadata_ = 0;
  std::uint16_t schema_ = 0;  // JSONSchemaProps
};

}  // namespace orrery::api
