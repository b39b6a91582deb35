#include "core/base/status.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "core/base/check.h"

namespace orrery {
namespace {

struct ReasonRow {
  std::string_view name;
  int code;
};

// In the order of the enum. Codes: k8s.io/apimachinery/pkg/api/errors.
constexpr std::array<ReasonRow, 20> kReasons{{
    {"", 200},
    {"BadRequest", 400},
    {"Unauthorized", 401},
    {"Forbidden", 403},
    {"NotFound", 404},
    {"MethodNotAllowed", 405},
    {"NotAcceptable", 406},
    {"AlreadyExists", 409},
    {"Conflict", 409},
    {"Gone", 410},
    {"Expired", 410},
    {"RequestEntityTooLarge", 413},
    {"UnsupportedMediaType", 415},
    {"Invalid", 422},
    {"TooManyRequests", 429},
    {"InternalError", 500},
    {"ServiceUnavailable", 503},
    {"ServerTimeout", 500},
    {"Timeout", 504},
    {"", 500},
}};

StatusDetails details_of(std::string_view resource, std::string_view name) {
  const auto dot = resource.find('.');
  StatusDetails details;
  details.name = name;
  details.kind = resource.substr(0, dot);
  if (dot != std::string_view::npos) details.group = resource.substr(dot + 1);
  return details;
}

}  // namespace

std::string_view to_string(Reason reason) {
  return kReasons[static_cast<std::size_t>(reason)].name;
}

int http_code(Reason reason) { return kReasons[static_cast<std::size_t>(reason)].code; }

Status::Status(Reason reason, std::string message, StatusDetails details)
    : rep_(std::make_shared<const Rep>(Rep{reason, std::move(message), std::move(details)})) {
  CHECK(reason != Reason::kOk);
}

const std::string& Status::message() const {
  static const std::string kEmpty;
  return rep_ ? rep_->message : kEmpty;
}

const StatusDetails& Status::details() const {
  static const StatusDetails kEmpty;
  return rep_ ? rep_->details : kEmpty;
}

Status Status::with_prefix(std::string_view prefix) const {
  if (ok()) return *this;
  return Status(reason(), fmt::format("{}: {}", prefix, message()), details());
}

Status bad_request(std::string message) { return Status(Reason::kBadRequest, std::move(message)); }

Status internal_error(std::string message) {
  return Status(Reason::kInternalError, std::move(message));
}

Status not_found(std::string_view resource, std::string_view name) {
  return Status(Reason::kNotFound, fmt::format("{} \"{}\" not found", resource, name),
                details_of(resource, name));
}

Status already_exists(std::string_view resource, std::string_view name) {
  return Status(Reason::kAlreadyExists, fmt::format("{} \"{}\" already exists", resource, name),
                details_of(resource, name));
}

Status conflict(std::string_view resource, std::string_view name, std::string_view why) {
  return Status(Reason::kConflict,
                fmt::format("Operation cannot be fulfilled on {} \"{}\": {}", resource, name, why),
                details_of(resource, name));
}

}  // namespace orrery
