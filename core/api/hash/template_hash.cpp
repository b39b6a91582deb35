#include "core/api/hash/template_hash.h"

#include <array>
#include <charconv>
#include <concepts>
#include <nlohmann/json.hpp>

#include "core/api/hash/template_layout.h"
#include "core/api/values/quantity_text.h"
#include "core/base/hash.h"
#include "core/base/time.h"

namespace orrery::api {
namespace {

using Json = nlohmann::json;
using Kind = TemplateField::Kind;
using Shape = TemplateField::Shape;

template <class T>
concept Sink = requires(T sink, std::string_view text) {
  sink.add(text);
};

struct HashSink {
  std::uint32_t sum = fnv1a_32("");
  void add(std::string_view text) { sum = fnv1a_32(text, sum); }
};

struct TextSink {
  std::string text;
  void add(std::string_view more) { text += more; }
};

/// Null where the key is absent or its value is null.
const Json* member(const Json* object, const std::string& key) {
  if (!object || !object->is_object()) return nullptr;
  const auto it = object->find(key);
  return it == object->end() || it->is_null() ? nullptr : &*it;
}

std::string_view text_of(const Json* value) {
  return value && value->is_string() ? std::string_view(value->get_ref<const std::string&>())
                                     : std::string_view();
}

/// Prints values the way go-spew's "%#v" does with methods off and keys sorted. Decoding from the
/// wire makes empty lists and maps nil.
template <Sink Out>
class Dumper {
 public:
  explicit Dumper(Out& out) : out_(out) {}

  void structure(std::size_t index, const Json* object) {
    out_.add("{");
    for (const TemplateField& field : template_layout().structures[index]) {
      out_.add(field.prefix);
      const Json* value = field.json_key.empty() ? object : member(object, field.json_key);
      switch (field.shape) {
        case Shape::kValue:
          one(field, value);
          break;
        case Shape::kPointer:
          value ? one(field, value) : nil();
          break;
        case Shape::kSlice:
          slice(field, value);
          break;
      }
    }
    out_.add("}");
  }

 private:
  void nil() { out_.add("<nil>"); }

  template <std::integral T>
  void integer(T value) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out_.add({digits.data(), static_cast<std::size_t>(end - digits.data())});
  }
  void number(const Json* value) {
    integer(value && value->is_number() ? value->get<std::int64_t>() : std::int64_t{0});
  }

  void slice(const TemplateField& field, const Json* value) {
    if (!value || !value->is_array() || value->empty()) return nil();
    bool first = true;
    out_.add("[");
    for (const Json& item : *value) {
      if (!first) out_.add(" ");
      first = false;
      one(field, &item);
    }
    out_.add("]");
  }

  /// One value without its type; an absent one is Go's zero value.
  void one(const TemplateField& field, const Json* value) {
    switch (field.kind) {
      case Kind::kString:
        return out_.add(text_of(value));
      case Kind::kBool:
        return out_.add(value && value->is_boolean() && value->get<bool>() ? "true" : "false");
      case Kind::kInt:
        return number(value);
      case Kind::kStruct:
        return structure(field.structure, value);
      case Kind::kTextMap:
        return map(value, [this](const Json& item) { out_.add(text_of(&item)); });
      case Kind::kResourceList:
        return map(value, [this](const Json& item) { quantity(&item); });
      case Kind::kTime:
        return time(value);
      case Kind::kQuantity:
        return quantity(value);
      case Kind::kIntOrString:
        return int_or_string(value);
    }
  }

  template <class Item>
  void map(const Json* value, Item item) {
    if (!value || !value->is_object() || value->empty()) return nil();
    bool first = true;
    out_.add("map[");
    for (const auto& [key, entry] : value->items()) {
      if (!first) out_.add(" ");
      first = false;
      out_.add(key);
      out_.add(":");
      item(entry);
    }
    out_.add("]");
  }

  void int_or_string(const Json* value) {
    const bool text = value && value->is_string();
    out_.add(text ? "{Type:(intstr.Type)1 IntVal:(int32)" : "{Type:(intstr.Type)0 IntVal:(int32)");
    number(value);
    out_.add(" StrVal:(string)");
    out_.add(text_of(value));
    out_.add("}");
  }

