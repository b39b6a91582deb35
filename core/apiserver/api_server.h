// ApiServer: a pure request -> response machine over the store, with Kubernetes' semantics:
// defaulting, admission, validation, optimistic concurrency, finalizers, graceful deletion,
// subresources. No sockets: LocalClient calls handle(); the wire is added in front of it.
//
//     Request -> decode/default -> admission -> validate -> store -> Response
//
// Typed bodies from components in the process take a shortcut where what is new in them was checked
// before (a pod whose spec came from a template that was validated); documents are checked in full.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "core/api/kind_registry.h"
#include "core/api/managed/ownership.h"
#include "core/api/pod.h"
#include "core/apiserver/catalog.h"
#include "core/apiserver/limit_ranger.h"
#include "core/apiserver/list_pages.h"
#include "core/apiserver/pod_memo.h"
#include "core/apiserver/quota_admission.h"
#include "core/apiserver/server_watch.h"
#include "core/apiserver/service_addresses.h"
#include "core/ports/client.h"
#include "core/runtime/env.h"
#include "core/store/store.h"

namespace orrery::api {
class ApiTable;
struct ParsedDocument;
}

namespace orrery::apiserver {

struct VersionRow;

/// Admission plugins whose work another component has to undo or to complete; off until it is
/// there.
struct Admission {
  bool service_account_tokens = false;  // kube-api-access-* volumes; needs kube-root-ca.crt
  bool taint_new_nodes = false;  // not-ready:NoSchedule; the node lifecycle controller lifts it
  bool protect_storage = false;         // pv(c)-protection finalizers; their controllers lift them
  bool priority = true;                 // off: pods keep the spec.priority that they come with
};

class ApiServer {
 public:
  using Done = Callback<void(Response)>;

  /// `table` drives patches; it and the others outlive the server.
  ApiServer(Env& env, api::Kinds& kinds, const api::ApiTable& table, store::Store& store,
            Admission admission = {});
  ~ApiServer();

  /// Creates what a new cluster has: namespaces default, kube-system, kube-public, kube-node-lease
  /// and the system priority classes. Call once on an empty store.
  void bootstrap();

  void handle(Request request, Done done);
  Result<std::unique_ptr<ServerWatch>> watch(WatchRequest request, Callback<void()> wake);

  const api::Kinds& kinds() const { return kinds_; }
  const Catalog& catalog() const { return catalog_; }
  /// Serves the resources of another table besides the built-in ones (metrics.k8s.io): discovery,
  /// OpenAPI and routing know them then; answering is a route's.
  void add_resources(const std::string& name, std::shared_ptr<const api::ApiTable> table) {
    catalog_.put(name, std::move(table));
  }

  /// Asked about each object right before it is written (`old` null: it is new), after validation;
  /// an error refuses the write. For checks that know the caller.
  using WriteCheck =
      std::function<Status(const Request&, const api::Object& fresh, const api::Object* old)>;
  void set_write_check(WriteCheck check) { write_check_ = std::move(check); }

  /// Writes into a new CertificateSigningRequest who made it (spec.username, uid, groups, extra).
  using Author = std::function<void(const Request&, nlohmann::json& document)>;
  void set_author(Author author) { author_ = std::move(author); }

 private:
  using Json = nlohmann::json;
  using Warnings = std::vector<std::string>;
  using Written = Callback<void(Result<api::ObjectRef>)>;

  // read.cpp
  void get(const Request& request, Done& done);

  // list.cpp
  void list(const Request& request, Done& done);
  Result<ListPages::Snapshot> snapshot_for(const Request& request, api::Revision wanted) const;
  Response expired_page(const Request& request, const std::string& start);

  // request_body.cpp
  /// What the documents of a request are written in.
  struct Schema {
    const api::ApiTable* table;
    int type;                            // row of `table`; -1: not described
    const VersionRow* version;           // null: the stored version
    const api::CustomResource* custom;   // null: not a custom resource
    std::string api_version;
  };
  Schema schema_of(const Request& request) const;
  Schema scale_schema() const;
  Result<Ref<api::Object>> read_object(const Request& request, Warnings& warnings) const;
  Result<Ref<api::Object>> decode_version(const Request& request, const Schema& schema,
                                          Json document) const;
  Json encode_version(const Schema& schema, const api::Object& object) const;
  Result<Json> read_document(const Request& request, const Schema& schema,
                             Warnings& warnings) const;
  Result<Json> read_custom(const Request& request, const Schema& schema, Warnings& warnings) const;
  Result<Json> checked_custom(const Schema& schema, FieldValidation validation,
                              api::ParsedDocument parsed, Warnings& warnings) const;

  // create.cpp
  void create(Request& request, Done done);
  Result<Ref<api::Object>> accept_new(const Request& request, Warnings& warnings);
  Result<Ref<api::Object>> place_new(const Request& request, Ref<api::Object> object) const;
  void create_object(Request& request, Ref<api::Object> object, Warnings warnings, Done done);
  Status check_namespace(const Request& request, const api::KindInfo& info) const;
  void name_generated(api::Object& object);
  void stamp_new(api::Object& object, bool keeps_managers = false);
  void write_new(Ref<api::Object> object, bool dry_run, Done done);

  // new_object.cpp
  Result<Ref<api::Object>> check_new(const Request& request, Ref<api::Object> object);
  Result<Ref<api::Object>> check_new_pod(const Request& request, Ref<api::Object> object);
  void remember_pod(const Request& request, const api::Pod& given, std::uint64_t spec_hash,
                    api::Pod& pod);
  bool complete_known_pod(api::Pod& pod) const;
  Status finish_document(const Request& request, const api::ObjectMeta& meta, Json& document);
  Result<Ref<api::Object>> place_service(Json& document, const api::Object* old, bool dry_run);

