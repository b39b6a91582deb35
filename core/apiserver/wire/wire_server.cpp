#include "core/apiserver/wire/wire_server.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/protobuf/protobuf.h"
#include "core/api/schema/document.h"
#include "core/api/yaml/yaml.h"
#include "core/apiserver/response_body.h"
#include "core/apiserver/schema_validation.h"
#include "core/apiserver/wire/wire_options.h"
#include "core/base/uid.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

std::string resource_key(std::string_view group, std::string_view resource,
                         std::string_view subresource) {
  std::string key(group);
  key.append("/").append(resource).append("/").append(subresource);
  return key;
}

Status too_many() {
  StatusDetails details;
  details.retry_after_seconds = 1;
  return Status(Reason::kTooManyRequests,
                "The request has been rejected because too many requests are in flight, please try "
                "again later.",
                details);
}

}  // namespace

WireServer::WireServer(Parts parts, Limits limits)
    : parts_(std::move(parts)),
      limits_(limits),
      protobuf_(parts_.catalog.built_in()),
      encoder_(parts_.server.kinds(), parts_.catalog, protobuf_),
      audit_ids_(parts_.env.random.stream("wire.audit_ids")),
      timeouts_(parts_.env.random.stream("wire.watch_timeouts")) {}

WireServer::~WireServer() = default;

void WireServer::add_route(const std::string& path, Route route) {
  routes_[path] = std::move(route);
}

void WireServer::add_resource(std::string group, std::string resource, std::string subresource,
                              Route route) {
  resources_[resource_key(group, resource, subresource)] = std::move(route);
}

View WireServer::view_of(const Call& call) const {
  Result<IncludeObject> include = parse_include_object(call.query.get("includeObject"));
  return {call.served, call.wanted, include.ok() ? *include : IncludeObject::kMetadata,
          parts_.env.now()};
}

void WireServer::handle(std::unique_ptr<HttpExchange> exchange) {
  auto call = std::make_unique<Call>();
  call->exchange = std::move(exchange);
  call->audit_id = Uid::draw(audit_ids_).str();
  call->protobuf = &protobuf_;
  call->counts = &answered_;
  const HttpRequest& request = call->request();
  call->query = Query::parse(request.query);
  call->info = request_info_of(request.method, request.path, call->query);
  Result<User> user = parts_.authenticate(request);
  if (!user.ok()) return call->fail(user.status());
  call->user = std::move(*user);
  if (Status s = parts_.authorize(request, call->info, call->user); !s.ok()) return call->fail(s);
  dispatch(std::move(call));
}

void WireServer::dispatch(CallRef call) {
  if (call->info.is_resource) return serve_resource(std::move(call));
  std::string path = call->info.path;
  if (path.size() > 1 && path.back() == '/') path.pop_back();
  if (const auto exact = routes_.find(path); exact != routes_.end()) {
    return exact->second(std::move(call));
  }
  for (std::size_t slash = path.rfind('/'); slash != std::string::npos && slash > 0;
       slash = path.rfind('/', slash - 1)) {
    const auto below = routes_.find(std::string_view(path).substr(0, slash + 1));
    if (below != routes_.end()) return below->second(std::move(call));
  }
  not_served(*call);
}

void WireServer::not_a_page(Call& call) const {
  HttpReply reply = call.head(404, "text/plain; charset=utf-8");
  reply.headers.push_back({"X-Content-Type-Options", "nosniff"});
  reply.body = "404 page not found\n";
  call.exchange->reply(std::move(reply));
}

void WireServer::not_served(Call& call) const {
  const std::string& path = call.info.path;
  if (path.starts_with("/api/")) return call.fail(unknown_resource());
  constexpr std::string_view kGroups = "/apis/";
  if (!path.starts_with(kGroups)) return not_a_page(call);
  const std::string_view rest = std::string_view(path).substr(kGroups.size());
  const bool is_known = parts_.catalog.has_group(rest.substr(0, rest.find('/')));
  return is_known ? call.fail(unknown_resource()) : not_a_page(call);
}

Result<std::string> WireServer::recoded(const std::string& text,
                                        const std::string& media_type) const {
  const json document = json::parse(text, nullptr, false);
  if (media_type == "application/yaml") return api::json_to_yaml(document);
  return protobuf_.encode_body(document);
}

