// Tree: a value as it stands in an input file (null, bool, number, text, list, map in the file's
// order) with its line, and the value that settings are written back through. Scenario tables and
// the manifest reader speak Tree, so that yaml-cpp and nlohmann/json each stay in one source file.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::sim {

struct TreeMember;

struct Tree {
  enum class Kind : std::uint8_t { kNull, kBool, kInt, kUint, kFloat, kText, kList, kMap };

  Kind kind = Kind::kNull;
  bool quoted = false;   // text that stood in quotes or in a block
  bool boolean = false;  // kBool
  int line = 0;          // 1-based; 0 where the value did not come from a file
  int column = 0;
  std::int64_t integer = 0;         // kInt; kUint: the bits of a value past the signed range
  double real = 0;                  // kFloat
  std::string text;                 // kText: the value; other scalars: as written in the file
  std::vector<Tree> items;          // kList
  std::vector<TreeMember> members;  // kMap

  static Tree of_bool(bool value);
  static Tree of_int(std::int64_t value);
  static Tree of_real(double value);
  static Tree of_text(std::string_view value);
  static Tree list();
  static Tree map();

  bool is_null() const { return kind == Kind::kNull; }
  bool is_map() const { return kind == Kind::kMap; }
  bool is_list() const { return kind == Kind::kList; }
  bool is_text() const { return kind == Kind::kText; }
  /// The member of this name, or null where there is none (or this is no map).
  const Tree* find(std::string_view name) const;
  /// Adds a member; the caller sees to it that the name is new.
  void add(std::string_view name, Tree value);
  /// Equal values, wherever they stood.
  bool operator==(const Tree& other) const;
};

/// A member of a map.
struct TreeMember {
  std::string name;
  Tree value;
  bool operator==(const TreeMember&) const = default;
};

/// How the value looks in an error message: `"ten"`, `3`, `a list`, `nothing`.
std::string shown(const Tree& value);
/// JSON text: one line for indent < 0, else pretty with so many blanks a level. Member order is
/// kept.
std::string to_json_text(const Tree& value, int indent = -1);
/// The value as JSON. Floats with a whole value become integers, as Go's encoder writes them.
nlohmann::json to_json(const Tree& value);
Tree tree_of(const nlohmann::json& value);

}  // namespace orrery::sim
