// ObjectTable: objects of one kind by namespace and name, with up to four secondary indexes. The
// store's tables and every informer cache are one. Slots do not move, so an index keeps slot
// numbers and an update that leaves the keys alone touches nothing else. Iteration is by sorted()
// or by an index bucket, whose order depends only on the history of calls.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/api/object.h"
#include "core/base/callback.h"

namespace orrery::api {

class ObjectTable {
 public:
  using IndexKey = std::uint64_t;
  /// The key of an object in one index; 0 = not in it.
  using IndexFunction = Callback<IndexKey(const Object&)>;
  static constexpr std::size_t kIndexesMax = 4;

  /// Call before the first insert. Returns the index's number.
  std::size_t add_index(IndexFunction function);

  /// Inserts or replaces by (namespace, name); returns what was there before, or null.
  ObjectRef put(ObjectRef object);
  /// Removes and returns the object, or null.
  ObjectRef remove(Symbol ns, std::string_view name);
  /// The object, or null.
  const ObjectRef* find(Symbol ns, std::string_view name) const;
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  void clear();

  /// The objects whose key in `index` is `key`, in a deterministic but unsorted order.
  class Bucket;
  Bucket in(std::size_t index, IndexKey key) const;

  /// All objects, by namespace then name (text order): apiserver's list order. The order is kept:
  /// O(n log n) the first time, then O(n) plus what came and went since.
  std::vector<ObjectRef> sorted() const;
  /// All objects in slot order: deterministic, cheap, for scans whose result does not depend on
  /// order.
  template <class F>
  void for_each(F&& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.object) visit(slot.object);
    }
  }

 private:
  struct Slot {
    ObjectRef object;
    std::array<std::uint32_t, kIndexesMax> position{};
  };
  struct Cell {
    std::uint32_t slot = 0;  // +1; 0 = free
    std::uint32_t hash = 0;
  };
  struct Secondary {
    mutable IndexFunction key_of;
    std::unordered_map<IndexKey, std::vector<std::uint32_t>> buckets;  // lookup only
  };

  std::size_t find_cell(Symbol ns, std::string_view name, std::uint64_t hash) const;
  void grow();
  void enter(std::size_t index, IndexKey key, std::uint32_t slot);
  void leave(std::size_t index, IndexKey key, std::uint32_t slot);
  bool comes_before(std::uint32_t a, std::uint32_t b) const;
  void note_change(std::vector<std::uint32_t>& changes, std::uint32_t slot);
  void bring_order_up_to_date() const;

  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::vector<Cell> cells_;
  std::size_t size_ = 0;
  std::vector<Secondary> indexes_;
  // Slots as sorted() gave them last, and those that came and went since; updates change neither.
  mutable std::vector<std::uint32_t> order_, entered_, left_;
  mutable bool has_order_ = false;

 public:
  /// A view of one index bucket; valid until the table changes.
  class Bucket {
   public:
    Bucket(const std::vector<Slot>* slots, std::span<const std::uint32_t> ids)
        : slots_(slots), ids_(ids) {}
    std::size_t size() const { return ids_.size(); }
    bool empty() const { return ids_.empty(); }
    const ObjectRef& operator[](std::size_t i) const { return (*slots_)[ids_[i]].object; }
    class Iterator {
     public:
      Iterator(const Bucket* b, std::size_t i) : bucket_(b), i_(i) {}
      const ObjectRef& operator*() const { return (*bucket_)[i_]; }
      Iterator& operator++() {
        ++i_;
        return *this;
      }
      bool operator==(const Iterator& o) const { return i_ == o.i_; }

     private:
      const Bucket* bucket_;
      std::size_t i_;
    };
    Iterator begin() const { return {this, 0}; }
    Iterator end() const { return {this, ids_.size()}; }

   private:
    const std::vector<Slot>* slots_;
    std::span<const std::uint32_t> ids_;
  };
};

}  // namespace orrery::api
