// Store: every object at its newest revision, the log of changes behind watches, and optimistic
// concurrency over a durable Storage. One revision counter for all kinds, as etcd has it. The API
// server is its only caller; objects handed in are frozen by put() and shared from then on.
//
//     put/remove -> expected revision? -> Storage.commit -> table + WatchLog -> wake subscriptions
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "core/api/kind_registry.h"
#include "core/api/object_table.h"
#include "core/ports/storage.h"
#include "core/runtime/env.h"
#include "core/store/watch_log.h"

namespace orrery::store {

class Store;

/// A reader of one kind's changes. Woken once when changes are there; reads them with next().
class Subscription {
 public:
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  /// The next change, or null when there is none for now (the subscription is then armed: `wake`
  /// will be called at the next change). The pointer is good until the store changes.
  const Change* next();
  bool has_next() const;
  /// The log has dropped changes that were not read: the watch is over (410).
  bool is_expired() const;
  /// Newest revision that reading everything reflects.
  api::Revision revision() const;

 private:
  friend class Store;
  Subscription(Store& store, api::KindId kind, std::uint64_t position, Callback<void()> wake)
      : store_(store), kind_(kind), position_(position), wake_(std::move(wake)) {}
  Store& store_;
  api::KindId kind_;
  std::uint64_t position_;
  Callback<void()> wake_;
  bool armed_ = false;
};

class Store {
 public:
  struct Options {
    WatchLog::Limits log;
  };
  Store(Env& env, const api::Kinds& kinds, Storage& storage, Options options);
  ~Store();

  /// Reads what storage holds; call once before anything else.
  void load(Callback<void(Status)> done);

  api::Revision revision() const { return revision_; }
  const api::ObjectTable& table(api::KindId kind) const { return shelf(kind).table; }
  const api::ObjectRef* find(api::KindId kind, Symbol ns, std::string_view name) const {
    return shelf(kind).table.find(ns, name);
  }
  /// Makes room for kinds that were added to `kinds` since (custom resources).
  void follow_kinds();

  /// Before the first write of the kind.
  std::size_t add_index(api::KindId kind, api::ObjectTable::IndexFunction function) {
    return shelf(kind).table.add_index(std::move(function));
  }

  using Written = Callback<void(Result<api::ObjectRef>)>;
  /// Writes `object` over revision `expected` (0: it must not exist); sets its resourceVersion.
  /// AlreadyExists, NotFound or Conflict if that is not what is stored.
  void put(Ref<api::Object> object, api::Revision expected, Written done);
  /// Removes it; `last` is the final state that watchers are shown, with the deletion's revision.
  void remove(Ref<api::Object> last, api::Revision expected, Written done);

  /// Changes after `from` (0: from now on). Expired if the log no longer reaches back that far.
  Result<std::unique_ptr<Subscription>> subscribe(api::KindId kind, api::Revision from,
                                                  Callback<void()> wake);

  /// The objects of a kind as they were at `revision`, by namespace and name; read back from the
  /// log. Expired if it no longer reaches back that far. Slow: for lists at an exact revision.
  Result<std::vector<api::ObjectRef>> sorted_at(api::KindId kind, api::Revision revision) const;

  /// Forgets changes at or before `revision` (etcd's compaction).
  void compact(api::Revision revision);

  /// Called for every applied change, in order; for recorders and invariant checks.
  void add_observer(Callback<void(const Change&)> observer) {
    observers_.push_back(std::move(observer));
  }

 private:
  friend class Subscription;
  struct Shelf {
    explicit Shelf(WatchLog::Limits limits) : log(limits) {}
    api::ObjectTable table;
    WatchLog log;
    std::vector<Subscription*> subscriptions;
    std::vector<Subscription*> armed;
  };
  struct PendingKey {
    api::KindId kind;
    Symbol ns;
    Text name;
    bool operator<(const PendingKey& o) const {
      if (kind != o.kind) return kind < o.kind;
      if (!(ns == o.ns)) return ns < o.ns;
      return name.view() < o.name.view();
    }
  };

  struct Pending {
    api::Revision revision;  // proposed
    bool removes;
  };
  // A commit() that is on the stack; writes made by its callbacks nest in it.
  struct Commit {
    api::Revision proposed;
    Commit* outer;
    bool answered;
  };

  Shelf& shelf(api::KindId kind) const { return *shelves_[static_cast<std::size_t>(kind)]; }
  Status check(const api::Object& object, api::Revision expected) const;
  void write(Ref<api::Object> object, api::Revision expected, bool remove, Written done);
  static PendingKey key_of(const api::Object& object);
  bool is_answered_inline(api::Revision proposed);
  void forget_pending(const api::Object& object, api::Revision proposed);
  void apply(Ref<api::Object> object, bool remove);
  void publish(Shelf& shelf, Change change);

  Env& env_;
  const api::Kinds& kinds_;
  Storage& storage_;
  const Options options_;
  std::vector<std::unique_ptr<Shelf>> shelves_;
  api::Revision revision_ = 0;   // newest applied
  api::Revision proposed_ = 0;   // newest handed to storage
  std::map<PendingKey, Pending> pending_;  // writes that storage has not answered
  Commit* committing_ = nullptr;
  std::vector<Callback<void(const Change&)>> observers_;
};

}  // namespace orrery::store
