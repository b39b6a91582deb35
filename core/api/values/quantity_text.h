// The text form of resource.Quantity: upstream's grammar, its two representations (a machine
// integer or a big decimal) and its canonical form. Quantity and the pod template hash use it;
// others want Quantity.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/api/values/decimal.h"
#include "core/base/result.h"

namespace orrery::api {

/// resource.Format: which suffixes a quantity is written with.
enum class QuantityFormat : std::uint8_t { kDecimalSI, kBinarySI, kDecimalExponent };

/// Upstream's name, e.g. "BinarySI".
std::string_view to_string(QuantityFormat format);

/// The private fields of upstream's Quantity. What ParseQuantity fills in depends on how the text
/// was written, and shows up in the pod template hash.
struct QuantityParts {
  std::int64_t number = 0;    // i.value, if !is_decimal
  std::int32_t exponent = 0;  // i.scale, if !is_decimal
  bool is_decimal = false;
  Decimal decimal;   // d, if is_decimal
  std::string text;  // s: the text kept from parsing, or ""
  QuantityFormat format = QuantityFormat::kDecimalSI;
};

/// ParseQuantity, with its error texts. Numbers of more than 5000 digits, which upstream would
/// compute for minutes, are refused as "unable to parse numeric part of quantity".
Result<QuantityParts> parse_quantity(std::string_view text);

/// Quantity.CanonicalizeBytes: number and suffix, without looking at `text`.
std::string canonical_text(const QuantityParts& parts);

/// number * 10^(exponent - target), rounded away from zero; 0 where that overflows, as upstream.
std::int64_t scaled_int(std::int64_t number, std::int32_t exponent, std::int32_t target);
/// The same for a decimal, with upstream's wrap-around and its rounding of negative numbers.
std::int64_t scaled_decimal(const Decimal& decimal, std::int32_t target);

}  // namespace orrery::api