  // admission.cpp
  Status admit_pod(api::Pod& pod);
  Status admit_priority(api::Pod& pod);
  Status admit_runtime_class(api::Pod& pod) const;
  Status admit_service_account(api::Pod& pod) const;
  Status admit_document(const api::KindInfo& info, const api::ObjectMeta& meta,
                        Json& document) const;
  void choose_ingress_class(Json& ingress) const;

  // write_warnings.cpp
  /// Warnings of the checks go into the response of the request at hand, if it succeeds.
  Done with_checks_warnings(const Request& request, Done done);
  void note_warnings(const Request& request, Warnings warnings) const;

  // pod_subresources.cpp
  /// Ephemeral containers, or resources, of `fresh` in what is else the old pod.
  Result<Ref<api::Object>> merge_pod_part(const Request& request, const api::ObjectRef& old,
                                          const api::Object& fresh);

  // update.cpp
  void update(Request& request, Done done);
  /// The object to store for an update of `old` by `fresh`, or why not.
  Result<Ref<api::Object>> merge_update(const Request& request, const api::ObjectRef& old,
                                        Ref<api::Object> fresh);
  Result<Ref<api::Object>> merge_status(const Request& request, const api::ObjectRef& old,
                                        Ref<api::Object> fresh);
  Result<Ref<api::Object>> check_changed(const Request& request, const api::ObjectRef& old,
                                         Ref<api::Object> fresh);
  void write_update(const Request& request, const api::ObjectRef& old, Ref<api::Object> merged,
                    Done done);
  void put_update(const api::ObjectRef& old, Ref<api::Object> merged, Done done);

  // patch.cpp
  void patch(Request& request, Done done);

  // apply.cpp
  void apply(Request& request, Done done);
  void apply_scale(Request& request, const Json& config, Done done);
  void apply_new(Request& request, Ref<api::Object> object, Done done);
  Status check_applied(const Request& request, const Schema& schema, const Json& config) const;
  api::managed::Write managed_write(const Request& request, const Schema& schema) const;
  /// Brings metadata.managedFields of `fresh` up to date for a write that is no apply; `live` is
  /// null for a create.
  void track_fields(const Request& request, const Json* live, Json& fresh) const;
  void track_scale(const Request& request, const Json& before, const Json& after,
                   const api::Object& old, api::Object& merged) const;
  void track_own_status(const api::Object& old, api::Object& fresh) const;

  // custom_resources.cpp
  const api::CustomResource* custom_of(api::KindId kind) const;
  void follow_definitions(const store::Change& change);
  void settle_definitions();
  void mark_definition(const api::ObjectRef& old, Done done);
  void finish_definition(const api::Object& definition);
  void serve_custom(const Json& definition);
  void drop_custom(const api::Object& definition);
  Result<Ref<api::Object>> check_new_custom(const Request& request,
                                            const api::CustomResource& custom,
                                            Ref<api::Object> object);
  Result<Ref<api::Object>> check_changed_custom(const Request& request,
                                                const api::CustomResource& custom,
                                                const api::ObjectRef& old,
                                                Ref<api::Object> fresh);

  // delete.cpp
  void remove(Request& request, Done done);
  void remove_object(const api::ObjectRef& old, const DeleteOptions& options, bool dry_run,
                     Done done);
  void remove_pod(const api::ObjectRef& old, const DeleteOptions& options, bool dry_run, Done done);
  void remove_now(const api::ObjectRef& old, bool dry_run, Done done);
  void remove_collection(Request& request, Done done);

  // subresources.cpp
  void bind(Request& request, Done done);
  void scale(Request& request, Done done);
  void scale_to(Request& request, const api::RawRef& wanted, Done done);
  Result<api::RawRef> read_scale(const Request& request, const api::Object& object) const;
  Result<Ref<api::Object>> scaled(const Request& request, const api::Object& object,
                                  const api::RawRef& scale) const;

  // eviction.cpp
  void evict(Request& request, Done done);
  Status spend_budget(const api::Pod& pod, bool dry_run);
  void mark_and_remove(const api::ObjectRef& old, const DeleteOptions& options, Done done);

  /// `done` of a write of a Service: addresses that the outcome does not need are freed.
  Done settle_addresses(Done done, api::ObjectRef old, api::ObjectRef placed);

  const api::ObjectRef* find(const Request& request) const {
    return store_.find(request.kind, request.namespace_, request.name.view());
  }
  Response not_found_response(const Request& request) const;

  Env& env_;
  api::Kinds& kinds_;
  const api::ApiTable& table_;
  store::Store& store_;
  Catalog catalog_;
  const Admission admission_;
  RandomStream& uid_stream_;
  RandomStream& name_stream_;
  PodMemo memo_;
  ListPages pages_;
  ServiceAddresses addresses_;
  LimitRanger limits_;
  QuotaAdmission quotas_;
  WriteCheck write_check_;
  Author author_;
  api::KindId runtime_classes_ = api::KindId::kNone;
  api::KindId definitions_ = api::KindId::kNone;
  std::map<api::KindId, std::shared_ptr<const api::CustomResource>> customs_;
  std::map<std::string, Json> served_definitions_;  // spec, by the definition's name
  std::vector<api::ObjectRef> gone_definitions_;
  bool definitions_posted_ = false;
  std::shared_ptr<Warnings> checks_warnings_;  // of the request at hand
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

/// A response that is only an error.
Response failed(Status status);
Response succeeded(api::ObjectRef object);
/// What a write's outcome is to the caller.
Response answer_of(Result<api::ObjectRef> put);
/// `done` with these warnings in its response.
ApiServer::Done with_warnings(ApiServer::Done done, std::vector<std::string> warnings);

}  // namespace orrery::apiserver