  void quantity(const Json* value) {
    QuantityParts parts;
    std::string_view format;  // of a Quantity that was never set
    if (value) {
      const std::string text = value->is_string() ? value->get<std::string>() : value->dump();
      if (Result<QuantityParts> parsed = parse_quantity(text); parsed.ok()) {
        parts = *std::move(parsed);
        format = to_string(parts.format);
      }
    }
    out_.add("{i:(resource.int64Amount){value:(int64)");
    integer(parts.number);
    out_.add(" scale:(resource.Scale)");
    integer(parts.exponent);
    out_.add("} d:(resource.infDecAmount){Dec:(*inf.Dec)");
    parts.is_decimal ? decimal(parts.decimal) : nil();
    out_.add("} s:(string)");
    out_.add(parts.text);
    out_.add(" Format:(resource.Format)");
    out_.add(format);
    out_.add("}");
  }

  /// inf.Dec over big.Int: sign, words of 64 bits (the lowest first), and the negated exponent.
  void decimal(const Decimal& value) {
    out_.add(value.sign() < 0 ? "{unscaled:(big.Int){neg:(bool)true abs:(big.nat)"
                              : "{unscaled:(big.Int){neg:(bool)false abs:(big.nat)");
    const std::vector<std::uint64_t> words = value.magnitude_words();
    if (words.empty()) nil();
    for (std::size_t i = 0; i < words.size(); ++i) {
      out_.add(i == 0 ? "[" : " ");
      integer(words[i]);
    }
    out_.add(words.empty() ? "} scale:(inf.Scale)" : "]} scale:(inf.Scale)");
    integer(-std::int64_t{value.exponent()});
    out_.add("}");
  }

  /// metav1.Time; a set one is in the local zone of a controller without zone data, which is UTC.
  void time(const Json* value) {
    constexpr std::int64_t kSecondsToUnixEpoch = 62'135'596'800;  // from year 1, as Go counts
    const auto parsed = value ? parse_rfc3339(text_of(value)) : Result<Time>(bad_request("absent"));
    out_.add("{Time:(time.Time){wall:(uint64)0 ext:(int64)");
    if (!parsed.ok()) {
      out_.add("0 loc:(*time.Location)<nil>}}");
      return;
    }
    const auto since_epoch = std::chrono::floor<std::chrono::seconds>(parsed->time_since_epoch());
    integer(std::int64_t{since_epoch.count()} + kSecondsToUnixEpoch);
    out_.add(
        " loc:(*time.Location){name:(string)UTC zone:([]time.zone)<nil> tx:([]time.zoneTrans)<nil> "
        "extend:(string) cacheStart:(int64)0 cacheEnd:(int64)0 cacheZone:(*time.zone)<nil>}}}");
  }

  Out& out_;
};

template <Sink Out>
void dump(const Json& pod_template, Out& out) {
  out.add("(v1.PodTemplateSpec)");
  Dumper<Out>(out).structure(0, &pod_template);
}

}  // namespace

std::string safe_encode_string(std::string_view text) {
  constexpr std::string_view kLetters = "bcdfghjklmnpqrstvwxz2456789";
  std::string out;
  for (const char c : text) out += kLetters[static_cast<unsigned char>(c) % kLetters.size()];
  return out;
}

std::string pod_template_dump(const Json& defaulted_template) {
  TextSink sink;
  dump(defaulted_template, sink);
  return std::move(sink.text);
}

std::string pod_template_hash(const Json& defaulted_template,
                              std::optional<std::int32_t> collision_count) {
  HashSink sink;
  dump(defaulted_template, sink);
  if (collision_count) {
    // Four bytes, little endian, in a buffer of eight.
    std::array<char, 8> bytes{};
    const auto count = static_cast<std::uint32_t>(*collision_count);
    for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<char>(count >> (8 * i));
    sink.add({bytes.data(), bytes.size()});
  }
  return safe_encode_string(std::to_string(sink.sum));
}

}  // namespace orrery::api
