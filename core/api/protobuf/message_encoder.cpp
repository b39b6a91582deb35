// Encoding: writes backwards, fields from the highest number down, as upstream's generated code
// does; the bytes are the same. One merge walk finds the JSON members of a message.
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/api/protobuf/message_codec.h"
#include "core/api/protobuf/wire_values.h"
#include "core/api/protobuf/wire_writer.h"

namespace orrery::api {
namespace {

using nlohmann::json;

using Slots = std::array<const json*, kWireSlotsMax>;

// A whole number of either JSON form.
std::optional<std::int64_t> whole(const json& value) {
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return std::nullopt;
  const double real = value.get<double>();
  if (!(real > -9.2e18 && real < 9.2e18) || real != std::trunc(real)) return std::nullopt;
  return static_cast<std::int64_t>(real);
}

std::string_view text_of(const json& value) { return value.get_ref<const std::string&>(); }

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

class Encoder {
 public:
  explicit Encoder(const WirePlan& plan) : plan_(plan) {}

  void message(std::size_t row, const json* object);
  std::string take() { return out_.take(); }

 private:
  void fields(const WireMessage& message, const Slots& slots);
  void field(const WireField& field, const Slots& slots);
  void list(const WireField& field, const json& values);
  void map(const WireField& field, const json& values);
  bool value(const WireField& field, std::uint32_t number, const json& value);
  bool scalar(const WireField& field, std::uint32_t number, const json& value);
  bool time(std::uint32_t number, const json& value, bool micro);
  bool int_or_string(std::uint32_t number, const json& value);
  bool items(std::uint32_t number, const json& value);
  bool schema_or(const WireField& field, std::uint32_t number, const json& value);
  void zero(const WireField& field, std::uint32_t number);
  void sub_message(std::uint32_t number, std::size_t row, const json* object);

