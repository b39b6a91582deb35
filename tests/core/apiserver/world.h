// A small world for tests: virtual clock, store, API server and one client.
#pragma once

#include <nlohmann/json.hpp>  // tidy: a test header that holds documents
#include <optional>
#include <string>
#include <string_view>

#include "core/api/object_codec.h"
#include "core/api/schema/api_table.h"
#include "core/apiserver/api_server.h"
#include "sim/clock/sim_driver.h"
#include "sim/cluster/local_client.h"
#include "sim/storage/memory_storage.h"

namespace orrery::test {

using nlohmann::json;

struct World {
  sim::SimDriver driver{Time{std::chrono::seconds(1'767'225'600)}};
  EventLoop loop{driver};
  Random random{1};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  api::ApiTable table = api::ApiTable::built_in();
  api::Kinds kinds = all_kinds();
  sim::MemoryStorage storage;
  store::Store store{env, kinds, storage, {}};
  apiserver::ApiServer server{env, kinds, table, store};
  sim::LocalClient client{env, server, {}, "test"};

  explicit World(sim::MemoryStorage::Options options = {}) : storage(env, options) {
    server.bootstrap();
  }

  static api::Kinds all_kinds() {
    api::Kinds all;
    all.add("", "v1", "ResourceQuota", "resourcequotas", true);  // has no struct
    all.add("example.com", "v1", "Widget", "widgets", true);     // nor a row in the table
    all.add("scheduling.k8s.io", "v1alpha2", "PodGroup", "podgroups", true);
    all.add("scheduling.x-k8s.io", "v1alpha1", "PodGroup", "podgroups", true);
    return all;
  }

  void run_for(Duration d) { loop.run(loop.now() + d); }

  Response call(Request request) {
    std::optional<Response> out;
    client.call(std::move(request), [&](Response r) { out = std::move(r); });
    run_for(1s);
    CHECK(out.has_value());
    return std::move(*out);
  }
  Request about(Verb verb, std::string_view api_version, std::string_view kind,
                std::string_view name = "") {
    const api::KindInfo* info = kinds.find(api_version, kind);
    CHECK(info != nullptr);
    Request request;
    request.verb = verb;
    request.kind = info->id;
    if (info->namespaced) request.namespace_ = Symbol("default");
    request.name = Text(name);
    return request;
  }
  Response create(std::string_view text) {
    json document = json::parse(text);
    Request request = about(Verb::kCreate, document["apiVersion"].get<std::string>(),
                            document["kind"].get<std::string>(),
                            document["metadata"].value("name", ""));
    request.document = api::RawRef(std::move(document));
    return call(std::move(request));
  }
  Response patch(std::string_view api_version, std::string_view kind, std::string_view name,
                 PatchType type, std::string_view text, Subresource sub = Subresource::kNone) {
    Request request = about(Verb::kPatch, api_version, kind, name);
    request.patch_type = type;
    request.subresource = sub;
    request.document = api::RawRef(json::parse(text));
    return call(std::move(request));
  }
  Response get(std::string_view api_version, std::string_view kind, std::string_view name) {
    return call(about(Verb::kGet, api_version, kind, name));
  }
  Response remove(std::string_view api_version, std::string_view kind, std::string_view name,
                  DeleteOptions options = {}) {
    Request request = about(Verb::kDelete, api_version, kind, name);
    request.remove = options;
    return call(std::move(request));
  }
  json encode(const Response& response) {
    return response.object ? api::encode_object(kinds, *response.object) : json();
  }
};

}  // namespace orrery::test
