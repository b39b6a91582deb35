// Field tables: one row a field of a scenario struct, with name, meaning and codec. Reading, the
// check for unknown keys, writing the full form and the reference in docs/scenario.md all come from
// the same rows, so they cannot drift apart. The tables stand in *_table.cpp.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/base/random.h"
#include "sim/scenario/field_reader.h"
#include "sim/scenario/scenario.h"

namespace orrery::sim {

/// The bounds of a number.
struct Range {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};
inline constexpr Range kPositive{1};
inline constexpr Range kNotNegative{0};
inline constexpr Range kPercent{1, 100};

struct TypeTable;

struct FieldRow {
  std::string_view name, doc;
  bool required;
  std::string type;             // for the reference: "integer", "list of NodePool"
  const TypeTable* (*inner)();  // the table of the field's struct, or null
  void (*read)(FieldReader&, const Tree&, void* object);
  Tree (*write)(const void* object);  // null: left out
};

struct TypeTable {
  std::string_view name, doc;
  std::vector<FieldRow> rows;
  Tree (*write_blank)(const FieldRow&);  // the row's value in a struct with all defaults
  bool sparse = false;                   // defaults are not written back: one of many forms is used
  /// Reads a form that is no map ("a" for {name: a}); false where it is none. May be null.
  bool (*read_short)(FieldReader&, const Tree&, void* object) = nullptr;
  std::string_view short_form;  // for the reference
  /// Checks fields against each other after all rows were read. May be null.
  void (*check)(FieldReader&, const Tree&, void* object) = nullptr;
};

/// Reads a map by its table: rows, unknown keys, required ones, then the table's check.
void read_fields(FieldReader& reader, const Tree& tree, void* object, const TypeTable& table);
Tree write_fields(const void* object, const TypeTable& table);

/// The table of a struct; specialised in *_table.cpp.
template <class T>
const TypeTable& table_of();
/// The names of an enum's values in their order; specialised in enum_names.cpp.
template <class E>
const std::vector<std::string_view>& enum_names();

/// Codec<T>: how a type is read, written and called. The primary template is for structs with a
/// table.
template <class T, class = void>
struct Codec {
  static std::string type() { return std::string(table_of<T>().name); }
  static const TypeTable* inner() { return &table_of<T>(); }
  static void read(FieldReader& r, const Tree& t, T& out, Range) {
    read_fields(r, t, &out, table_of<T>());
  }
  static Tree write(const T& value) { return write_fields(&value, table_of<T>()); }
};

/// Declares the codec of a single value; the functions stand in value_codecs.cpp.
template <class T>
struct ValueCodec {
  static std::string type();
  static const TypeTable* inner() { return nullptr; }
  static void read(FieldReader& r, const Tree& t, T& out, Range range);
  static Tree write(const T& value);
};
template <>
struct Codec<bool> : ValueCodec<bool> {};
template <>
struct Codec<std::int64_t> : ValueCodec<std::int64_t> {};
template <>
struct Codec<std::uint64_t> : ValueCodec<std::uint64_t> {};
template <>
struct Codec<double> : ValueCodec<double> {};
template <>
struct Codec<std::string> : ValueCodec<std::string> {};
template <>
struct Codec<Duration> : ValueCodec<Duration> {};
template <>
struct Codec<Time> : ValueCodec<Time> {};
template <>
struct Codec<CpuMilli> : ValueCodec<CpuMilli> {};
template <>
struct Codec<Bytes> : ValueCodec<Bytes> {};
template <>
struct Codec<LatencyModel> : ValueCodec<LatencyModel> {};
template <>
struct Codec<Amount> : ValueCodec<Amount> {};
template <>
struct Codec<Comparison> : ValueCodec<Comparison> {};
template <>
struct Codec<After> : ValueCodec<After> {};
template <>
struct Codec<Tree> : ValueCodec<Tree> {};

std::size_t read_enum(FieldReader& r, const Tree& t, const std::vector<std::string_view>& names,
                      std::size_t otherwise);
std::string enum_type(const std::vector<std::string_view>& names);

template <class E>
struct Codec<E, std::enable_if_t<std::is_enum_v<E>>> {
  static std::string type() { return enum_type(enum_names<E>()); }
  static const TypeTable* inner() { return nullptr; }
  static void read(FieldReader& r, const Tree& t, E& out, Range) {
    out = static_cast<E>(read_enum(r, t, enum_names<E>(), static_cast<std::size_t>(out)));
  }
  static Tree write(E value) {
    const std::string_view name = enum_names<E>()[static_cast<std::size_t>(value)];
    return name.empty() ? Tree() : Tree::of_text(name);
  }
};

template <class T>
struct Codec<std::optional<T>> {
  static std::string type() { return Codec<T>::type(); }
  static const TypeTable* inner() { return Codec<T>::inner(); }
  static void read(FieldReader& r, const Tree& t, std::optional<T>& out, Range range) {
    Codec<T>::read(r, t, out.emplace(), range);
  }
  static Tree write(const std::optional<T>& value) {
    return value ? Codec<T>::write(*value) : Tree();
  }
};

template <class T>
struct Codec<std::vector<T>> {
  static std::string type() { return "list of " + Codec<T>::type(); }
  static const TypeTable* inner() { return Codec<T>::inner(); }
  static void read(FieldReader& r, const Tree& t, std::vector<T>& out, Range range) {
    if (!t.is_list()) return r.mismatch(t, "a list");
    out.clear();
    for (const Tree& item : t.items) {
      const FieldReader::Scope scope(r, "[" + std::to_string(out.size()) + "]");
      Codec<T>::read(r, item, out.emplace_back(), range);
    }
  }
  static Tree write(const std::vector<T>& value) {
    Tree out = Tree::list();
    for (const T& item : value) out.items.push_back(Codec<T>::write(item));
    return out;
  }
};

template <class T>
struct Codec<std::map<std::string, T>> {
  static std::string type() { return "map of " + Codec<T>::type(); }
  static const TypeTable* inner() { return Codec<T>::inner(); }
  static void read(FieldReader& r, const Tree& t, std::map<std::string, T>& out, Range range) {
    if (!t.is_map()) return r.mismatch(t, "a map");
    out.clear();
    for (const auto& [name, value] : t.members) {
      const FieldReader::Scope scope(r, "[" + name + "]");
      Codec<T>::read(r, value, out[name], range);
    }
  }
  static Tree write(const std::map<std::string, T>& value) {
    Tree out = Tree::map();
    for (const auto& [name, item] : value) out.add(name, Codec<T>::write(item));
    return out;
  }
};

template <class M>
struct MemberOf;
template <class C, class T>
struct MemberOf<T C::*> {
  using Class = C;
  using Type = T;
};

enum class Need : std::uint8_t { kOptional, kRequired };

/// A row for a member: row<&NodePool::count, kPositive>("count", "how many nodes",
/// Need::kRequired).
template <auto Member, Range kRange = Range{}>
FieldRow row(std::string_view name, std::string_view doc, Need need = Need::kOptional) {
  using Class = typename MemberOf<decltype(Member)>::Class;
  using Type = typename MemberOf<decltype(Member)>::Type;
  return {name,
          doc,
          need == Need::kRequired,
          Codec<Type>::type(),
          &Codec<Type>::inner,
          [](FieldReader& r, const Tree& t, void* object) {
            Codec<Type>::read(r, t, static_cast<Class*>(object)->*Member, kRange);
          },
          [](const void* object) {
            return Codec<Type>::write(static_cast<const Class*>(object)->*Member);
          }};
}

/// A table of T. `sparse`: fields that have their default are not written back.
template <class T>
TypeTable table(std::string_view name, std::string_view doc, std::vector<FieldRow> rows,
                bool sparse = false) {
  return {.name = name,
          .doc = doc,
          .rows = std::move(rows),
          .write_blank =
              [](const FieldRow& row) {
                const T blank{};
                return row.write(&blank);
              },
          .sparse = sparse};
}

}  // namespace orrery::sim
