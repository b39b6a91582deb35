#include "core/client/event_recorder.h"

#include <fmt/format.h>

#include "core/base/hash.h"
#include "core/client/typed_client.h"

namespace orrery {

void EventRecorder::event(const api::Object& about, Symbol api_version, Symbol kind, Symbol type,
                          Symbol reason, Text message) {
  if (!enabled_) return;
  const std::uint64_t id =
      hash_text(message.view(), about.meta.uid.hash() ^ hash_text(reason.view()));
  const auto known = recent_.find(id);
  if (known != recent_.end()) {
    Ref<api::Event> again = copy_of(known->second);
    again->count += 1;
    again->last_timestamp = truncate_to_second(env_.now());
    again->meta.resource_version = 0;  // unconditional: a lost count is no loss
    known->second = again;
    update<api::Event>(client_, again, {});
    return;
  }
  auto fresh = make_ref<api::Event>();
  fresh->meta.namespace_ =
      about.meta.namespace_.empty() ? Symbol("default") : about.meta.namespace_;
  fresh->meta.name =
      Text(fmt::format("{}.{:016x}", about.meta.name.view(), mix64(id + ++sequence_)));
  fresh->involved_object = {api_version,
                            kind,
                            about.meta.namespace_,
                            about.meta.name,
                            about.meta.uid,
                            about.meta.resource_version,
                            {}};
  fresh->reason = reason;
  fresh->message = std::move(message);
  fresh->type = type;
  fresh->source_component = component_;
  fresh->reporting_component = component_;
  fresh->first_timestamp = fresh->last_timestamp = truncate_to_second(env_.now());
  fresh->count = 1;
  recent_.emplace(id, fresh);
  order_.push_back(id);
  if (order_.size() > kRecentMax) {
    recent_.erase(order_.front());
    order_.pop_front();
  }
  create<api::Event>(client_, fresh, {});
}

}  // namespace orrery
