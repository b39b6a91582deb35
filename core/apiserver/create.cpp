// ApiServer: create: names, namespaces, stamps; new_object.cpp completes and checks what is new.
#include <fmt/format.h>

#include <string>

#include "core/api/node.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/strategy.h"

namespace orrery::apiserver {
namespace {

constexpr int kGeneratedLength = 5;
constexpr std::size_t kNameBaseMax = 63 - kGeneratedLength;  // names.maxGeneratedNameLength
constexpr int kGenerateTries = 8;                            // RESTCreateStrategy's retries

// names.SimpleNameGenerator: five characters without vowels or look-alikes.
Text generate_name(std::string_view base, RandomStream& stream) {
  static constexpr std::string_view kAlphabet = "bcdfghjklmnpqrstvwxz2456789";
  char name[kNameBaseMax + kGeneratedLength];
  base = base.substr(0, kNameBaseMax);
  std::size_t n = base.copy(name, base.size());
  for (int i = 0; i < kGeneratedLength; ++i) name[n++] = kAlphabet[stream.below(kAlphabet.size())];
  return Text(std::string_view(name, n));
}

}  // namespace

// plugin NamespaceLifecycle.
Status ApiServer::check_namespace(const Request& request, const api::KindInfo& info) const {
  if (!info.namespaced) return Status();
  const api::ObjectRef* found =
      store_.find(api::KindId::kNamespace, Symbol(), request.namespace_.view());
  if (!found) return not_found("namespaces", request.namespace_.view());
  const auto& ns = static_cast<const api::Namespace&>(**found);
  if (!(ns.phase == "Terminating")) return Status();
  StatusDetails details;
  details.name = request.name.str();
  details.group = info.group.str();
  details.kind = info.resource.str();
  details.causes.push_back({"NamespaceTerminating",
                            fmt::format("namespace {} is being terminated", ns.meta.name.view()),
                            "metadata.namespace"});
  return Status(Reason::kForbidden,
                fmt::format("{} \"{}\" is forbidden: unable to create new content in namespace {} "
                            "because it is being terminated",
                            info.group_resource(), request.name.view(), ns.meta.name.view()),
                details);
}

Result<Ref<api::Object>> ApiServer::accept_new(const Request& request, Warnings& warnings) {
  Result<Ref<api::Object>> object = read_object(request, warnings);
  if (!object.ok()) return object;
  return place_new(request, std::move(*object));
}

Result<Ref<api::Object>> ApiServer::place_new(const Request& request,
                                              Ref<api::Object> object) const {
  const api::KindInfo& info = kinds_.info(request.kind);
  api::ObjectMeta& meta = object->meta;
  if (info.namespaced && meta.namespace_.empty()) meta.namespace_ = request.namespace_;
  if (info.namespaced && !(meta.namespace_ == request.namespace_)) {
    return bad_request(
        "the namespace of the provided object does not match the namespace sent on the request");
  }
  if (!info.namespaced) meta.namespace_ = Symbol();
  if (meta.resource_version != 0 && !request.dry_run) {
    return Status(Reason::kUnknown, "resourceVersion should not be set on objects to be created");
  }
  return object;
}

void ApiServer::name_generated(api::Object& object) {
  api::ObjectMeta& meta = object.meta;
  if (!meta.name.empty() || meta.generate_name.empty()) return;
  for (int i = 0; i < kGenerateTries; ++i) {
    meta.name = generate_name(meta.generate_name.view(), name_stream_);
    if (!store_.find(object.kind, meta.namespace_, meta.name.view())) return;
  }
}

void ApiServer::stamp_new(api::Object& object, bool keeps_managers) {
  api::ObjectMeta& meta = object.meta;
  meta.uid = Uid::draw(uid_stream_);
  meta.creation_timestamp = truncate_to_second(env_.now());
  meta.deletion_timestamp = {};
  meta.deletion_grace_period_seconds.reset();
  if (strategy_of(kinds_.info(object.kind)).tracks_generation) meta.generation = 1;
  drop_server_fields(meta, keeps_managers);
}

void ApiServer::create(Request& request, Done done) {
  Warnings warnings;
  Result<Ref<api::Object>> accepted = accept_new(request, warnings);
  if (!accepted.ok()) return done(failed(accepted.status()));
  create_object(request, std::move(*accepted), std::move(warnings), std::move(done));
}

void ApiServer::create_object(Request& request, Ref<api::Object> object, Warnings warnings,
                              Done done) {
  const api::KindInfo& info = kinds_.info(request.kind);
  request.name = object->meta.name;
  if (Status s = check_namespace(request, info); !s.ok()) return done(failed(std::move(s)));
  name_generated(*object);
  stamp_new(*object, !request.field_manager.empty());
  Result<Ref<api::Object>> checked = check_new(request, std::move(object));
  if (!checked.ok()) return done(failed(checked.status()));
  object = std::move(*checked);
  if (write_check_) {
    if (Status s = write_check_(request, *object, nullptr); !s.ok()) {
      return done(failed(std::move(s)));
    }
  }
  if (object->kind == api::KindId::kService && !request.dry_run) {
    done = settle_addresses(std::move(done), nullptr, object);
  }
  if (!warnings.empty()) done = with_warnings(std::move(done), std::move(warnings));
  const bool dry_run = request.dry_run;
  if (!quotas_.limits(object->meta.namespace_)) {
    return write_new(std::move(object), dry_run, std::move(done));
  }
  // plugin ResourceQuota, the last one.
  quotas_.charge(object, nullptr, dry_run,
                 [this, object, dry_run, done = std::move(done)](Status status) mutable {
                   if (!status.ok()) return done(failed(std::move(status)));
                   write_new(std::move(object), dry_run, std::move(done));
                 });
}

void ApiServer::write_new(Ref<api::Object> object, bool dry_run, Done done) {
  if (store_.find(object->kind, object->meta.namespace_, object->meta.name.view())) {
    return done(failed(
        already_exists(kinds_.info(object->kind).group_resource(), object->meta.name.view())));
  }
  if (dry_run) return done(succeeded(object));
  store_.put(std::move(object), 0, [done = std::move(done)](Result<api::ObjectRef> put) mutable {
    done(answer_of(std::move(put)));
  });
}

}  // namespace orrery::apiserver
