// FieldSet: a set of field paths of one object, as managedFields keeps it (structured-merge-diff's
// fieldpath.Set). A tree of path elements in sorted vectors; an element may be a member, lead to
// members, or both. Everything in this folder computes with it. Rule: an element is its FieldsV1
// text in canonical form ("f:name", `k:{"name":"a"}`, `v:"x"`, "i:0"; see path_element.h), and no
// node is kept that is neither a member nor leads to one.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::api::managed {

class FieldSet {
 public:
  struct Node;
  using Path = std::span<const std::string_view>;

  bool empty() const { return nodes_.empty(); }
  /// How many paths are members.
  std::size_t size() const;
  const std::vector<Node>& nodes() const { return nodes_; }
  std::vector<Node>& nodes() { return nodes_; }
  /// The node of this element, or null.
  const Node* find(std::string_view element) const;
  bool has(Path path) const;

  void insert(Path path);
  /// Adds an element with what it leads to, unless it is neither a member nor leads to one. Cheap
  /// when elements come in order; one that is there already is united.
  void add(std::string element, bool member, FieldSet children);
  void reserve(std::size_t nodes) { nodes_.reserve(nodes); }
  /// Removes the path and all below it.
  void erase_tree(Path path);
  /// Removes the path itself; what it leads to stays.
  void erase(Path path);

  bool operator==(const FieldSet& other) const;

 private:
  std::vector<Node> nodes_;  // by element
};

struct FieldSet::Node {
  std::string element;
  bool member = false;
  FieldSet children;
  bool operator==(const Node&) const = default;
};

FieldSet union_of(const FieldSet& a, const FieldSet& b);
FieldSet intersection(const FieldSet& a, const FieldSet& b);
/// The members of `a` that are not members of `b`. A member's children do not go with it.
FieldSet difference(const FieldSet& a, const FieldSet& b);

}  // namespace orrery::api::managed
