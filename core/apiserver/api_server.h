// ApiServer: a pure request -> response machine over the store, with Kubernetes' semantics: defaulting,
// admission, validation, optimistic concurrency, finalizers, graceful deletion, subresources. No
// sockets: LocalClient calls handle(); the wire is added in front of it.
//
//     Request -> decode/default -> admission -> validate -> store -> Response
//
// Typed bodies from components in the process take a shortcut where what is new in them was checked
// before (a pod whose spec came from a template that was validated); documents are checked in full.
#pragma once

#include <memory>
#include <vector>

#include "core/api/kind_registry.h"
#include "core/api/pod.h"
#include "core/apiserver/list_pages.h"
#include "core/apiserver/pod_memo.h"
#include "core/apiserver/server_watch.h"
#include "core/ports/client.h"
#include "core/runtime/env.h"
#include "core/store/store.h"

namespace orrery::api {
class ApiTable;
}

namespace orrery::apiserver {

class ApiServer {
 public:
  using Done = Callback<void(Response)>;

  /// `table` drives patches; it and the others outlive the server.
  ApiServer(Env& env, const api::Kinds& kinds, const api::ApiTable& table, store::Store& store);
  ~ApiServer();

  /// Creates what a new cluster has: namespaces default, kube-system, kube-public, kube-node-lease and
  /// the system priority classes. Call once on an empty store.
  void bootstrap();

  void handle(Request request, Done done);
  Result<std::unique_ptr<ServerWatch>> watch(WatchRequest request, Callback<void()> wake);

  const api::Kinds& kinds() const { return kinds_; }

 private:
  using Written = Callback<void(Result<api::ObjectRef>)>;

  // read.cpp
  void get(const Request& request, Done& done);
  void list(const Request& request, Done& done);

  // create.cpp
  void create(Request& request, Done done);
  Result<Ref<api::Object>> accept_new(const Request& request);
  Status check_namespace(const Request& request, const api::KindInfo& info) const;
  Result<Ref<api::Object>> check_new(Ref<api::Object> object, const api::KindInfo& info);
  void stamp_new(api::Object& object);

  // admission.cpp
  Status admit_pod(api::Pod& pod);

  // update.cpp
  void update(Request& request, Done done);
  /// The object to store for an update of `old` by `fresh`, or why not.
  Result<Ref<api::Object>> merge_update(const Request& request, const api::ObjectRef& old,
                                        Ref<api::Object> fresh);
  void write_update(const Request& request, const api::ObjectRef& old, Ref<api::Object> merged,
                    Done done);

  // patch.cpp
  void patch(Request& request, Done done);

  // delete.cpp
  void remove(Request& request, Done done);
  void remove_object(const api::ObjectRef& old, const DeleteOptions& options, bool dry_run,
                     Done done);
  void remove_collection(Request& request, Done done);

  // subresources.cpp
  void bind(Request& request, Done done);
  void scale(Request& request, Done done);

  // eviction.cpp
  void evict(Request& request, Done done);

  const api::ObjectRef* find(const Request& request) const {
    return store_.find(request.kind, request.namespace_, request.name.view());
  }
  Response not_found_response(const Request& request) const;

  Env& env_;
  const api::Kinds& kinds_;
  const api::ApiTable& table_;
  store::Store& store_;
  RandomStream& uid_stream_;
  RandomStream& name_stream_;
  PodMemo memo_;
  ListPages pages_;
};

/// A response that is only an error.
Response failed(Status status);
Response succeeded(api::ObjectRef object);

}  // namespace orrery::apiserver
