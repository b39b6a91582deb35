#include "core/apiserver/streams/status_text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace orrery::apiserver {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string exit_message(int code) {
  return fmt::format("command terminated with non-zero exit code: exit status {}", code);
}

std::string start_error(const ExecExit& exit) {
  return "error executing command in container: " + exit.error;
}

Json details_json(const StatusDetails& details) {
  Json out = Json::object();
  for (const auto& [key, value] : {std::pair("name", details.name),
                                   {"group", details.group},
                                   {"kind", details.kind},
                                   {"uid", details.uid}}) {
    if (!value.empty()) out[key] = value;
  }
  for (const StatusCause& cause : details.causes) {
    Json one = Json::object();
    if (!cause.reason.empty()) one["reason"] = cause.reason;
    if (!cause.message.empty()) one["message"] = cause.message;
    if (!cause.field.empty()) one["field"] = cause.field;
    out["causes"].push_back(std::move(one));
  }
  if (details.retry_after_seconds > 0) out["retryAfterSeconds"] = details.retry_after_seconds;
  return out;
}

}  // namespace

std::string exit_status_json(const ExecExit& exit) {
  Json out;
  out["metadata"] = Json::object();
  if (exit.error.empty() && exit.code == 0) {
    out["status"] = "Success";
    return dump(out);
  }
  out["status"] = "Failure";
  if (exit.error.empty()) {
    out["message"] = exit_message(exit.code);
    out["reason"] = "NonZeroExitCode";
    out["details"]["causes"].push_back(
        {{"reason", "ExitCode"}, {"message", std::to_string(exit.code)}});
    return dump(out);
  }
  out["message"] = "Internal error occurred: " + start_error(exit);
  out["reason"] = "InternalError";
  out["details"]["causes"].push_back({{"message", start_error(exit)}});
  out["code"] = 500;
  return dump(out);
}

std::string exit_status_text(const ExecExit& exit) {
  if (!exit.error.empty()) return "Internal error occurred: " + start_error(exit);
  return exit.code == 0 ? std::string() : exit_message(exit.code);
}

HttpReply status_reply(const Status& status) {
  Json out;
  out["kind"] = "Status";
  out["apiVersion"] = "v1";
  out["metadata"] = Json::object();
  out["status"] = "Failure";
  out["message"] = status.message();
  out["reason"] = to_string(status.reason());
  if (Json details = details_json(status.details()); !details.empty()) {
    out["details"] = std::move(details);
  }
  out["code"] = status.code();
  HttpReply reply;
  reply.status = status.code();
  reply.headers.push_back({"Content-Type", "application/json"});
  reply.body = dump(out) + "\n";
  return reply;
}

HttpReply text_reply(int code, std::string text) {
  HttpReply reply;
  reply.status = code;
  reply.headers.push_back({"Content-Type", "text/plain; charset=utf-8"});
  reply.body = std::move(text);
  return reply;
}

}  // namespace orrery::apiserver
