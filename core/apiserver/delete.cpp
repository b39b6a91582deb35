// ApiServer: delete, graceful deletion of pods, finalizers, propagation.
#include <fmt/format.h>

#include <algorithm>

#include "core/api/node.h"
#include "core/api/schema/api_table.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/object_filter.h"
#include "core/apiserver/strategy.h"

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
    if (all.empty()) meta.finalizers = {};
  }
}

// rest.DefaultGarbageCollectionPolicy: batch/v1 Jobs orphan unless told otherwise.
void apply_propagation(api::Object& object, Propagation propagation) {
  if (propagation == Propagation::kDefault) {
    // Finalizers already there stand; otherwise background, but orphan for Jobs.
    if (object.meta.finalizers.empty() && object.kind != api::KindId::kJob) return;
    if (api::has_finalizer(object.meta, kForegroundFinalizer) ||
        api::has_finalizer(object.meta, kOrphanFinalizer)) {
      return;
    }
    propagation =
        object.kind == api::KindId::kJob ? Propagation::kOrphan : Propagation::kBackground;
  }
  set_finalizer(object.meta, kForegroundFinalizer, propagation == Propagation::kForeground);
  set_finalizer(object.meta, kOrphanFinalizer, propagation == Propagation::kOrphan);
}

// Seconds that a pod may take to end; 0: it goes at once (podStrategy.CheckGracefulDelete).
std::int64_t grace_of(const api::Pod& pod, const DeleteOptions& options) {
  if (pod.node_name.empty() || api::is_terminal(pod)) return 0;
  const std::int64_t grace = options.grace_period_seconds.value_or(
      pod.spec ? pod.spec->termination_grace_period_seconds.value_or(30) : 30);
  return grace < 0 ? 1 : grace;
}

Status check_preconditions(const api::KindInfo& info, const api::Object& object,
                           const DeleteOptions& options) {
  std::string why;
  if (!options.uid.empty() && options.uid != object.meta.uid) {
    why = fmt::format("the UID in the precondition ({}) does not match the UID in record ({}). The "
                      "object might have been deleted and then recreated",
                      options.uid.str(), object.meta.uid.str());
  } else if (options.resource_version != 0 &&
             options.resource_version != object.meta.resource_version) {
    why = fmt::format("the ResourceVersion in the precondition ({}) does not match the "
                      "ResourceVersion in record ({}). The object might have been modified",
                      options.resource_version, object.meta.resource_version);
  } else {
    return Status();
  }
  const std::string kind = info.kind.str() + (info.group.empty() ? "" : "." + info.group.str());
  return conflict(kind, object.meta.name.view(), why);
}

bool is_held(const api::Object& object) {
  return !object.meta.finalizers.empty() ||
         (object.kind == api::KindId::kNamespace &&
          !static_cast<const api::Namespace&>(object).finalizers.empty());
}

constexpr std::string_view kOrphanWarning =
    "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background "
    "to "
    "remove them or set propagationPolicy=Orphan to suppress this warning";

}  // namespace

void ApiServer::remove(Request& request, Done done) {
  const api::ObjectRef* found = find(request);
  if (!found) return done(not_found_response(request));
  if (request.kind == api::KindId::kNamespace &&
      (request.name == "default" || request.name == "kube-system" ||
       request.name == "kube-public")) {
    StatusDetails details;
    details.name = request.name.str();
    details.kind = "namespaces";
    return done(failed(Status(
        Reason::kForbidden,
        fmt::format("namespaces \"{}\" is forbidden: this namespace may not be deleted",
                    request.name.view()),
        details)));
  }
  if (request.kind == api::KindId::kJob && request.remove.propagation == Propagation::kDefault) {
    done = with_warnings(std::move(done), {std::string(kOrphanWarning)});
  }
  if (request.kind == definitions_ && !request.dry_run && !(*found)->meta.is_being_deleted()) {
    if (Status s = check_preconditions(kinds_.info(request.kind), **found, request.remove);
        !s.ok()) {
      return done(failed(std::move(s)));
    }
    return mark_definition(*found, std::move(done));
  }
  remove_object(*found, request.remove, request.dry_run, std::move(done));
}

