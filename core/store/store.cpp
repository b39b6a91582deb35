#include "core/store/store.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/api/key_order.h"
#include "core/base/check.h"

namespace orrery::store {

Store::Store(Env& env, const api::Kinds& kinds, Storage& storage, Options options)
    : env_(env), kinds_(kinds), storage_(storage), options_(options) {
  follow_kinds();
}

void Store::follow_kinds() {
  while (shelves_.size() < kinds_.all().size()) {
    shelves_.push_back(std::make_unique<Shelf>(options_.log));
  }
}

Store::~Store() = default;

void Store::load(Callback<void(Status)> done) {
  storage_.load([this, done = std::move(done)](Result<Storage::Snapshot> snapshot) mutable {
    if (!snapshot.ok()) return done(snapshot.status());
    for (api::ObjectRef& object : snapshot->objects) {
      shelf(object->kind).table.put(std::move(object));
    }
    revision_ = proposed_ = snapshot->revision;
    for (auto& s : shelves_) s->log.set_compacted(revision_);
    done(Status());
  });
}

Status Store::check(const api::Object& object, api::Revision expected) const {
  const api::ObjectMeta& meta = object.meta;
  api::Revision stored = 0;
  if (const api::ObjectRef* found = find(object.kind, meta.namespace_, meta.name.view())) {
    stored = (*found)->meta.resource_version;
  }
  if (!pending_.empty()) {
    const auto it = pending_.find(key_of(object));
    if (it != pending_.end()) stored = it->second.removes ? 0 : it->second.revision;
  }
  if (stored == expected) return Status();
  const std::string resource = kinds_.info(object.kind).group_resource();
  if (expected == 0) return already_exists(resource, meta.name.view());
  if (stored == 0) return not_found(resource, meta.name.view());
  return conflict(resource, meta.name.view(),
                  "the object has been modified; please apply your changes to the latest version "
                  "and try again");
}

void Store::put(Ref<api::Object> object, api::Revision expected, Written done) {
  write(std::move(object), expected, false, std::move(done));
}

void Store::remove(Ref<api::Object> last, api::Revision expected, Written done) {
  write(std::move(last), expected, true, std::move(done));
}

bool Store::is_answered_inline(api::Revision proposed) {
  for (Commit* c = committing_; c; c = c->outer) {
    if (c->proposed != proposed) continue;
    c->answered = true;
    return true;
  }
  return false;
}

void Store::write(Ref<api::Object> object, api::Revision expected, bool remove, Written done) {
  if (Status s = check(*object, expected); !s.ok()) return done(std::move(s));
  object->meta.resource_version = ++proposed_;
  StorageWrite w{object->kind,      object->meta.namespace_,
                 object->meta.name, remove ? nullptr : api::ObjectRef(object),
                 expected,          proposed_};
  // Most storages answer from within commit(): only what is left open afterwards becomes pending.
  const api::Revision proposed = proposed_;
  Commit commit{proposed, committing_, false};
  committing_ = &commit;
  storage_.commit(std::move(w), [this, proposed, remove, object,
                                 done = std::move(done)](Result<api::Revision> result) mutable {
    if (!is_answered_inline(proposed)) forget_pending(*object, proposed);
    if (!result.ok()) return done(result.status());
    object->meta.resource_version = *result;
    proposed_ = std::max(proposed_, *result);
    apply(object, remove);
    done(api::ObjectRef(std::move(object)));
  });
  committing_ = commit.outer;
  if (!commit.answered) {
    pending_.insert_or_assign(key_of(*object), Pending{proposed, remove});
  }
}

// A later write of the same object may wait too: that one stays.
void Store::forget_pending(const api::Object& object, api::Revision proposed) {
  const auto it = pending_.find(key_of(object));
  if (it != pending_.end() && it->second.revision == proposed) pending_.erase(it);
}

void Store::apply(Ref<api::Object> object, bool remove) {
  Shelf& s = shelf(object->kind);
  Change change;
  change.revision = object->meta.resource_version;
  change.now = object;
  if (remove) {
    change.type = WatchType::kDeleted;
    change.before = s.table.remove(object->meta.namespace_, object->meta.name.view());
  } else {
    change.before = s.table.put(object);
    change.type = change.before ? WatchType::kModified : WatchType::kAdded;
  }
  revision_ = std::max(revision_, change.revision);
  publish(s, std::move(change));
}

Store::PendingKey Store::key_of(const api::Object& object) {
  return {object.kind, object.meta.namespace_, object.meta.name};
}

void Store::publish(Shelf& s, Change change) {
  for (auto& observer : observers_) observer(change);
  s.log.append(std::move(change));
  if (!s.armed.empty()) {
    std::vector<Subscription*> ready;
    ready.swap(s.armed);
    for (Subscription* subscription : ready) {
      subscription->armed_ = false;
      subscription->wake_();
    }
  }
  if (s.log.wants_trim()) {
    std::uint64_t needed = s.log.end();
    for (const Subscription* subscription : s.subscriptions) {
      needed = std::min(needed, subscription->position_);
    }
    s.log.trim(needed);
  }
}

Result<std::unique_ptr<Subscription>> Store::subscribe(api::KindId kind, api::Revision from,
                                                       Callback<void()> wake) {
  Shelf& s = shelf(kind);
  if (from != 0 && from < s.log.compacted()) {
    return Status(Reason::kExpired,
                  fmt::format("too old resource version: {} ({})", from, s.log.compacted()));
  }
  const std::uint64_t position = from == 0 ? s.log.end() : s.log.after(from);
  auto subscription =
      std::unique_ptr<Subscription>(new Subscription(*this, kind, position, std::move(wake)));
  s.subscriptions.push_back(subscription.get());
  return subscription;
}

Result<std::vector<api::ObjectRef>> Store::sorted_at(api::KindId kind,
                                                     api::Revision revision) const {
  const Shelf& s = shelf(kind);
  if (revision < s.log.compacted()) {
    return Status(Reason::kExpired, "The resourceVersion for the provided list is too old.");
  }
  using Key = std::pair<std::string_view, std::string_view>;
  const auto before = [](const Key& a, const Key& b) {
    return api::comes_before(a.first, a.second, b.first, b.second);
  };
  std::map<Key, api::ObjectRef, decltype(before)> objects(before);
  const auto key = [](const api::Object& o) {
    return std::pair(o.meta.namespace_.view(), o.meta.name.view());
  };
  s.table.for_each([&](const api::ObjectRef& o) { objects[key(*o)] = o; });
  const std::uint64_t first = s.log.after(revision);
  for (std::uint64_t at = s.log.end(); at-- > first;) {
    const Change& change = s.log.at(at);
    objects.erase(key(*change.now));  // the key's text lives in the object that is replaced
    if (change.before) objects[key(*change.before)] = change.before;
  }
  std::vector<api::ObjectRef> sorted;
  sorted.reserve(objects.size());
  for (auto& [name, object] : objects) sorted.push_back(std::move(object));
  return sorted;
}

void Store::compact(api::Revision revision) {
  for (auto& s : shelves_) {
    s->log.set_compacted(std::max(s->log.compacted(), std::min(revision, revision_)));
  }
}

Subscription::~Subscription() {
  Store::Shelf& s = store_.shelf(kind_);
  std::erase(s.subscriptions, this);
  std::erase(s.armed, this);
}

bool Subscription::has_next() const { return position_ < store_.shelf(kind_).log.end(); }

bool Subscription::is_expired() const { return position_ < store_.shelf(kind_).log.begin(); }

const Change* Subscription::next() {
  Store::Shelf& s = store_.shelf(kind_);
  if (position_ < s.log.begin()) return nullptr;
  if (position_ < s.log.end()) return &s.log.at(position_++);
  if (!armed_) {
    armed_ = true;
    s.armed.push_back(this);
  }
  return nullptr;
}

api::Revision Subscription::revision() const { return store_.revision(); }

}  // namespace orrery::store
