#include "core/apiserver/wire/front.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/managed/update.h"
#include "core/api/object_codec.h"
#include "core/api/protobuf/openapi_v2.h"
#include "core/api/schema/api_table.h"
#include "core/api/schema/omit_empty.h"
#include "core/apiserver/auth/bootstrap.h"
#include "core/apiserver/auth/escalation.h"
#include "core/apiserver/auth/impersonation.h"
#include "core/apiserver/auth/reviews.h"
#include "core/apiserver/wire/wire_options.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

constexpr const char* kAuthentication = "authentication.k8s.io";
constexpr const char* kAuthorization = "authorization.k8s.io";

RequestAttributes attributes_of(const RequestInfo& info, const User& user) {
  RequestAttributes a;
  a.user = user;
  a.verb = info.verb;
  a.is_resource = info.is_resource;
  a.path = info.path;
  if (!info.is_resource) return a;
  a.api_group = info.group;
  a.api_version = info.version;
  a.resource = info.resource;
  a.subresource = info.subresource;
  a.name = info.name;
  a.namespace_ = info.space;
  return a;
}

json version_document() {
  return {{"major", "1"},
          {"minor", "36"},
          {"emulationMajor", "1"},
          {"emulationMinor", "36"},
          {"minCompatibilityMajor", "1"},
          {"minCompatibilityMinor", "35"},
          {"gitVersion", "v1.36.2+orrery"},
          {"gitCommit", ""},
          {"gitTreeState", "clean"},
          {"buildDate", "1970-01-01T00:00:00Z"},
          {"goVersion", ""},
          {"compiler", "gcc"},
          {"platform", "linux/amd64"}};
}

// SetDefaults_TokenRequestSpec: what it sets has the requester as its manager.
void default_token_request(json& request) {
  json& spec = request["spec"];
  if (!spec.is_object()) spec = json::object();
  if (!spec.contains("expirationSeconds")) spec["expirationSeconds"] = 3600;
}

std::string openapi_v2_message(const std::string& text) {
  return api::encode_openapi_v2(json::parse(text, nullptr, false));
}

}  // namespace

Front::Front(Env& env, ApiServer& server, store::Store& store, Delays& delays, TokenSigner& signer,
             PodStreams* pods, Settings settings)
    : env_(env),
      server_(server),
      store_(store),
      authorizer_(server.kinds(), store),
      aggregation_(env, server.kinds(), store),
      accounts_(env, store, signer, settings.tokens),
      authenticator_(settings.authentication, &accounts_),
      pod_streams_(pods ? std::make_unique<PodStreamEndpoints>(env.loop, *pods) : nullptr),
      wire_({env, server, server.catalog(), delays,
             [this](const HttpRequest& r) { return authenticator_.authenticate(r); },
             [this](const HttpRequest& r, const RequestInfo& info, User& user) {
               return authorize(r, info, user);
             }},
            settings.limits),
      discovery_(server.catalog(), {settings.server_address, &custom_facts_, openapi_v2_message}),
      address_(settings.server_address) {
  add_discovery();
  add_reviews();
  add_tokens();
  add_health();
  if (pod_streams_) add_pod_streams();
  server_.set_write_check([this](const Request&, const api::Object& fresh, const api::Object* old) {
    const Call* call = wire_.current();
    if (!call || call->user.is_in("system:masters")) return Status();
    return check_escalation(authorizer_, attributes_of(call->info, call->user), fresh, old);
  });
  server_.set_author([this](const Request&, json& document) {
    if (const Call* call = wire_.current()) document["spec"].update(user_document(call->user));
  });
}

Front::~Front() {
  server_.set_write_check({});
  server_.set_author({});
}

void Front::bootstrap(ApiServer& server) {
  for (const json& document : bootstrap_documents()) {
    const api::KindInfo* info =
        server.kinds().find(document.value("apiVersion", ""), document.value("kind", ""));
    if (!info) continue;
    Request request;
    request.verb = Verb::kCreate;
    request.kind = info->id;
    if (info->namespaced) request.namespace_ = Symbol(document["metadata"].value("namespace", ""));
    request.document = api::RawRef(document);
    server.handle(std::move(request), {});
  }
}

