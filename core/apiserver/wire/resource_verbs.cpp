// WireServer: the verbs of stored resources, as requests to the ApiServer and answers from it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/yaml/yaml.h"
#include "core/apiserver/discovery/served_groups.h"
#include "core/apiserver/response_body.h"
#include "core/apiserver/strategy.h"
#include "core/apiserver/versions.h"
#include "core/apiserver/wire/wire_options.h"
#include "core/apiserver/wire/wire_server.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

constexpr std::int64_t kTimeoutMin = 1800;  // seconds; watches without one get 30 to 60 minutes

std::optional<Subresource> subresource_of(std::string_view name) {
  static constexpr std::pair<std::string_view, Subresource> kNames[] = {
      {"", Subresource::kNone},
      {"status", Subresource::kStatus},
      {"scale", Subresource::kScale},
      {"binding", Subresource::kBinding},
      {"eviction", Subresource::kEviction},
      {"finalize", Subresource::kFinalize},
      {"ephemeralcontainers", Subresource::kEphemeralContainers},
      {"resize", Subresource::kResize},
      {"approval", Subresource::kApproval}};
  for (const auto& [known, subresource] : kNames) {
    if (known == name) return subresource;
  }
  return std::nullopt;
}

std::optional<PatchType> patch_type_of(std::string_view content_type) {
  const std::string type = media_type_of(content_type);
  if (type == "application/json-patch+json") return PatchType::kJson;
  if (type == "application/merge-patch+json") return PatchType::kMerge;
  if (type == "application/strategic-merge-patch+json") return PatchType::kStrategic;
  if (type == "application/apply-patch+yaml") return PatchType::kApply;
  return std::nullopt;
}

}  // namespace

void WireServer::serve_stored(CallRef call, const api::SubresourceRow* sub) {
  const RequestInfo& info = call->info;
  if (info.resource == "bindings" && info.group.empty()) return bind(std::move(call));
  const std::optional<Subresource> subresource = subresource_of(sub ? sub->name : "");
  if (!subresource || call->served->kind == api::KindId::kNone) {
    return call->fail(unknown_resource());
  }
  Request request;
  request.kind = call->served->kind;
  request.namespace_ = call->served->row->namespaced ? Symbol(info.space) : Symbol();
  request.name = Text(info.parts.size() > 1 ? info.parts[1] : "");
  request.subresource = *subresource;
  request.user_agent = Symbol(manager_of(call->request().header("user-agent")));
  const api::ResourceRow& row = *call->served->row;
  const api::KindInfo& stored = parts_.server.kinds().info(request.kind);
  if (!(stored.version == row.version) || !(stored.group == row.group)) {
    request.api_version = Symbol(group_version_text(row.group, row.version));
  }
  if (info.verb == "get") return get(std::move(call), std::move(request));
  if (info.verb == "list") return list(std::move(call), std::move(request));
  if (info.verb == "watch") return watch(std::move(call), std::move(request));
  if (info.verb == "create" || info.verb == "update") {
    return write(std::move(call), std::move(request));
  }
  if (info.verb == "patch") return patch(std::move(call), std::move(request));
  remove(std::move(call), std::move(request));
}

// POST bindings: the pod is named in the body.
void WireServer::bind(CallRef call) {
  Result<json> body = read_body(*call);
  if (!body.ok()) return call->fail(body.status());
  Request request;
  request.kind = api::KindId::kPod;
  request.namespace_ = Symbol(call->info.space);
  request.name = Text(body->value(json::json_pointer("/metadata/name"), std::string()));
  request.subresource = Subresource::kBinding;
  write(std::move(call), std::move(request));
}

void WireServer::submit(CallRef call, Request request) {
  Request shape;
  shape.verb = request.verb;
  shape.kind = request.kind;
  shape.subresource = request.subresource;
  shape.patch_type = request.patch_type;
  const std::size_t writes = shape.verb == Verb::kGet || shape.verb == Verb::kList ? 0 : 1;
  ++in_flight_;
  writes_in_flight_ += writes;
  current_ = call.get();
  parts_.server.handle(std::move(request), [this, call = std::move(call), shape = std::move(shape),
                                            writes](Response response) mutable {
    --in_flight_;
    writes_in_flight_ -= writes;
    answer(std::move(call), shape, std::move(response));
  });
  current_ = nullptr;
}

