// ApiServer: delete, graceful deletion of pods, finalizers, propagation.
#include <fmt/format.h>

#include <algorithm>

#include "core/api/node.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/object_filter.h"

namespace orrery::apiserver {
namespace {

constexpr std::string_view kForegroundFinalizer = "foregroundDeletion";
constexpr std::string_view kOrphanFinalizer = "orphan";

void set_finalizer(api::ObjectMeta& meta, std::string_view finalizer, bool wanted) {
  const bool has = api::has_finalizer(meta, finalizer);
  if (has == wanted) return;
  auto& all = meta.finalizers.edit();
  if (wanted) {
    all.push_back(Symbol(finalizer));
  } else {
    std::erase_if(all, [&](Symbol f) { return f == finalizer; });
  }
}

// rest.DefaultGarbageCollectionPolicy: batch/v1 Jobs orphan unless told otherwise.
void apply_propagation(api::Object& object, Propagation propagation) {
  if (propagation == Propagation::kDefault) {
    // Finalizers already there stand; otherwise background, but orphan for Jobs.
    if (api::has_finalizer(object.meta, kForegroundFinalizer) ||
        api::has_finalizer(object.meta, kOrphanFinalizer)) {
      return;
    }
    propagation = object.kind == api::KindId::kJob ? Propagation::kOrphan : Propagation::kBackground;
  }
  set_finalizer(object.meta, kForegroundFinalizer, propagation == Propagation::kForeground);
  set_finalizer(object.meta, kOrphanFinalizer, propagation == Propagation::kOrphan);
}

// Seconds that the pod may take to end; 0: it goes at once (podStrategy.CheckGracefulDelete).
std::int64_t grace_of(const api::Pod& pod, const DeleteOptions& options) {
  if (pod.node_name.empty() || api::is_terminal(pod)) return 0;
  std::int64_t grace = options.grace_period_seconds.value_or(
      pod.spec ? pod.spec->termination_grace_period_seconds.value_or(30) : 30);
  return grace < 0 ? 1 : grace;
}

Status check_preconditions(const api::KindInfo& info, const api::Object& object,
                           const DeleteOptions& options) {
  std::string why;
  if (!options.uid.empty() && options.uid != object.meta.uid) {
    why = fmt::format("Precondition failed: UID in precondition: {}, UID in object meta: {}",
                      options.uid.str(), object.meta.uid.str());
  } else if (options.resource_version != 0 &&
             options.resource_version != object.meta.resource_version) {
    why = fmt::format(
        "Precondition failed: ResourceVersion in precondition: {}, ResourceVersion in object meta: "
        "{}",
        options.resource_version, object.meta.resource_version);
  }
  if (why.empty()) return Status();
  return conflict(info.group_resource(), object.meta.name.view(), why);
}

}  // namespace

void ApiServer::remove(Request& request, Done done) {
  const api::ObjectRef* found = find(request);
  if (!found) return done(not_found_response(request));
  if (request.kind == api::KindId::kNamespace &&
      (request.name == "default" || request.name == "kube-system" ||
       request.name == "kube-public")) {
    return done(failed(Status(Reason::kForbidden,
                              fmt::format("namespaces \"{}\" is forbidden: this namespace may not be "
                                          "deleted",
                                          request.name.view()))));
  }
  remove_object(*found, request.remove, request.dry_run, std::move(done));
}

void ApiServer::remove_object(const api::ObjectRef& found, const DeleteOptions& options,
                              bool dry_run, Done done) {
  const api::ObjectRef old = found;
  const api::KindInfo& info = kinds_.info(old->kind);
  if (Status s = check_preconditions(info, *old, options); !s.ok()) return done(failed(std::move(s)));
  Ref<api::Object> fresh = old->clone();
  api::ObjectMeta& meta = fresh->meta;
  const std::int64_t grace =
      old->kind == api::KindId::kPod ? grace_of(static_cast<const api::Pod&>(*old), options) : 0;
  if (old->meta.is_being_deleted() &&
      grace >= old->meta.deletion_grace_period_seconds.value_or(0) && grace > 0) {
    return done(succeeded(old));  // it is going already, no later than asked
  }
  apply_propagation(*fresh, options.propagation);
  const bool held = !meta.finalizers.empty() ||
                    (old->kind == api::KindId::kNamespace &&
                     !static_cast<const api::Namespace&>(*old).finalizers.empty());
  auto answer = [done = std::move(done)](Result<api::ObjectRef> put) mutable {
    done(put.ok() ? succeeded(std::move(*put)) : failed(put.status()));
  };
  if (grace == 0 && !held) {
    if (dry_run) return answer(api::ObjectRef(old));
    if (!meta.is_being_deleted()) meta.deletion_timestamp = Time{};
    return store_.remove(std::move(fresh), old->meta.resource_version, std::move(answer));
  }
  const bool first = !meta.is_being_deleted();
  if (first || grace < meta.deletion_grace_period_seconds.value_or(0)) {
    meta.deletion_timestamp =
        truncate_to_second(env_.now()) + std::chrono::seconds(grace);
    meta.deletion_grace_period_seconds = grace;
    if (first && meta.generation > 0) ++meta.generation;
  }
  if (old->kind == api::KindId::kNamespace) {
    static_cast<api::Namespace&>(*fresh).phase = Symbol("Terminating");
  }
  if (fresh->meta == old->meta) return answer(api::ObjectRef(old));
  if (dry_run) return answer(api::ObjectRef(fresh));
  store_.put(std::move(fresh), old->meta.resource_version, std::move(answer));
}

void ApiServer::remove_collection(Request& request, Done done) {
  Result<ObjectFilter> filter =
      ObjectFilter::make(kinds_.info(request.kind), request.namespace_,
                         request.list.label_selector, request.list.field_selector);
  if (!filter.ok()) return done(failed(filter.status()));
  Response response;
  response.revision = store_.revision();
  for (const api::ObjectRef& object : store_.table(request.kind).sorted()) {
    if (!filter->matches(*object)) continue;
    response.items.push_back(object);
    remove_object(object, request.remove, request.dry_run, [](Response) {});
  }
  done(std::move(response));
}

}  // namespace orrery::apiserver
