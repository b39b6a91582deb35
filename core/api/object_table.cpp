#include "core/api/object_table.h"

#include <algorithm>

#include "core/api/key_order.h"
#include "core/base/check.h"
#include "core/base/hash.h"

namespace orrery::api {
namespace {

std::uint64_t hash_of(Symbol ns, std::string_view name) {
  return hash_text(name, mix64(ns.id() + 1));
}

}  // namespace

std::size_t ObjectTable::add_index(IndexFunction function) {
  CHECK(size_ == 0 && indexes_.size() < kIndexesMax);
  indexes_.push_back({std::move(function), {}});
  return indexes_.size() - 1;
}

ObjectRef ObjectTable::put(ObjectRef object) {
  if ((size_ + 1) * 2 > cells_.size()) grow();
  const Symbol ns = object->meta.namespace_;
  const std::string_view name = object->meta.name.view();
  const std::uint64_t hash = hash_of(ns, name);
  Cell& cell = cells_[find_cell(ns, name, hash)];
  if (cell.slot == 0) {
    std::uint32_t id;
    if (free_.empty()) {
      id = static_cast<std::uint32_t>(slots_.size());
      slots_.emplace_back();
    } else {
      id = free_.back();
      free_.pop_back();
    }
    cell = {id + 1, static_cast<std::uint32_t>(hash >> 32)};
    for (std::size_t i = 0; i < indexes_.size(); ++i) enter(i, indexes_[i].key_of(*object), id);
    slots_[id].object = std::move(object);
    ++size_;
    note_change(entered_, id);
    return nullptr;
  }
  const std::uint32_t id = cell.slot - 1;
  ObjectRef old = slots_[id].object;
  for (std::size_t i = 0; i < indexes_.size(); ++i) {
    const IndexKey before = indexes_[i].key_of(*old);
    const IndexKey after = indexes_[i].key_of(*object);
    if (before == after) continue;
    leave(i, before, id);
    enter(i, after, id);
  }
  slots_[id].object = std::move(object);
  return old;
}

ObjectRef ObjectTable::remove(Symbol ns, std::string_view name) {
  if (cells_.empty()) return nullptr;
  std::size_t hole = find_cell(ns, name, hash_of(ns, name));
  if (cells_[hole].slot == 0) return nullptr;
  const std::uint32_t id = cells_[hole].slot - 1;
  ObjectRef old = std::move(slots_[id].object);
  for (std::size_t i = 0; i < indexes_.size(); ++i) leave(i, indexes_[i].key_of(*old), id);
  slots_[id].object = nullptr;
  free_.push_back(id);
  --size_;
  note_change(left_, id);
  // Backward-shift deletion keeps probe chains whole without tombstones.
  const std::size_t mask = cells_.size() - 1;
  for (std::size_t next = (hole + 1) & mask; cells_[next].slot != 0; next = (next + 1) & mask) {
    const Object& o = *slots_[cells_[next].slot - 1].object;
    const std::size_t home = hash_of(o.meta.namespace_, o.meta.name.view()) & mask;
    if (((next - home) & mask) >= ((next - hole) & mask)) {
      cells_[hole] = cells_[next];
      hole = next;
    }
  }
  cells_[hole] = {};
  return old;
}

const ObjectRef* ObjectTable::find(Symbol ns, std::string_view name) const {
  if (cells_.empty()) return nullptr;
  const Cell& cell = cells_[find_cell(ns, name, hash_of(ns, name))];
  return cell.slot == 0 ? nullptr : &slots_[cell.slot - 1].object;
}

void ObjectTable::clear() {
  slots_.clear();
  free_.clear();
  cells_.clear();
  size_ = 0;
  for (Secondary& s : indexes_) s.buckets.clear();
  has_order_ = false;
}

ObjectTable::Bucket ObjectTable::in(std::size_t index, IndexKey key) const {
  const auto& buckets = indexes_[index].buckets;
  const auto it = buckets.find(key);
  if (it == buckets.end()) return {&slots_, {}};
  return {&slots_, it->second};
}

bool ObjectTable::comes_before(std::uint32_t a, std::uint32_t b) const {
  const ObjectMeta& x = slots_[a].object->meta;
  const ObjectMeta& y = slots_[b].object->meta;
  return api::comes_before(x.namespace_.view(), x.name.view(), y.namespace_.view(), y.name.view());
}

// Past a quarter of the table, sorting anew is as quick as keeping track.
void ObjectTable::note_change(std::vector<std::uint32_t>& changes, std::uint32_t slot) {
  if (!has_order_) return;
  changes.push_back(slot);
  if ((entered_.size() + left_.size()) * 4 > order_.size() + 64) has_order_ = false;
}

void ObjectTable::bring_order_up_to_date() const {
  const auto before = [this](std::uint32_t a, std::uint32_t b) { return comes_before(a, b); };
  if (!has_order_) {
    order_.clear();
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].object) order_.push_back(i);
    }
    std::sort(order_.begin(), order_.end(), before);
  } else if (!entered_.empty() || !left_.empty()) {
    // A slot may have been left and entered again, by another object.
    std::sort(left_.begin(), left_.end());
    if (!left_.empty()) {
      std::erase_if(order_, [&](std::uint32_t slot) {
        return std::binary_search(left_.begin(), left_.end(), slot);
      });
    }
    std::sort(entered_.begin(), entered_.end());
    entered_.erase(std::unique(entered_.begin(), entered_.end()), entered_.end());
    std::erase_if(entered_, [&](std::uint32_t slot) { return !slots_[slot].object; });
    std::sort(entered_.begin(), entered_.end(), before);
    const auto middle = static_cast<std::ptrdiff_t>(order_.size());
    order_.insert(order_.end(), entered_.begin(), entered_.end());
    std::inplace_merge(order_.begin(), order_.begin() + middle, order_.end(), before);
  }
  has_order_ = true;
  entered_.clear();
  left_.clear();
}