void WireServer::answer(CallRef call, const Request& shape, Response response) {
  for (std::string& w : response.warnings) call->warnings.push_back(std::move(w));
  if (!response.status.ok()) {
    if (response.continue_token.empty()) return call->fail(response.status);
    return call->reply(
        response.status.code(), content_type_of(call->wanted, false),
        encoder_.document(view_of(*call), response_body(parts_.server.kinds(), shape, response)));
  }
  const View view = view_of(*call);
  const bool made = shape.verb == Verb::kCreate || response.created;
  const int code = made ? 201 : 200;
  const std::string type = content_type_of(call->wanted, false);
  if (shape.verb == Verb::kList || shape.verb == Verb::kDeleteCollection) {
    return call->reply(200, type, encoder_.list(view, response));
  }
  const bool is_status =
      response.document || shape.subresource == Subresource::kBinding ||
      (response.deleted && !strategy_of(parts_.server.kinds().info(shape.kind)).returns_deleted);
  if (is_status) {
    const json body = response_body(parts_.server.kinds(), shape, response);
    return call->reply(code, type, encoder_.document(view, body));
  }
  call->reply(code, type, encoder_.object(view, *response.object));
}

void WireServer::get(CallRef call, Request request) {
  request.verb = Verb::kGet;
  submit(std::move(call), std::move(request));
}

void WireServer::list(CallRef call, Request request) {
  request.verb = Verb::kList;
  Result<CollectionOptions> options = read_collection_options(call->info, call->query);
  if (!options.ok()) return call->fail(options.status());
  request.list = std::move(options->list);
  submit(std::move(call), std::move(request));
}

Status WireServer::take_binding(const Call& call, Request& request) const {
  Result<json> body = read_body(call);
  if (!body.ok()) return body.status();
  const auto text = [&](const char* path) {
    const json::json_pointer at(path);
    return body->contains(at) && (*body)[at].is_string() ? (*body)[at].get<std::string>() : "";
  };
  if (request.subresource == Subresource::kBinding) {
    const std::string kind = text("/target/kind");
    if (!kind.empty() && kind != "Node") {
      return Status(Reason::kUnknown, " \"\" is invalid: target.kind: Unsupported value: \"" +
                                          kind + "\": supported values: \"Node\", \"<empty>\"");
    }
    request.node = Symbol(text("/target/name"));
    request.remove.uid = Uid::parse(text("/metadata/uid"));
    return Status();
  }
  if (body->contains("deleteOptions")) {
    const bool dry_run = request.dry_run;
    RETURN_IF_ERROR(read_delete_options((*body)["deleteOptions"], request));
    request.dry_run = request.dry_run || dry_run;
  }
  request.document = api::RawRef(std::move(*body));
  return Status();
}

// The body of a write: JSON as it came, other encodings as documents.
Status WireServer::take_body(const Call& call, Request& request) const {
  Result<Encoding> encoding = body_encoding(call.request().header("content-type"));
  if (!encoding.ok()) return encoding.status();
  if (*encoding == Encoding::kJson) {
    request.body = call.request().body;
    return Status();
  }
  Result<json> document = read_body(call);
  if (!document.ok()) return document.status();
  request.document = api::RawRef(std::move(*document));
  return Status();
}

void WireServer::write(CallRef call, Request request) {
  const bool creates = call->info.verb == "create";
  request.verb = creates ? Verb::kCreate : Verb::kUpdate;
  Status s = read_write_options(call->query, creates ? "CreateOptions" : "UpdateOptions",
                                call->request().header("user-agent"), request);
  if (s.ok() && (request.subresource == Subresource::kBinding ||
                 request.subresource == Subresource::kEviction)) {
    s = take_binding(*call, request);
  } else if (s.ok()) {
    s = take_body(*call, request);
  }
  if (!s.ok()) return call->fail(s);
  submit(std::move(call), std::move(request));
}

