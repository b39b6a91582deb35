// QueryValues: the query of a URL, decoded, for the options of pod streams. Names keep their order
// and may repeat. Rule: reading follows apimachinery's conversion of url.Values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace orrery::apiserver {

class QueryValues {
 public:
  QueryValues() = default;
  /// `query` as it stands behind '?'. BadRequest where an escape is broken.
  static Result<QueryValues> parse(std::string_view query);

  bool has(std::string_view name) const { return find(name) != nullptr; }
  /// The first value, or "".
  std::string_view first(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  /// Absent, "0" and "false" are false; "" and all else is true.
  bool flag(std::string_view name) const;
  /// BadRequest with strconv's text where the value is no 64-bit number.
  Result<std::optional<std::int64_t>> number(std::string_view name) const;

 private:
  const std::string* find(std::string_view name) const;
  std::vector<std::pair<std::string, std::string>> values_;
};

/// strconv.ParseInt(text, 10, bits), with its errors.
Result<std::int64_t> parse_go_int(std::string_view text, int bits);

}  // namespace orrery::apiserver