Status Front::authorize(const HttpRequest& request, const RequestInfo& info, User& user) {
  if (wants_impersonation(request)) {
    Result<User> other = impersonate(authorizer_, user, request);
    if (!other.ok()) return other.status();
    user = std::move(*other);
  }
  if (user.is_in("system:masters")) return Status();
  const RequestAttributes attributes = attributes_of(info, user);
  const Decision decision = authorizer_.authorize(attributes);
  return decision.allowed ? Status() : forbidden(attributes, decision.reason);
}

void Front::discover(CallRef call) {
  const HttpRequest& request = call->request();
  if (request.method != "GET" && request.method != "HEAD") {
    return call->fail(method_not_allowed());
  }
  std::optional<DiscoveryAnswer> answer = discovery_.answer(
      {call->info.path, request.query, request.header("accept"), request.header("if-none-match")});
  if (!answer) {
    const bool is_api = call->info.path.starts_with("/api");
    return is_api ? wire_.not_served(*call) : wire_.not_a_page(*call);
  }
  if (answer->status == 406) {
    return call->fail(Status(Reason::kNotAcceptable,
                             "406: Not Acceptable\n\nAvailable representations: application/json, "
                             "application/yaml, application/vnd.kubernetes.protobuf"));
  }
  call->count(answer->status);
  HttpReply reply;
  reply.status = answer->status;
  const auto header = [&](const char* name, const std::string& value) {
    if (!value.empty()) reply.headers.push_back({name, value});
  };
  header("Audit-Id", call->audit_id);
  header("Cache-Control",
         answer->cache_control.empty() ? "no-cache, private" : answer->cache_control);
  header("Content-Type", answer->content_type);
  header("Etag", answer->etag);
  header("Vary", answer->vary);
  header("Location", answer->location);
  reply.shared = answer->body;
  if (!answer->recode_to.empty() && answer->body) {
    Result<std::string> body = wire_.recoded(answer->body->bytes, answer->recode_to);
    if (!body.ok()) return call->fail(body.status());
    reply.shared = {};
    reply.body = std::move(*body);
  }
  call->exchange->reply(std::move(reply));
}

void Front::add_discovery() {
  const auto route = [this](CallRef call) { discover(std::move(call)); };
  for (const char* path :
       {"/api", "/api/", "/apis", "/apis/", "/openapi/v2", "/openapi/v3", "/openapi/v3/"}) {
    wire_.add_route(path, route);
  }
  wire_.add_route("/version", [](CallRef call) {
    call->reply(200, "application/json", version_document().dump(2));
  });
}

// Reviews are created, answered and forgotten.
void Front::review(CallRef call,
                   const std::function<Result<json>(const Call&, const json&)>& answer) {
  if (call->info.verb != "create") return call->fail(method_not_allowed());
  Request options;
  options.verb = Verb::kCreate;
  Status s = read_write_options(call->query, "CreateOptions", call->request().header("user-agent"),
                                options);
  if (!s.ok()) return call->fail(s);
  Result<Wanted> wanted = negotiate(call->request().header("accept"), false);
  if (!wanted.ok()) return call->fail(wanted.status());
  call->wanted = *wanted;
  Result<json> document = wire_.read_typed(*call, options.field_validation);
  if (!document.ok()) return call->fail(document.status());
  if (document->value("kind", "") == "TokenRequest") default_token_request(*document);
  Result<json> answered = answer(*call, *document);
  if (!answered.ok()) return call->fail(answered.status());
  const std::string version = document->value("apiVersion", std::string());
  const auto [group, plain] = api::split_api_version(version);
  const api::ApiTable& table = *call->served->table;
  const int type = table.find_kind_type(group, plain, document->value("kind", std::string()));
  // These two are answered anew: what was sent does not come back.
  const bool is_anew = call->info.resource == "selfsubjectrulesreviews" ||
                       call->info.resource == "selfsubjectreviews";
  if (type >= 0 && !is_anew) {
    const api::managed::Write write{table,
                                    static_cast<std::size_t>(type),
                                    version,
                                    options.field_manager.view(),
                                    call->info.subresource,
                                    env_.now()};
    api::omit_empty(table, static_cast<std::size_t>(type), *document);
    json managers = api::managed::updated_managers(write, json(), *document);
    json& meta = (*answered)["metadata"];
    if (!meta.is_object()) meta = json::object();
    if (!managers.is_null() && !managers.empty()) meta["managedFields"] = std::move(managers);
  }
  call->reply(201, content_type_of(call->wanted, false),
              wire_.encoder().document(wire_.view_of(*call), *answered));
}

