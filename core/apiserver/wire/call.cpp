#include "core/apiserver/wire/call.h"

#include <fmt/format.h>

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

// The verb as upstream's metrics write it.
std::string_view metric_verb(const RequestInfo& info, const HttpRequest& request) {
  if (info.verb == "list") return "LIST";
  if (info.verb == "watch") return "WATCH";
  const bool applies = request.method == "PATCH" &&
                       request.header("content-type").starts_with("application/apply-patch");
  if (applies) return "APPLY";
  for (const std::string_view known : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    if (request.method == known) return known;
  }
  return "other";
}

std::string_view metric_scope(const RequestInfo& info) {
  if (!info.is_resource) return "";
  if (!info.name.empty() || info.verb == "create") return "resource";
  return info.space.empty() ? "cluster" : "namespace";
}

}  // namespace

void Call::count(int status) const {
  if (!counts) return;
  // Only names that are served become labels: what clients make up must not fill the memory.
  const RequestInfo& i = info;
  const std::string_view group = served ? std::string_view(i.group) : std::string_view();
  const std::string_view version = served ? std::string_view(i.version) : std::string_view();
  const std::string_view resource = served ? std::string_view(i.resource) : std::string_view();
  const bool has_sub = served && served->row && served->row->subresource(i.subresource);
  const std::string_view sub = has_sub ? std::string_view(i.subresource) : std::string_view();
  ++(*counts)[fmt::format(
      "verb=\"{}\",group=\"{}\",version=\"{}\",resource=\"{}\","
      "subresource=\"{}\",scope=\"{}\",code=\"{}\"",
      metric_verb(i, request()), group, version, resource, sub, metric_scope(i), status)];
}

HttpReply Call::head(int status, std::string content_type) const {
  count(status);
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