  const WirePlan& plan_;
  WireWriter out_{2048};
  int depth_ = 0;
};

// JSON objects and the plan's names are both in order: one walk finds all members.
void Encoder::message(std::size_t row, const json* object) {
  const WireMessage& message = plan_.message(row);
  Slots slots;
  const std::size_t count = message.names.size();
  std::fill_n(slots.begin(), count, nullptr);
  if (object && object->is_object()) {
    std::size_t slot = 0;
    for (auto it = object->begin(); it != object->end() && slot < count;) {
      const int order = message.names[slot].compare(it.key());
      if (order == 0 && !it->is_null()) slots[slot] = &*it;
      if (order <= 0) ++slot;
      if (order >= 0) ++it;
    }
  }
  fields(message, slots);
}

void Encoder::fields(const WireMessage& message, const Slots& slots) {
  for (std::size_t i = message.fields.size(); i-- > 0;) field(message.fields[i], slots);
}

void Encoder::field(const WireField& field, const Slots& slots) {
  if (field.wire == Wire::kEmbedded) {
    const std::size_t start = out_.mark();
    fields(plan_.message(field.message), slots);
    return out_.close_field(field.number, start);
  }
  const json* value = slots[field.slot];
  if (field.repeat == Repeat::kList) {
    if (value && value->is_array()) list(field, *value);
  } else if (field.repeat == Repeat::kMap) {
    if (value && value->is_object()) map(field, *value);
  } else if ((!value || !this->value(field, field.number, *value)) && !field.pointer) {
    zero(field, field.number);
  }
}

void Encoder::list(const WireField& field, const json& values) {
  for (std::size_t i = values.size(); i-- > 0;) {
    if (!value(field, field.number, values[i])) zero(field, field.number);
  }
}

void Encoder::map(const WireField& field, const json& values) {
  for (auto it = values.end(); it != values.begin();) {
    --it;
    const std::size_t start = out_.mark();
    if (!value(field, 2, *it)) zero(field, 2);
    out_.bytes_field(1, it.key());
    out_.close_field(field.number, start);
  }
}

void Encoder::sub_message(std::uint32_t number, std::size_t row, const json* object) {
  const std::size_t start = out_.mark();
  if (++depth_ <= kWireDepthMax) message(row, object);
  --depth_;
  out_.close_field(number, start);
}

// Writes nothing and gives false if the value does not fit the field.
bool Encoder::value(const WireField& field, std::uint32_t number, const json& value) {
  switch (field.wire) {
    case Wire::kMessage:
      if (!value.is_object()) return false;
      sub_message(number, field.message, &value);
      return true;
    case Wire::kTime:
    case Wire::kMicroTime:
      return time(number, value, field.wire == Wire::kMicroTime);
    case Wire::kIntOrString:
      return int_or_string(number, value);
    case Wire::kItems:
      return items(number, value);
    case Wire::kRaw: {
      if (value.is_null()) return false;
      const std::size_t start = out_.mark();
      out_.bytes_field(1, dump(value));
      out_.close_field(number, start);
      return true;
    }
    case Wire::kEmpty:
      out_.bytes_field(number, "");
      return true;
    case Wire::kSchemaOrBool:
    case Wire::kSchemaOrArray:
    case Wire::kSchemaOrStrings:
      return schema_or(field, number, value);
    default:
      return scalar(field, number, value);
  }
}

bool Encoder::scalar(const WireField& field, std::uint32_t number, const json& value) {
  if (field.wire == Wire::kQuantity && (value.is_string() || value.is_number())) {
    const std::size_t start = out_.mark();
    if (value.is_string()) {
      out_.bytes_field(1, text_of(value));
    } else {
      out_.bytes_field(1, dump(value));
    }
    out_.close_field(number, start);
  } else if (field.wire == Wire::kString && value.is_string()) {
    out_.bytes_field(number, text_of(value));
  } else if (field.wire == Wire::kBytes && value.is_string()) {
    const auto bytes = base64_decode(text_of(value));
    if (!bytes) return false;
    out_.bytes_field(number, *bytes);
  } else if (field.wire == Wire::kBool && value.is_boolean()) {
    out_.number_field(number, value.get<bool>() ? 1 : 0);
  } else if (field.wire == Wire::kDouble && value.is_number()) {
    out_.double_field(number, value.get<double>());
  } else if (field.wire == Wire::kInt32 || field.wire == Wire::kInt64) {
    const auto integer = whole(value);
    if (!integer) return false;
    const bool fits = *integer >= std::numeric_limits<std::int32_t>::min() &&
                      *integer <= std::numeric_limits<std::int32_t>::max();
    if (field.wire == Wire::kInt32 && !fits) return false;
    out_.number_field(number, static_cast<std::uint64_t>(*integer));
  } else {
    return false;
  }
  return true;
}

bool Encoder::time(std::uint32_t number, const json& value, bool micro) {
  if (!value.is_string()) return false;
  const auto at = parse_timestamp(text_of(value));
  if (!at) return false;
  const std::size_t start = out_.mark();
  if (at->seconds != kZeroTimeSeconds || at->nanos != 0) {
    out_.number_field(2, micro ? static_cast<std::uint64_t>(at->nanos / 1000 * 1000) : 0);
    out_.number_field(1, static_cast<std::uint64_t>(at->seconds));
  }
  out_.close_field(number, start);
  return true;
}

bool Encoder::int_or_string(std::uint32_t number, const json& value) {
  const auto integer = whole(value);
  if (!integer && !value.is_string()) return false;
  const std::size_t start = out_.mark();
  out_.bytes_field(3, integer ? std::string_view{} : text_of(value));
  out_.number_field(2, static_cast<std::uint64_t>(integer.value_or(0)));
  out_.number_field(1, integer ? 0 : 1);
  out_.close_field(number, start);
  return true;
}

bool Encoder::items(std::uint32_t number, const json& value) {
  if (!value.is_array()) return false;
  const std::size_t start = out_.mark();
  for (std::size_t i = value.size(); i-- > 0;) {
    out_.bytes_field(1, value[i].is_string() ? text_of(value[i]) : std::string_view{});
  }
  out_.close_field(number, start);
  return true;
}

bool Encoder::schema_or(const WireField& field, std::uint32_t number, const json& value) {
  const bool or_bool = field.wire == Wire::kSchemaOrBool;
  if (!value.is_object() && !(or_bool ? value.is_boolean() : value.is_array())) return false;
  const std::size_t start = out_.mark();
  if (value.is_object()) {
    sub_message(or_bool ? 2 : 1, field.message, &value);
    if (or_bool) out_.number_field(1, 1);
  } else if (or_bool) {
    out_.number_field(1, value.get<bool>() ? 1 : 0);
  } else {
    for (std::size_t i = value.size(); i-- > 0;) {
      if (field.wire == Wire::kSchemaOrArray) {
        sub_message(2, field.message, &value[i]);
      } else {
        out_.bytes_field(2, value[i].is_string() ? text_of(value[i]) : std::string_view{});
      }
    }
  }
  out_.close_field(number, start);
  return true;
}

// What upstream writes for a field that it keeps by value and that is not set.
void Encoder::zero(const WireField& field, std::uint32_t number) {
  switch (field.wire) {
    case Wire::kBool:
    case Wire::kInt32:
    case Wire::kInt64:
      return out_.number_field(number, 0);
    case Wire::kDouble:
      return out_.double_field(number, 0);
    case Wire::kBytes:
      if (field.repeat != Repeat::kOne) out_.bytes_field(number, "");
      return;
    case Wire::kQuantity: {
      const std::size_t start = out_.mark();
      out_.bytes_field(1, "0");
      return out_.close_field(number, start);
    }
    case Wire::kIntOrString:
      int_or_string(number, json(0));
      return;
    case Wire::kMessage:
      return sub_message(number, field.message, nullptr);
    default:
      return out_.bytes_field(number, "");
  }
}

}  // namespace

std::string encode_message(const WirePlan& plan, std::size_t row, const json& document) {
  Encoder encoder(plan);
  encoder.message(row, &document);
  return encoder.take();
}

}  // namespace orrery::api
