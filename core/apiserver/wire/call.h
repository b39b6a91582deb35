// Call: one request on its way through the server: what it is, who sends it, how its answer is to
// look, and the exchange to answer on. It travels by unique_ptr through the continuations of its
// work; destroyed unanswered, the client is sent 500.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/apiserver/auth/user.h"
#include "core/apiserver/catalog.h"
#include "core/apiserver/wire/negotiation.h"
#include "core/apiserver/wire/request_info.h"
#include "core/base/status.h"
#include "core/ports/http_exchange.h"

namespace orrery::api {
class ProtobufCodec;
}

namespace orrery::apiserver {

/// How many requests were answered, by apiserver_request_total's labels:
/// `verb="LIST",group="",version="v1",resource="pods",subresource="",scope="namespace",code="200"`.
using AnswerCounts = std::map<std::string, std::uint64_t>;

struct Call {
  std::unique_ptr<HttpExchange> exchange;
  RequestInfo info;
  Query query;
  User user;
  Wanted wanted;
  const Served* served = nullptr;  // of requests for resources
  std::string audit_id;
  std::vector<std::string> warnings;
  const api::ProtobufCodec* protobuf = nullptr;
  AnswerCounts* counts = nullptr;

  const HttpRequest& request() const { return exchange->request(); }

  /// Answers with the server's usual headers.
  void reply(int status, std::string content_type, std::string body);
  void reply_shared(int status, std::string content_type, BlobRef body);
  /// metav1.Status, in the encoding that the client asked for where it can.
  void fail(const Status& status);
  /// Headers of every answer: Audit-Id, Cache-Control, Content-Type, Warning.
  HttpReply head(int status, std::string content_type) const;
  /// Counts the answer; head() does.
  void count(int status) const;
};

using CallRef = std::unique_ptr<Call>;

/// `the server could not find the requested resource`
Status unknown_resource();
/// `the server does not allow this method on the requested resource`
Status method_not_allowed();

}  // namespace orrery::apiserver