Result<json> WireServer::read_typed(Call& call, FieldValidation validation) const {
  int type = call.served->row->type;
  const api::ApiTable& table = *call.served->table;
  if (!call.info.subresource.empty()) {
    const api::SubresourceRow* sub = call.served->row->subresource(call.info.subresource);
    if (sub) type = table.find_kind_type(sub->group, sub->version, sub->kind);
  }
  std::string text = call.request().body;
  Result<Encoding> encoding = body_encoding(call.request().header("content-type"));
  if (!encoding.ok()) return encoding.status();
  if (*encoding != Encoding::kJson) {
    Result<json> document = read_body(call);
    if (!document.ok()) return document;
    text = document->dump();
  }
  Result<api::DecodedObject> decoded = api::decode_object(table, static_cast<std::size_t>(type),
                                                          text, schema_validation(validation));
  if (!decoded.ok()) return decoded.status();
  for (std::string& w : decoded->warnings) call.warnings.push_back(std::move(w));
  return std::move(decoded->value);
}

// Whether the path stands where resources of this scope stand.
Status WireServer::check_place(const Call& call) const {
  const RequestInfo& info = call.info;
  const api::ResourceRow& row = *call.served->row;
  const bool is_namespace = info.resource == "namespaces" && info.group.empty();
  if (info.parts.size() > 3 && info.subresource != "proxy") return unknown_resource();
  const bool has_name = info.parts.size() > 1;
  if (!row.namespaced) return info.space.empty() || is_namespace ? Status() : unknown_resource();
  if (!info.space.empty()) return Status();
  if (has_name) return unknown_resource();
  const bool is_read = info.verb == "list" || info.verb == "watch";
  return is_read ? Status() : method_not_allowed();
}

void WireServer::serve_resource(CallRef call) {
  const RequestInfo& info = call->info;
  call->served = parts_.catalog.find(info.group, info.version, info.resource);
  if (!call->served) {
    if (!parts_.catalog.has_group(info.group)) return not_a_page(*call);
    return call->fail(unknown_resource());
  }
  const api::ResourceRow& row = *call->served->row;
  if (Status s = check_place(*call); !s.ok()) return call->fail(s);
  if (info.resource == "endpoints" && info.group.empty()) {
    call->warnings.push_back(
        "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
  }
  const api::SubresourceRow* sub = nullptr;
  if (!info.subresource.empty()) {
    sub = row.subresource(info.subresource);
    if (!sub) return call->fail(unknown_resource());
  }
  const auto route = resources_.find(resource_key(info.group, info.resource, info.subresource));
  if (route != resources_.end()) return route->second(std::move(call));
  const std::vector<std::string_view>& verbs = sub ? sub->verbs : row.verbs;
  const std::string& method = call->request().method;
  if (method == "HEAD" || method == "OPTIONS" || info.verb.empty() ||
      std::find(verbs.begin(), verbs.end(), info.verb) == verbs.end()) {
    return call->fail(method_not_allowed());
  }
  Result<Wanted> wanted = negotiate(call->request().header("accept"), true);
  if (!wanted.ok()) {
    if (info.verb == "get" || info.verb == "list") {
      return call->fail(Status(Reason::kNotAcceptable,
                               "406: Not Acceptable\n\nAvailable representations: "
                               "application/json, application/yaml, "
                               "application/vnd.kubernetes.protobuf"));
    }
    return call->fail(wanted.status());
  }
  call->wanted = *wanted;
  // Kinds of other tables (custom resources, metrics) have no protobuf form.
  if (call->wanted.encoding == Encoding::kProtobuf &&
      call->served->table != &parts_.catalog.built_in()) {
    call->wanted.encoding = Encoding::kJson;
  }
  if (call->query.has("pretty")) {
    const std::string& pretty = call->query.get("pretty");
    call->wanted.pretty = pretty != "false" && pretty != "0";
  }
  if (call->wanted.shaping == Shaping::kTable) {
    Result<IncludeObject> include = parse_include_object(call->query.get("includeObject"));
    if (!include.ok()) return call->fail(include.status());
  }
  if (info.verb != "watch" && in_flight_ >= limits_.in_flight_max) return call->fail(too_many());
  if (info.verb == "watch" && streams_.size() >= limits_.watches_max) return call->fail(too_many());
  serve_stored(std::move(call), sub);
}

Result<json> WireServer::read_body(const Call& call) const {
  const std::string& body = call.request().body;
  if (body.empty()) return json();
  Result<Encoding> encoding = body_encoding(call.request().header("content-type"));
  if (!encoding.ok()) return encoding.status();
  if (*encoding == Encoding::kYaml) return api::yaml_to_json(body);
  if (*encoding == Encoding::kProtobuf) {
    return protobuf_.decode_body(body, call.served ? call.served->row->type : -1);
  }
  json document = json::parse(body, nullptr, false);
  if (document.is_discarded()) {
    return bad_request("the object provided is unrecognized: it is no JSON");
  }
  return document;
}

}  // namespace orrery::apiserver