void WireServer::patch(CallRef call, Request request) {
  request.verb = Verb::kPatch;
  const std::optional<PatchType> type = patch_type_of(call->request().header("content-type"));
  const bool strategic = type == PatchType::kStrategic;
  if (!type || (strategic && call->served->custom)) {
    if (call->served->custom && strategic) {
      return call->fail(Status(Reason::kUnsupportedMediaType,
                               "the body of the request was in an unknown format - accepted media "
                               "types include: application/json-patch+json, "
                               "application/merge-patch+json, application/apply-patch+yaml"));
    }
    return call->fail(Status(Reason::kUnsupportedMediaType, "415: Unsupported Media Type"));
  }
  request.patch_type = *type;
  Status s = read_write_options(call->query, "PatchOptions", call->request().header("user-agent"),
                                request);
  if (!s.ok()) return call->fail(s);
  if (*type == PatchType::kApply) {
    Result<json> config = api::yaml_to_json(call->request().body);
    if (!config.ok()) {
      return call->fail(bad_request("error decoding YAML: " + config.status().message()));
    }
    request.document = api::RawRef(std::move(*config));
  } else {
    request.body = call->request().body;
  }
  submit(std::move(call), std::move(request));
}

void WireServer::remove(CallRef call, Request request) {
  request.verb = call->info.verb == "delete" ? Verb::kDelete : Verb::kDeleteCollection;
  Status s;
  if (call->request().body.empty()) {
    s = read_delete_query(call->query, request);
  } else {
    Result<json> options = read_body(*call);
    s = options.ok() ? read_delete_options(*options, request) : options.status();
  }
  if (!s.ok()) return call->fail(s);
  if (request.verb == Verb::kDeleteCollection) {
    Result<CollectionOptions> options = read_collection_options(call->info, call->query);
    if (!options.ok()) return call->fail(options.status());
    request.list = std::move(options->list);
  }
  submit(std::move(call), std::move(request));
}

void WireServer::watch(CallRef call, Request request) {
  Result<CollectionOptions> options = read_collection_options(call->info, call->query);
  if (!options.ok()) return call->fail(options.status());
  WatchRequest wanted;
  wanted.kind = request.kind;
  wanted.namespace_ = request.namespace_;
  wanted.label_selector = options->list.label_selector;
  wanted.field_selector = options->list.field_selector;
  if (!call->info.name.empty() && call->info.is_watch_path) {
    wanted.field_selector = "metadata.name=" + call->info.name;
  }
  wanted.api_version = request.api_version;
  const std::string& from = options->list.resource_version;
  const bool sends_initial = options->watch.send_initial.value_or(from.empty() || from == "0");
  wanted.initial = sends_initial;
  if (!sends_initial && !from.empty()) {
    Result<api::Revision> revision = parse_revision(from);
    if (!revision.ok()) return call->fail(revision.status());
    wanted.from = *revision;
  }
  WatchStream::Settings settings;
  settings.view = view_of(*call);
  settings.bookmarks = options->watch.bookmarks;
  settings.marks_initial = options->watch.send_initial.value_or(false) && options->watch.bookmarks;
  settings.timeout = std::chrono::seconds(
      options->watch.timeout_seconds.value_or(0) > 0
          ? *options->watch.timeout_seconds
          : kTimeoutMin + static_cast<std::int64_t>(timeouts_.below(kTimeoutMin)));
  auto owned =
      std::make_unique<WatchStream>(parts_.env, encoder_, parts_.delays, std::move(settings));
  WatchStream* stream = owned.get();
  stream->when_ended([this, stream] { streams_.erase(stream); });
  Result<std::unique_ptr<ServerWatch>> changes = parts_.server.watch(wanted, stream->waker());
  if (!changes.ok() && !changes.status().is(Reason::kExpired)) {
    return call->fail(changes.status());
  }
  std::string type = content_type_of(call->wanted, true);
  std::unique_ptr<ReplyStream> out = call->exchange->begin(call->head(200, std::move(type)));
  streams_[stream] = std::move(owned);
  if (!changes.ok()) return stream->refuse(changes.status(), std::move(out));
  stream->start(std::move(*changes), std::move(out));
}

}  // namespace orrery::apiserver