void Front::add_reviews() {
  using Answer = std::function<Result<json>(const Call&, const json&)>;
  const auto add = [this](const char* group, const char* resource, Answer answer) {
    wire_.add_resource(group, resource, "", [this, answer = std::move(answer)](CallRef call) {
      review(std::move(call), answer);
    });
  };
  add(kAuthorization, "subjectaccessreviews", [this](const Call&, const json& document) {
    return review_subject_access(authorizer_, document);
  });
  add(kAuthorization, "localsubjectaccessreviews", [this](const Call& call, const json& document) {
    return review_local_access(authorizer_, document, call.info.space);
  });
  add(kAuthorization, "selfsubjectaccessreviews", [this](const Call& call, const json& document) {
    return review_self_access(authorizer_, call.user, document);
  });
  add(kAuthorization, "selfsubjectrulesreviews", [this](const Call& call, const json& document) {
    return review_self_rules(authorizer_, call.user, document);
  });
  add(kAuthentication, "tokenreviews",
      [this](const Call&, const json& document) { return review_token(authenticator_, document); });
  add(kAuthentication, "selfsubjectreviews", [this](const Call& call, const json&) -> Result<json> {
    return review_self(call.user, env_.now());
  });
}

void Front::add_tokens() {
  wire_.add_resource("", "serviceaccounts", "token", [this](CallRef call) {
    review(std::move(call), [this](const Call& c, const json& document) {
      return accounts_.issue(c.info.space, c.info.name, document);
    });
  });
  wire_.add_route("/openid/v1/jwks", [this](CallRef call) {
    call->reply(200, "application/jwk-set+json", accounts_.jwks());
  });
  wire_.add_route("/.well-known/openid-configuration", [this](CallRef call) {
    call->reply(200, "application/json", accounts_.openid_configuration("https://" + address_));
  });
}

void Front::add_health() {
  for (const char* page : {"healthz", "livez", "readyz"}) {
    const std::string name = page;
    const auto route = [name](CallRef call) {
      HttpReply reply = call->head(200, "text/plain; charset=utf-8");
      reply.headers.push_back({"X-Content-Type-Options", "nosniff"});
      reply.body = "ok";
      if (call->query.has("verbose") && call->info.path == "/" + name) {
        reply.body = "[+]ping ok\n[+]log ok\n[+]storage ok\n" + name + " check passed\n";
      }
      call->exchange->reply(std::move(reply));
    };
    wire_.add_route("/" + name, route);
    for (const char* check : {"ping", "log", "storage", "etcd"}) {
      wire_.add_route("/" + name + "/" + check, route);
    }
  }
  wire_.add_route("/metrics", [this](CallRef call) {
    if (!metrics_) return wire_.not_a_page(*call);
    call->reply(200, "text/plain; version=0.0.4; charset=utf-8", metrics_());
  });
}

void Front::add_pod_streams() {
  using Serve = void (PodStreamEndpoints::*)(std::unique_ptr<HttpExchange>, const api::Pod&,
                                             const QueryValues&);
  const auto add = [this](const char* subresource, Serve serve) {
    wire_.add_resource("", "pods", subresource, [this, serve](CallRef call) {
      const api::ObjectRef* found =
          store_.find(api::KindId::kPod, Symbol(call->info.space), call->info.name);
      if (!found) return call->fail(not_found("pods", call->info.name));
      Result<QueryValues> query = QueryValues::parse(call->request().query);
      if (!query.ok()) return call->fail(query.status());
      const Ref<const api::Pod> pod = api::as<api::Pod>(*found);
      ((*pod_streams_).*serve)(std::move(call->exchange), *pod, *query);
    });
  };
  add("log", &PodStreamEndpoints::serve_log);
  add("exec", &PodStreamEndpoints::serve_exec);
  add("attach", &PodStreamEndpoints::serve_attach);
  add("portforward", &PodStreamEndpoints::serve_port_forward);
}

}  // namespace orrery::apiserver
