#include "core/client/informer.h"

#include <algorithm>

#include "core/base/check.h"

namespace orrery {
namespace {

constexpr Duration kBackoffMin = 800ms;  // client-go reflector: 800 ms to 30 s
constexpr Duration kBackoffMax = 30s;

}  // namespace

InformerBase::InformerBase(Env& env, Client& client, Options options)
    : env_(env), client_(client), options_(std::move(options)) {}

InformerBase::~InformerBase() { env_.loop.cancel(retry_); }

void InformerBase::on_synced(Callback<void()> handler) {
  if (synced_) {
    handler();
  } else {
    synced_handlers_.push_back(std::move(handler));
  }
}

void InformerBase::start() { list(); }

void InformerBase::list() {
  Request request;
  request.verb = Verb::kList;
  request.kind = options_.kind;
  request.namespace_ = options_.namespace_;
  request.list.label_selector = options_.label_selector;
  request.list.field_selector = options_.field_selector;
  client_.call(std::move(request), [this](Response response) { on_listed(std::move(response)); });
}

void InformerBase::on_listed(Response response) {
  if (!response.status.ok()) {
    on_closed(response.status);
    return;
  }
  backoff_ = Duration{0};
  // What the list no longer has was deleted while nobody watched.
  if (!table_.empty()) {
    api::ObjectTable fresh;
    for (const api::ObjectRef& o : response.items) fresh.put(o);
    for (const api::ObjectRef& o : table_.sorted()) {
      if (fresh.find(o->meta.namespace_, o->meta.name.view())) continue;
      table_.remove(o->meta.namespace_, o->meta.name.view());
      tell(o, nullptr);
    }
  }
  for (const api::ObjectRef& o : response.items) {
    const api::ObjectRef old = table_.put(o);
    if (!old || old->meta.resource_version != o->meta.resource_version) tell(old, o);
  }
  revision_ = response.revision;
  if (!synced_) {
    synced_ = true;
    for (auto& handler : synced_handlers_) handler();
    synced_handlers_.clear();
  }
  WatchRequest request;
  request.kind = options_.kind;
  request.namespace_ = options_.namespace_;
  request.label_selector = options_.label_selector;
  request.field_selector = options_.field_selector;
  request.from = revision_;
  watch_ = client_.watch(std::move(request), *this);
}

void InformerBase::on_events(std::span<const WatchEvent> events) {
  for (const WatchEvent& event : events) {
    revision_ = std::max(revision_, event.revision);
    if (event.type == WatchType::kBookmark) continue;
    if (event.type == WatchType::kDeleted) {
      const api::ObjectMeta& meta = event.object->meta;
      // Handlers get the last state, as the watch delivered it.
      if (table_.remove(meta.namespace_, meta.name.view())) tell(event.object, nullptr);
      continue;
    }
    const api::ObjectRef old = table_.put(event.object);
    if (old && old->meta.uid != event.object->meta.uid) {
      tell(old, nullptr);  // deleted and made again between two events
      tell(nullptr, event.object);
    } else {
      tell(old, event.object);
    }
  }
}

void InformerBase::on_closed(const Status& why) {
  LOG(env_.log, kDebug, "informer relists", {"reason", why.message()});
  watch_.reset();
  const Duration wait = backoff_;
  backoff_ = std::clamp(backoff_ * 2, kBackoffMin, kBackoffMax);
  retry_ = env_.loop.after(wait, [this] { list(); });
}

void InformerBase::tell(const api::ObjectRef& old, const api::ObjectRef& now) {
  for (ChangeHandler& handler : handlers_) handler(old, now);
}

InformerBase& Informers::of(api::KindId kind) {
  for (auto& [k, informer] : informers_) {
    if (k == kind) return *informer;
  }
  CHECK(!started_);
  InformerBase::Options options{kind, {}, {}, {}};
  informers_.emplace_back(kind,
                          std::make_unique<InformerBase>(env_, client_, std::move(options)));
  return *informers_.back().second;
}

void Informers::start() {
  CHECK(!started_);
  started_ = true;
  waiting_ = informers_.size();
  for (auto& [kind, informer] : informers_) {
    informer->on_synced([this] { one_synced(); });
  }
  for (auto& [kind, informer] : informers_) informer->start();
}

bool Informers::has_synced() const { return started_ && waiting_ == 0; }

void Informers::on_synced(Callback<void()> handler) {
  if (has_synced()) {
    handler();
  } else {
    synced_handlers_.push_back(std::move(handler));
  }
}

void Informers::one_synced() {
  if (--waiting_ > 0) return;
  for (auto& handler : synced_handlers_) handler();
  synced_handlers_.clear();
}

api::ObjectTable::IndexKey owner_index_key(const api::Object& object) {
  const api::OwnerReference* owner = api::controller_of(object.meta);
  return owner ? owner->uid.hash() : 0;
}

}  // namespace orrery