std::vector<ObjectRef> ObjectTable::sorted() const {
  bring_order_up_to_date();
  std::vector<ObjectRef> all;
  all.reserve(order_.size());
  for (const std::uint32_t slot : order_) all.push_back(slots_[slot].object);
  return all;
}

std::size_t ObjectTable::find_cell(Symbol ns, std::string_view name, std::uint64_t hash) const {
  const std::size_t mask = cells_.size() - 1;
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  std::size_t at = hash & mask;
  for (; cells_[at].slot != 0; at = (at + 1) & mask) {
    if (cells_[at].hash != tag) continue;
    const ObjectMeta& meta = slots_[cells_[at].slot - 1].object->meta;
    if (meta.namespace_ == ns && meta.name.view() == name) break;
  }
  return at;
}

void ObjectTable::grow() {
  std::vector<Cell> old(cells_.empty() ? 16 : cells_.size() * 2);
  old.swap(cells_);
  const std::size_t mask = cells_.size() - 1;
  for (const Cell& cell : old) {
    if (cell.slot == 0) continue;
    const ObjectMeta& meta = slots_[cell.slot - 1].object->meta;
    std::size_t at = hash_of(meta.namespace_, meta.name.view()) & mask;
    while (cells_[at].slot != 0) at = (at + 1) & mask;
    cells_[at] = cell;
  }
}

void ObjectTable::enter(std::size_t index, IndexKey key, std::uint32_t slot) {
  if (key == 0) return;
  auto& bucket = indexes_[index].buckets[key];
  slots_[slot].position[index] = static_cast<std::uint32_t>(bucket.size());
  bucket.push_back(slot);
}

void ObjectTable::leave(std::size_t index, IndexKey key, std::uint32_t slot) {
  if (key == 0) return;
  const auto it = indexes_[index].buckets.find(key);
  CHECK(it != indexes_[index].buckets.end());
  auto& bucket = it->second;
  const std::uint32_t at = slots_[slot].position[index];
  bucket[at] = bucket.back();
  slots_[bucket[at]].position[index] = at;
  bucket.pop_back();
  if (bucket.empty()) indexes_[index].buckets.erase(it);
}

}  // namespace orrery::api