void ApiServer::remove_now(const api::ObjectRef& old, bool dry_run, Done done) {
  if (dry_run) {
    Response response = succeeded(old);
    response.deleted = true;
    return done(std::move(response));
  }
  if (old->kind == api::KindId::kService) {
    done = settle_addresses(std::move(done), old, nullptr);
  }
  store_.remove(old->clone(), old->meta.resource_version,
                [done = std::move(done)](Result<api::ObjectRef> put) mutable {
                  Response response = answer_of(std::move(put));
                  response.deleted = response.status.ok();
                  done(std::move(response));
                });
}

// A pod is marked with its end first; the kubelet, or a grace of zero, removes it
// (rest.BeforeDelete).
void ApiServer::remove_pod(const api::ObjectRef& old, const DeleteOptions& options, bool dry_run,
                           Done done) {
  const auto& pod = static_cast<const api::Pod&>(*old);
  const std::int64_t left = old->meta.deletion_grace_period_seconds.value_or(0);
  Ref<api::Object> fresh;
  if (old->meta.is_being_deleted()) {
    // The grace of a pod that is going can only be shortened.
    const std::int64_t grace = options.grace_period_seconds.value_or(left);
    if (grace >= left) return done(succeeded(old));
    fresh = old->clone();
    fresh->meta.deletion_timestamp += std::chrono::seconds(grace - left);
    fresh->meta.deletion_grace_period_seconds = grace;
  } else {
    const std::int64_t grace = grace_of(pod, options);
    fresh = old->clone();
    fresh->meta.deletion_timestamp = truncate_to_second(env_.now()) + std::chrono::seconds(grace);
    fresh->meta.deletion_grace_period_seconds = grace;
    if (fresh->meta.generation > 0) ++fresh->meta.generation;
  }
  apply_propagation(*fresh, options.propagation);
  const bool goes = *fresh->meta.deletion_grace_period_seconds == 0 && !is_held(*fresh);
  if (dry_run) {
    Response response = succeeded(fresh);
    response.deleted = goes;
    return done(std::move(response));
  }
  store_.put(std::move(fresh), old->meta.resource_version,
             [this, goes, done = std::move(done)](Result<api::ObjectRef> put) mutable {
               if (!put.ok() || !goes) return done(answer_of(std::move(put)));
               remove_now(*put, false, std::move(done));
             });
}

void ApiServer::remove_object(const api::ObjectRef& found, const DeleteOptions& options,
                              bool dry_run, Done done) {
  const api::ObjectRef old = found;
  if (Status s = check_preconditions(kinds_.info(old->kind), *old, options); !s.ok()) {
    return done(failed(std::move(s)));
  }
  if (old->kind == api::KindId::kPod) return remove_pod(old, options, dry_run, std::move(done));
  Ref<api::Object> fresh = old->clone();
  apply_propagation(*fresh, options.propagation);
  if (!is_held(*fresh)) return remove_now(old, dry_run, std::move(done));
  api::ObjectMeta& meta = fresh->meta;
  if (!meta.is_being_deleted()) {
    meta.deletion_timestamp = truncate_to_second(env_.now());
    if (meta.generation > 0) ++meta.generation;
  }
  if (old->kind == api::KindId::kNamespace) {
    static_cast<api::Namespace&>(*fresh).phase = Symbol("Terminating");
  } else {
    meta.deletion_grace_period_seconds = 0;
  }
  if (meta == old->meta) return done(succeeded(old));
  if (dry_run) return done(succeeded(fresh));
  store_.put(std::move(fresh), old->meta.resource_version,
             [done = std::move(done)](Result<api::ObjectRef> put) mutable {
               done(answer_of(std::move(put)));
             });
}

void ApiServer::remove_collection(Request& request, Done done) {
  const api::KindInfo& info = kinds_.info(request.kind);
  const api::ResourceRow* row =
      table_.find_resource(info.group.view(), info.version.view(), info.resource.view());
  if (row && !row->has_verb("deletecollection")) {
    return done(failed(Status(Reason::kMethodNotAllowed,
                              "the server does not allow this method on the requested resource")));
  }
  Result<ObjectFilter> filter = ObjectFilter::make(
      info, request.namespace_, request.list.label_selector, request.list.field_selector);
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
