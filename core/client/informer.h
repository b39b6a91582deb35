// Informer<T>: list + watch of one kind, a local cache, and handlers told of each change.
// Controllers, scheduler and kubelets read the cluster through informers only; the cache may lag
// behind the store. Informers hands out one informer a kind, shared by all components of a process;
// add handlers and indexes before start().
//
//     start -> LIST -> handlers(added...) -> synced -> WATCH -> handlers
//                ^---------- 410 Expired or closed ------'
//     (on a relist the differences are told as changes)
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/api/object_table.h"
#include "core/ports/client.h"
#include "core/runtime/env.h"

namespace orrery {

/// What a component does with changes. Either object may be absent: added {null, now}, updated
/// {old, now}, deleted {old, null}.
using ChangeHandler = Callback<void(const api::ObjectRef& old, const api::ObjectRef& now)>;

class InformerBase : private WatchSink {
 public:
  struct Options {
    api::KindId kind;
    Symbol namespace_;
    std::string label_selector;
    std::string field_selector;
  };
  InformerBase(Env& env, Client& client, Options options);
  ~InformerBase();

  std::size_t add_index(api::ObjectTable::IndexFunction function) {
    return table_.add_index(std::move(function));
  }
  void add_handler(ChangeHandler handler) { handlers_.push_back(std::move(handler)); }
  /// Called once, after the first list was told to all handlers.
  void on_synced(Callback<void()> handler);
  void start();
  bool has_synced() const { return synced_; }
  /// Revision of the newest change seen.
  api::Revision revision() const { return revision_; }
  const api::ObjectTable& table() const { return table_; }

 private:
  void list();
  void on_listed(Response response);
  void on_events(std::span<const WatchEvent> events) override;
  void on_closed(const Status& why) override;
  void tell(const api::ObjectRef& old, const api::ObjectRef& now);

  Env& env_;
  Client& client_;
  Options options_;
  api::ObjectTable table_;
  std::vector<ChangeHandler> handlers_;
  std::vector<Callback<void()>> synced_handlers_;
  std::unique_ptr<Watch> watch_;
  TimerId retry_;
  Duration backoff_{};
  bool synced_ = false;
  api::Revision revision_ = 0;
};

/// The typed view.
template <class T>
class Informer {
 public:
  explicit Informer(InformerBase& base) : base_(base) {}
  /// The object, or null. Valid while held.
  Ref<const T> find(Symbol ns, std::string_view name) const {
    const api::ObjectRef* found = base_.table().find(ns, name);
    return found ? Ref<const T>(static_cast<const T*>(found->get())) : nullptr;
  }
  template <class F>  // F(const Ref<const T>& old, const Ref<const T>& now)
  void on_change(F handler) {
    base_.add_handler([handler = std::move(handler)](const api::ObjectRef& old,
                                                     const api::ObjectRef& now) mutable {
      handler(Ref<const T>(static_cast<const T*>(old.get())),
              Ref<const T>(static_cast<const T*>(now.get())));
    });
  }
  template <class F>  // F(const T&) -> IndexKey, 0 = not indexed
  std::size_t add_index(F key_of) {
    return base_.add_index([key_of = std::move(key_of)](const api::Object& o) mutable {
      return key_of(static_cast<const T&>(o));
    });
  }
  template <class F>  // F(const T&) over one index bucket
  void for_each_in(std::size_t index, api::ObjectTable::IndexKey key, F&& visit) const {
    for (const api::ObjectRef& o : base_.table().in(index, key)) visit(static_cast<const T&>(*o));
  }
  template <class F>  // F(const T&), slot order: use only where order does not matter
  void for_each(F&& visit) const {
    base_.table().for_each([&](const api::ObjectRef& o) { visit(static_cast<const T&>(*o)); });
  }
  /// By namespace, then name.
  std::vector<Ref<const T>> sorted() const {
    std::vector<Ref<const T>> out;
    for (const api::ObjectRef& o : base_.table().sorted()) {
      out.push_back(Ref<const T>(static_cast<const T*>(o.get())));
    }
    return out;
  }
  std::size_t size() const { return base_.table().size(); }
  bool has_synced() const { return base_.has_synced(); }
  InformerBase& base() const { return base_; }

 private:
  InformerBase& base_;
};

/// One informer a kind, shared by the components of one process (SharedInformerFactory).
class Informers {
 public:
  Informers(Env& env, Client& client) : env_(env), client_(client) {}
  InformerBase& of(api::KindId kind);
  template <class T>
  Informer<T> get() {
    return Informer<T>(of(T::kKind));
  }
  /// Starts every informer made so far, in the order they were asked for.
  void start();
  bool has_synced() const;
  /// Called once when all have synced.
  void on_synced(Callback<void()> handler);

 private:
  void one_synced();
  Env& env_;
  Client& client_;
  std::vector<std::pair<api::KindId, std::unique_ptr<InformerBase>>> informers_;
  std::vector<Callback<void()>> synced_handlers_;
  std::size_t waiting_ = 0;
  bool started_ = false;
};

/// Index keys used by several components.
api::ObjectTable::IndexKey owner_index_key(
    const api::Object& object);  // controller's uid; 0 = none
inline api::ObjectTable::IndexKey symbol_index_key(Symbol s) { return s.id(); }

}  // namespace orrery
