// EchoClient: the least API that a scheduler needs: it lists and watches pods and nodes, and
// carries out bindings and updates at once. Bindings can be made to fail. Stands in for the API
// server where its own cost must not count.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/api/object_table.h"
#include "core/ports/client.h"
#include "core/runtime/env.h"

namespace orrery::scheduler::test {

class EchoClient final : public Client {
 public:
  explicit EchoClient(Env& env) : env_(env) {}

  /// Null: bind. Otherwise the answer to a binding of this pod.
  std::function<Status(const api::Pod&)> on_bind;
  std::size_t bindings = 0;
  std::size_t status_updates = 0;

  void put(api::ObjectRef object) {
    api::ObjectTable& table = of(object->kind);
    const_cast<api::Object&>(*object).meta.resource_version = ++revision_;
    const bool known = table.find(object->meta.namespace_, object->meta.name.view()) != nullptr;
    table.put(object);
    tell(known ? WatchType::kModified : WatchType::kAdded, std::move(object));
  }
  void remove(const api::Object& object) {
    api::ObjectRef gone = of(object.kind).remove(object.meta.namespace_, object.meta.name.view());
    if (gone) tell(WatchType::kDeleted, std::move(gone));
  }
  Ref<const api::Pod> pod(std::string_view name) {
    const api::ObjectRef* found = pods_.find(Symbol("default"), name);
    return found ? api::as<api::Pod>(*found) : Ref<const api::Pod>();
  }

  void call(Request request, Callback<void(Response)> done) override {
    Response response;
    if (request.verb == Verb::kList) {
      response.items = of(request.kind).sorted();
      response.revision = revision_;
    } else if (request.subresource == Subresource::kBinding) {
      response.status = bind(request);
    } else if (request.kind == api::KindId::kPod && request.verb == Verb::kUpdate) {
      ++status_updates;
      Ref<api::Object> changed = request.object->clone();
      response.object = changed;
      put(std::move(changed));
    }
    env_.loop.post([done = std::move(done), response = std::move(response)]() mutable {
      if (done) done(std::move(response));
    });
  }

  std::unique_ptr<Watch> watch(WatchRequest request, WatchSink& sink) override {
    struct Running final : Watch {
      Running(EchoClient& c, WatchSink& s) : client(c), sink(s) {}
      ~Running() override {
        std::erase_if(client.sinks_, [&](const auto& e) { return e.second == &sink; });
      }
      EchoClient& client;
      WatchSink& sink;
    };
    sinks_.emplace_back(request.kind, &sink);
    return std::make_unique<Running>(*this, sink);
  }

 private:
  api::ObjectTable& of(api::KindId kind) { return kind == api::KindId::kNode ? nodes_ : pods_; }

  Status bind(const Request& request) {
    const api::ObjectRef* found = pods_.find(request.namespace_, request.name.view());
    if (!found) return not_found("pods", request.name.view());
    const auto& stored = static_cast<const api::Pod&>(**found);
    if (on_bind) {
      if (Status status = on_bind(stored); !status.ok()) return status;
    }
    auto bound = make_ref<api::Pod>(stored);
    bound->node_name = request.node;
    ++bindings;
    put(std::move(bound));
    return {};
  }

  void tell(WatchType type, api::ObjectRef object) {
    env_.loop.post([this, type, object = std::move(object)] {
      const WatchEvent event{type, object, object->meta.resource_version};
      for (auto& [kind, sink] : sinks_) {
        if (kind == object->kind) sink->on_events({&event, 1});
      }
    });
  }

  Env& env_;
  api::ObjectTable pods_;
  api::ObjectTable nodes_;
  std::vector<std::pair<api::KindId, WatchSink*>> sinks_;
  api::Revision revision_ = 0;
};

}  // namespace orrery::scheduler::test
