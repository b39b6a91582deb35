// Typed calls on a Client: create(client, pod, done) and friends. Thin: each fills one Request.
#pragma once

#include <utility>

#include "core/ports/client.h"

namespace orrery {

template <class T>
using Done = Callback<void(Result<Ref<const T>>)>;

namespace detail {
template <class T>
void call(Client& client, Request request, Done<T> done) {
  client.call(std::move(request), [done = std::move(done)](Response response) mutable {
    if (!done) return;
    if (!response.status.ok()) {
      done(std::move(response.status));
    } else {
      done(Ref<const T>(static_cast<const T*>(response.object.get())));
    }
  });
}
inline Request about(Verb verb, const api::Object& object, Subresource subresource) {
  Request request;
  request.verb = verb;
  request.kind = object.kind;
  request.namespace_ = object.meta.namespace_;
  request.name = object.meta.name;
  request.subresource = subresource;
  return request;
}
}  // namespace detail

template <class T>
void create(Client& client, Ref<const T> object, Done<T> done) {
  Request request = detail::about(Verb::kCreate, *object, Subresource::kNone);
  request.object = std::move(object);
  detail::call<T>(client, std::move(request), std::move(done));
}

/// Replaces the object; its resourceVersion must be the stored one (Conflict otherwise).
template <class T>
void update(Client& client, Ref<const T> object, Done<T> done) {
  Request request = detail::about(Verb::kUpdate, *object, Subresource::kNone);
  request.object = std::move(object);
  detail::call<T>(client, std::move(request), std::move(done));
}

template <class T>
void update_status(Client& client, Ref<const T> object, Done<T> done) {
  Request request = detail::about(Verb::kUpdate, *object, Subresource::kStatus);
  request.object = std::move(object);
  detail::call<T>(client, std::move(request), std::move(done));
}

template <class T>
void get(Client& client, Symbol ns, Text name, Done<T> done) {
  Request request;
  request.kind = T::kKind;
  request.namespace_ = ns;
  request.name = std::move(name);
  detail::call<T>(client, std::move(request), std::move(done));
}

/// Deletes what `object` names; the uid is a precondition, so a namesake made later is safe.
inline void remove(Client& client, const api::Object& object, DeleteOptions options,
                   Callback<void(Status)> done) {
  Request request = detail::about(Verb::kDelete, object, Subresource::kNone);
  options.uid = object.meta.uid;
  request.remove = options;
  client.call(std::move(request), [done = std::move(done)](Response response) mutable {
    if (done) done(std::move(response.status));
  });
}

/// POST pods/NAME/binding.
inline void bind(Client& client, const api::Object& pod, Symbol node, Callback<void(Status)> done) {
  Request request = detail::about(Verb::kCreate, pod, Subresource::kBinding);
  request.node = node;
  request.remove.uid = pod.meta.uid;
  client.call(std::move(request), [done = std::move(done)](Response response) mutable {
    if (done) done(std::move(response.status));
  });
}

/// PATCH with a JSON document.
inline void patch(Client& client, const api::Object& object, PatchType type, api::RawRef document,
                  Subresource subresource, Callback<void(Response)> done) {
  Request request = detail::about(Verb::kPatch, object, subresource);
  request.patch_type = type;
  request.document = std::move(document);
  client.call(std::move(request), std::move(done));
}

}  // namespace orrery
