// Status: the outcome of something the outside can make fail, in Kubernetes' own terms
// (metav1.Status: reason, HTTP code, message, causes). Every layer returns it; the API server
// encodes it as is. An ok Status is one null pointer; errors are immutable and cheap to copy.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace orrery {

/// metav1.StatusReason. The names printed by `to_string` are Kubernetes' own.
enum class Reason : std::uint8_t {
  kOk,
  kBadRequest,
  kUnauthorized,
  kForbidden,
  kNotFound,
  kMethodNotAllowed,
  kNotAcceptable,
  kAlreadyExists,
  kConflict,
  kGone,
  kExpired,
  kRequestEntityTooLarge,
  kUnsupportedMediaType,
  kInvalid,
  kTooManyRequests,
  kInternalError,
  kServiceUnavailable,
  kServerTimeout,
  kTimeout,
  kUnknown,
};

std::string_view to_string(Reason reason);
/// The HTTP status code that apiserver sends with this reason, e.g. kInvalid -> 422.
int http_code(Reason reason);

/// metav1.StatusCause: one field error of an Invalid status.
struct StatusCause {
  std::string reason;   // e.g. "FieldValueRequired"
  std::string message;  // e.g. "Required value"
  std::string field;    // e.g. "spec.containers[0].image"
  bool operator==(const StatusCause&) const = default;
};

/// metav1.StatusDetails.
struct StatusDetails {
  std::string name, group, kind, uid;
  std::vector<StatusCause> causes;
  int retry_after_seconds = 0;
};

class [[nodiscard]] Status {
 public:
  Status() = default;  // ok
  Status(Reason reason, std::string message, StatusDetails details = {});

  bool ok() const { return rep_ == nullptr; }
  Reason reason() const { return rep_ ? rep_->reason : Reason::kOk; }
  int code() const { return http_code(reason()); }
  const std::string& message() const;
  const StatusDetails& details() const;
  bool is(Reason r) const { return reason() == r; }

  /// The same error with `prefix` before its message: "prefix: message".
  Status with_prefix(std::string_view prefix) const;

 private:
  struct Rep {
    Reason reason;
    std::string message;
    StatusDetails details;
  };
  std::shared_ptr<const Rep> rep_;
};

// The errors that core makes itself, with apiserver's texts.
// `resource` is the plural resource with its group, e.g. "pods" or "deployments.apps".
Status bad_request(std::string message);
Status internal_error(std::string message);
Status not_found(std::string_view resource, std::string_view name);
Status already_exists(std::string_view resource, std::string_view name);
/// `Operation cannot be fulfilled on RESOURCE "NAME": WHY`
Status conflict(std::string_view resource, std::string_view name, std::string_view why);

}  // namespace orrery

/// Returns from the enclosing function with the Status where `expression` is not ok.
#define RETURN_IF_ERROR(expression)                                                \
  do {                                                                             \
    if (::orrery::Status status__ = (expression); !status__.ok()) return status__; \
  } while (false)
