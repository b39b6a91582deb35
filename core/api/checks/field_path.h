// Path: where in an object a check stands, as upstream's field.Path. Every check function takes
// one. A path is a chain of small nodes on the stack and costs nothing until an error prints it.
// The rule: a child points at its parent, so never keep a chained path (`p.child("a").child("b")`)
// in a variable; write the two names in one, `p.child("a.b")`, or name each step.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace orrery::api {

class Path {
 public:
  explicit Path(std::string_view root) : name_(root) {}

  /// "parent.name"
  Path child(std::string_view name) const { return Path(this, Kind::kChild, name, 0); }
  /// "parent[i]"
  Path index(std::size_t i) const { return Path(this, Kind::kIndex, {}, i); }
  /// "parent[key]"
  Path key(std::string_view key) const { return Path(this, Kind::kKey, key, 0); }
  /// "parent.name[i]"
  Path at(std::string_view name, std::size_t i) const { return Path(this, Kind::kAt, name, i); }

  std::string text() const {
    std::string out = parent_ ? parent_->text() : std::string();
    switch (kind_) {
      case Kind::kChild:
        out.append(out.empty() ? "" : ".").append(name_);
        break;
      case Kind::kIndex:
        out.append("[").append(std::to_string(index_)).append("]");
        break;
      case Kind::kKey:
        out.append("[").append(name_).append("]");
        break;
      case Kind::kAt:
        out.append(".").append(name_).append("[").append(std::to_string(index_)).append("]");
        break;
    }
    return out;
  }

 private:
  enum class Kind { kChild, kIndex, kKey, kAt };
  Path(const Path* parent, Kind kind, std::string_view name, std::size_t index)
      : parent_(parent), name_(name), index_(index), kind_(kind) {}

  const Path* parent_ = nullptr;
  std::string_view name_;
  std::size_t index_ = 0;
  Kind kind_ = Kind::kChild;
};

}  // namespace orrery::api
