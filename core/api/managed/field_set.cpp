#include "core/api/managed/field_set.h"

#include <algorithm>
#include <utility>

namespace orrery::api::managed {
namespace {

using Node = FieldSet::Node;

bool before(const Node& node, std::string_view element) { return node.element < element; }

auto position(const std::vector<Node>& nodes, std::string_view element) {
  return std::lower_bound(nodes.begin(), nodes.end(), element, before);
}

auto position(std::vector<Node>& nodes, std::string_view element) {
  return std::lower_bound(nodes.begin(), nodes.end(), element, before);
}

/// Removes a node that says nothing.
void tidy(std::vector<Node>& nodes, std::vector<Node>::iterator it) {
  if (!it->member && it->children.empty()) nodes.erase(it);
}

}  // namespace

std::size_t FieldSet::size() const {
  std::size_t count = 0;
  for (const Node& node : nodes_) count += (node.member ? 1 : 0) + node.children.size();
  return count;
}

const FieldSet::Node* FieldSet::find(std::string_view element) const {
  const auto it = position(nodes_, element);
  return it != nodes_.end() && it->element == element ? &*it : nullptr;
}

bool FieldSet::has(Path path) const {
  if (path.empty()) return false;
  const Node* node = find(path[0]);
  if (node == nullptr) return false;
  return path.size() == 1 ? node->member : node->children.has(path.subspan(1));
}

void FieldSet::insert(Path path) {
  if (path.empty()) return;
  auto it = position(nodes_, path[0]);
  if (it == nodes_.end() || it->element != path[0]) {
    it = nodes_.insert(it, Node{std::string(path[0]), false, {}});
  }
  if (path.size() == 1) {
    it->member = true;
  } else {
    it->children.insert(path.subspan(1));
  }
}

void FieldSet::add(std::string element, bool member, FieldSet children) {
  if (!member && children.empty()) return;
  if (nodes_.empty() || nodes_.back().element < element) {
    nodes_.push_back(Node{std::move(element), member, std::move(children)});
    return;
  }
  const auto it = position(nodes_, element);
  if (it == nodes_.end() || it->element != element) {
    nodes_.insert(it, Node{std::move(element), member, std::move(children)});
    return;
  }
  it->member |= member;
  it->children = it->children.empty() ? std::move(children) : union_of(it->children, children);
}

void FieldSet::erase_tree(Path path) {
  if (path.empty()) return;
  const auto it = position(nodes_, path[0]);
  if (it == nodes_.end() || it->element != path[0]) return;
  if (path.size() == 1) {
    nodes_.erase(it);
    return;
  }
  it->children.erase_tree(path.subspan(1));
  tidy(nodes_, it);
}

void FieldSet::erase(Path path) {
  if (path.empty()) return;
  const auto it = position(nodes_, path[0]);
  if (it == nodes_.end() || it->element != path[0]) return;
  if (path.size() == 1) {
    it->member = false;
  } else {
    it->children.erase(path.subspan(1));
  }
  tidy(nodes_, it);
}

bool FieldSet::operator==(const FieldSet& other) const { return nodes_ == other.nodes_; }

FieldSet union_of(const FieldSet& a, const FieldSet& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  FieldSet out;
  out.reserve(std::max(a.nodes().size(), b.nodes().size()));
  auto i = a.nodes().begin();
  auto j = b.nodes().begin();
  while (i != a.nodes().end() || j != b.nodes().end()) {
    if (j == b.nodes().end() || (i != a.nodes().end() && i->element < j->element)) {
      out.nodes().push_back(*i++);
    } else if (i == a.nodes().end() || j->element < i->element) {
      out.nodes().push_back(*j++);
    } else {
      out.nodes().push_back(
          Node{i->element, i->member || j->member, union_of(i->children, j->children)});
      ++i, ++j;
    }
  }
  return out;
}

FieldSet intersection(const FieldSet& a, const FieldSet& b) {
  FieldSet out;
  auto j = b.nodes().begin();
  for (const Node& node : a.nodes()) {
    while (j != b.nodes().end() && j->element < node.element) ++j;
    if (j == b.nodes().end()) break;
    if (j->element != node.element) continue;
    out.add(node.element, node.member && j->member, intersection(node.children, j->children));
  }
  return out;
}

FieldSet difference(const FieldSet& a, const FieldSet& b) {
  if (b.empty()) return a;
  FieldSet out;
  auto j = b.nodes().begin();
  for (const Node& node : a.nodes()) {
    while (j != b.nodes().end() && j->element < node.element) ++j;
    if (j == b.nodes().end() || j->element != node.element) {
      out.nodes().push_back(node);
    } else {
      out.add(node.element, node.member && !j->member, difference(node.children, j->children));
    }
  }
  return out;
}

}  // namespace orrery::api::managed
