// The codec's machinery: one small field table a struct (JSON name -> member), type-erased early so
// that a hundred structs compile fast. Included by the *_schema.cpp files only; everybody else uses
// object_codec.h. What a table does not name is kept in the struct's `extra` and written back.
#pragma once

#include <map>
#include <nlohmann/json.hpp>  // tidy: the tables hold JSON values; only *_schema.cpp include it
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/api/meta.h"
#include "core/api/resources.h"
#include "core/api/values/int_or_string.h"
#include "core/api/values/selector.h"
#include "core/base/status.h"

namespace orrery::api::codec {

using Json = nlohmann::json;

/// Collects the first type error of a decode, with its path.
class Decoder {
 public:
  void fail(std::string_view wanted, const Json& got);
  bool ok() const { return error_.empty(); }
  Status status() const { return ok() ? Status() : bad_request(error_); }
  void enter(std::string_view step) { path_.push_back(std::string(step)); }
  void leave() { path_.pop_back(); }

 private:
  std::vector<std::string> path_;
  std::string error_;
};

/// What can be done with a value of one C++ type without knowing the type.
struct TypeOps {
  void (*decode)(const Json& from, void* to, Decoder& decoder);
  void (*encode)(const void* from, Json& to);
  bool (*is_empty)(const void* value);  // Go's omitempty
};

struct Field {
  std::string_view name;  // dotted: a member of a nested object without a struct of its own
  const TypeOps* ops;
  void* (*member)(void* object);
  bool always;  // written even when empty
};

struct Structure {
  std::vector<Field> fields;
  RawRef* (*extra)(void* object) = nullptr;
  /// True for keys that another place of the object carries (Pod: spec.nodeName).
  bool (*skips)(std::string_view key, const Json& value) = nullptr;
  void (*after_decode)(const Json& from, void* object) = nullptr;
  void (*after_encode)(const void* object, Json& to) = nullptr;

  struct Branch {
    const Field* leaf = nullptr;
    std::map<std::string, Branch, std::less<>> children;
  };
  Branch tree;  // made by finish()
  void finish();
};

/// The table of T; each *_schema.cpp specialises it for its structs.
template <class T>
const Structure& structure();

void decode_structure(const Structure& s, const Json& from, void* to, Decoder& decoder);
void encode_structure(const Structure& s, const void* from, Json& to);

template <class T>
struct Ops;  // Ops<T>::table

#define ORRERY_DECLARE_OPS(T)   \
  template <>                   \
  struct Ops<T> {               \
    static const TypeOps table; \
  };
ORRERY_DECLARE_OPS(bool)
ORRERY_DECLARE_OPS(std::int32_t)
ORRERY_DECLARE_OPS(std::int64_t)
ORRERY_DECLARE_OPS(Symbol)
ORRERY_DECLARE_OPS(Text)
ORRERY_DECLARE_OPS(Time)
ORRERY_DECLARE_OPS(Uid)
ORRERY_DECLARE_OPS(LabelSet)
ORRERY_DECLARE_OPS(TextMap)
ORRERY_DECLARE_OPS(Quantity)
ORRERY_DECLARE_OPS(ResourceList)
ORRERY_DECLARE_OPS(IntOrString)
ORRERY_DECLARE_OPS(LabelSelector)
ORRERY_DECLARE_OPS(RawRef)
#undef ORRERY_DECLARE_OPS

extern const TypeOps kMicroTime;  // of a Time: metav1.MicroTime
extern const TypeOps kRevision;   // of a Revision: decimal text

template <class T>
bool never_empty(const void*) {
  return false;
}

// A struct with a table.
template <class T>
requires std::is_class_v<T>
struct Ops<T> {
  static constexpr TypeOps table = {
      [](const Json& from, void* to, Decoder& d) { decode_structure(structure<T>(), from, to, d); },
      [](const void* from, Json& to) { encode_structure(structure<T>(), from, to); },
      [](const void* value) { return *static_cast<const T*>(value) == T{}; }};
};

template <class T>
struct Ops<std::optional<T>> {
  static constexpr TypeOps table = {
      [](const Json& from, void* to, Decoder& d) {
        Ops<T>::table.decode(from, &static_cast<std::optional<T>*>(to)->emplace(), d);
      },
      [](const void* from, Json& to) {
        Ops<T>::table.encode(&**static_cast<const std::optional<T>*>(from), to);
      },
      [](const void* value) { return !static_cast<const std::optional<T>*>(value)->has_value(); }};
};

template <class T>
struct Ops<Shared<T>> {
  static constexpr TypeOps table = {
      [](const Json& from, void* to, Decoder& d) {
        Ops<T>::table.decode(from, &static_cast<Shared<T>*>(to)->edit(), d);
      },
      [](const void* from, Json& to) {
        Ops<T>::table.encode(static_cast<const Shared<T>*>(from)->get(), to);
      },
      [](const void* value) { return !*static_cast<const Shared<T>*>(value); }};
};

bool is_list(const Json& from, Decoder& decoder);

template <class T>
struct Ops<List<T>> {
  static constexpr TypeOps table = {
      [](const Json& from, void* to, Decoder& d) {
        if (!is_list(from, d) || from.empty()) return;
        auto& items = static_cast<List<T>*>(to)->edit();
        items.resize(from.size());
        for (std::size_t i = 0; i < items.size(); ++i) {
          d.enter("[" + std::to_string(i) + "]");
          Ops<T>::table.decode(from[i], &items[i], d);
          d.leave();
        }
      },
      [](const void* from, Json& to) {
        to = Json::array();
        for (const T& item : *static_cast<const List<T>*>(from)) {
          Json one;
          Ops<T>::table.encode(&item, one);
          to.push_back(std::move(one));
        }
      },
      [](const void* value) { return static_cast<const List<T>*>(value)->empty(); }};
};

template <auto Member>
struct MemberOf;
template <class T, class M, M T::*Member>
struct MemberOf<Member> {
  using Object = T;
  using Type = M;
  static void* at(void* object) { return &(static_cast<T*>(object)->*Member); }
  static RawRef* raw(void* object) requires std::is_same_v<M, RawRef> {
    return &(static_cast<T*>(object)->*Member);
  }
};

template <auto Member>
Field field(std::string_view name) {
  return {name, &Ops<typename MemberOf<Member>::Type>::table, &MemberOf<Member>::at, false};
}
/// Written even when empty: Go fields without omitempty.
template <auto Member>
Field always(std::string_view name) {
  Field f = field<Member>(name);
  f.always = true;
  return f;
}
template <auto Member>
Field field_as(std::string_view name, const TypeOps& ops) {
  return {name, &ops, &MemberOf<Member>::at, false};
}

/// Makes a finished Structure.
Structure make(std::vector<Field> fields, RawRef* (*extra)(void*) = nullptr);
template <auto Extra>
Structure make_with_extra(std::vector<Field> fields) {
  return make(std::move(fields), &MemberOf<Extra>::raw);
}

}  // namespace orrery::api::codec
