// WireServer: the API server's face to HTTP: exchanges in, Kubernetes' answers out. It knows users,
// paths, media types and options; what requests do is ApiServer's. What is neither a stored
// resource nor a list of them (discovery, reviews, logs, metrics, health) is a route that others
// add.
//
//     exchange -> user -> path -> may they? -> route | verb of a resource -> ApiServer -> encoding
//
// Called by the transport (live/http_server) and by tests, on the event loop's thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "core/api/protobuf/protobuf.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/wire/call.h"
#include "core/apiserver/wire/delays.h"
#include "core/apiserver/wire/encoder.h"
#include "core/apiserver/wire/watch_stream.h"
#include "core/runtime/env.h"

namespace orrery::apiserver {

class WireServer final : public HttpHandler {
 public:
  struct Parts {
    Env& env;
    ApiServer& server;
    const Catalog& catalog;
    Delays& delays;
    /// Who sends a request; Unauthorized if nobody known.
    std::function<Result<User>(const HttpRequest&)> authenticate;
    /// Whether they may, impersonation included (which changes `user`).
    std::function<Status(const HttpRequest&, const RequestInfo&, User& user)> authorize;
  };
  struct Limits {
    std::size_t in_flight_max = 600;  // requests that are no watches: 429 past it
    std::size_t watches_max = 20000;
  };
  WireServer(Parts parts, Limits limits);
  explicit WireServer(Parts parts) : WireServer(std::move(parts), Limits()) {}
  ~WireServer();

  using Route = std::function<void(CallRef)>;
  /// Paths that are no resources: exactly `path`, or, if it ends in '/', all below it.
  void add_route(const std::string& path, Route route);
  /// A resource that is not stored ("authorization.k8s.io", "subjectaccessreviews"), or one
  /// subresource of a stored one ("", "pods", "log"); for all of its verbs.
  void add_resource(std::string group, std::string resource, std::string subresource, Route route);

  void handle(std::unique_ptr<HttpExchange> exchange) override;

  Encoder& encoder() { return encoder_; }
  std::size_t in_flight() const { return in_flight_; }
  std::size_t watches() const { return streams_.size(); }
  /// Writes among in_flight().
  std::size_t writes_in_flight() const { return writes_in_flight_; }
  const AnswerCounts& answered() const { return answered_; }

  /// The call whose write is being made right now; null outside of one.
  const Call* current() const { return current_; }

  /// `404 page not found`, as text.
  void not_a_page(Call& call) const;
  /// A path below /api or /apis that nothing is served at.
  void not_served(Call& call) const;
  /// A JSON document in another media type.
  Result<std::string> recoded(const std::string& text, const std::string& media_type) const;
  /// The body as a document of the resource's (or subresource's) own kind, checked against the
  /// table.
  Result<nlohmann::json> read_typed(Call& call, FieldValidation validation) const;
  /// The document that a body holds, whatever its encoding; null if there is none.
  Result<nlohmann::json> read_body(const Call& call) const;
  /// How answers to this call look.
  View view_of(const Call& call) const;

 private:
  void dispatch(CallRef call);
  void serve_resource(CallRef call);
  Status check_place(const Call& call) const;
  void serve_stored(CallRef call, const api::SubresourceRow* sub);

  // resource_verbs.cpp
  void get(CallRef call, Request request);
  void list(CallRef call, Request request);
  void bind(CallRef call);
  void write(CallRef call, Request request);
  void remove(CallRef call, Request request);
  void patch(CallRef call, Request request);
  void watch(CallRef call, Request request);
  Status take_body(const Call& call, Request& request) const;
  Status take_binding(const Call& call, Request& request) const;
  void answer(CallRef call, const Request& shape, Response response);
  void submit(CallRef call, Request request);

  Parts parts_;
  const Limits limits_;
  api::ProtobufCodec protobuf_;
  Encoder encoder_;
  RandomStream& audit_ids_;
  RandomStream& timeouts_;
  std::map<std::string, Route, std::less<>> routes_;
  std::map<std::string, Route, std::less<>> resources_;  // "group/resource/subresource"
  std::unordered_map<WatchStream*, std::unique_ptr<WatchStream>> streams_;
  const Call* current_ = nullptr;
  std::size_t in_flight_ = 0, writes_in_flight_ = 0;
  AnswerCounts answered_;
};

}  // namespace orrery::apiserver
