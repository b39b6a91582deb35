#include "core/apiserver/wire/call.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/api/protobuf/protobuf.h"
#include "core/api/yaml/yaml.h"
#include "core/apiserver/response_body.h"

namespace orrery::apiserver {
namespace {

// RFC 7234's quoted-string, as net.NewWarningHeader writes it.
std::string warning_value(const std::string& text) {
  std::string value = "299 - \"";
  for (const char c : text) {
    if (c == '"' || c == '\\') value.push_back('\\');
    if (static_cast<unsigned char>(c) >= 0x20) value.push_back(c);
  }
  value.push_back('"');
  return value;
}

std::string encoded(const nlohmann::json& status, Encoding encoding,
                    const api::ProtobufCodec* protobuf) {
  if (encoding == Encoding::kYaml) return api::json_to_yaml(status);
  if (encoding == Encoding::kProtobuf) {
    Result<std::string> body = protobuf->encode_body(status);
    if (body.ok()) return std::move(*body);
  }
  return status.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

HttpReply Call::head(int status, std::string content_type) const {
  HttpReply reply;
  reply.status = status;
  reply.headers.push_back({"Audit-Id", audit_id});
  reply.headers.push_back({"Cache-Control", "no-cache, private"});
  reply.headers.push_back({"Content-Type", std::move(content_type)});
  for (const std::string& w : warnings) reply.headers.push_back({"Warning", warning_value(w)});
  return reply;
}

void Call::reply(int status, std::string content_type, std::string body) {
  HttpReply reply = head(status, std::move(content_type));
  reply.body = std::move(body);
  exchange->reply(std::move(reply));
}

void Call::reply_shared(int status, std::string content_type, BlobRef body) {
  HttpReply reply = head(status, std::move(content_type));
  reply.shared = std::move(body);
  exchange->reply(std::move(reply));
}

void Call::fail(const Status& status) {
  Wanted plain = wanted;
  plain.shaping = Shaping::kObject;
  if (plain.encoding == Encoding::kProtobuf && !protobuf) plain.encoding = Encoding::kJson;
  HttpReply reply = head(status.code(), content_type_of(plain, false));
  if (const int seconds = status.details().retry_after_seconds; seconds > 0) {
    reply.headers.push_back({"Retry-After", std::to_string(seconds)});
  }
  reply.body = encoded(status_body(status), plain.encoding, protobuf);
  exchange->reply(std::move(reply));
}

Status unknown_resource() {
  return Status(Reason::kNotFound, "the server could not find the requested resource");
}

Status method_not_allowed() {
  return Status(Reason::kMethodNotAllowed,
                "the server does not allow this method on the requested resource");
}

}  // namespace orrery::apiserver
