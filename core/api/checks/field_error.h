// FieldErrors: what is wrong with an object, field by field, in the words of upstream's
// field.ErrorList. The checks fill it, the API server turns it into a Status with invalid_status().
// The order of the errors is part of the answer: add them in upstream's order.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/checks/field_path.h"
#include "core/api/values/quoted.h"
#include "core/base/status.h"

namespace orrery::api {

struct FieldError {
  enum class Type : std::uint8_t {
    kRequired,
    kInvalid,
    kNotSupported,
    kDuplicate,
    kForbidden,
    kTooLong,
    kTooMany,
    kNotFound,
    kTypeInvalid,
    kInternal,
  };
  Type type;
  std::string field;
  std::string bad_value;  // as printed; empty where the type shows none
  std::string detail;

  /// "Invalid value: 0: must be between 1 and 65535, inclusive"
  std::string body() const;
  /// "spec.x: " and the body
  std::string text() const;
  /// metav1.CauseType, e.g. "FieldValueInvalid"
  std::string_view cause() const;
};

class FieldErrors {
 public:
  using Names = std::initializer_list<std::string_view>;

  void required(const Path& path, std::string_view detail = {});
  void invalid(const Path& path, std::string_view value, std::string_view detail);
  void invalid(const Path& path, std::int64_t value, std::string_view detail);
  /// `value` is printed as it is; empty prints none.
  void invalid_raw(const Path& path, std::string value, std::string_view detail);
  /// One `invalid` for each message.
  void invalid_each(const Path& path, std::string_view value,
                    const std::vector<std::string>& messages);
  void not_supported(const Path& path, std::string_view value, Names supported);
  void not_supported_raw(const Path& path, std::string value, Names supported);
  void duplicate(const Path& path, std::string_view value);
  void duplicate_raw(const Path& path, std::string value, std::string_view detail = {});
  void forbidden(const Path& path, std::string_view detail);
  void not_found(const Path& path, std::string_view value, std::string_view detail = {});
  void too_long(const Path& path, std::size_t bytes_max);
  void too_many(const Path& path, std::size_t actual, std::size_t items_max);
  void add(FieldError error) { list_.push_back(std::move(error)); }
  void append(FieldErrors other);

  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  const std::vector<FieldError>& list() const { return list_; }
  /// As field.ErrorList.ToAggregate().Error(): one error plain, several as "[a, b]", equal texts
  /// once.
  std::string message() const;

 private:
  void push(FieldError::Type type, const Path& path, std::string value, std::string_view detail);
  std::vector<FieldError> list_;
};

/// apierrors.NewInvalid: 422 `Pod "x" is invalid: ...`; the kind reads "Deployment.apps" with a
/// group.
Status invalid_status(std::string_view kind, std::string_view group, std::string_view name,
                      const FieldErrors& errors);

}  // namespace orrery::api
