#include "core/api/values/quantity_text.h"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace orrery::api {
namespace {

constexpr std::int32_t kNano = -9;
constexpr std::int64_t kInt64Max = INT64_MAX;
constexpr std::size_t kDigitsMax = Decimal::kExponentGapMax;

Status wrong_format() {
  return bad_request(
      "quantities must match the regular expression "
      "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
}
Status wrong_number() { return bad_request("unable to parse numeric part of quantity"); }
Status wrong_suffix() { return bad_request("unable to parse quantity's suffix"); }

struct Suffix {
  std::string_view text;
  std::int32_t base;
  std::int32_t exponent;
};
constexpr std::array<Suffix, 16> kSuffixes = {{{"", 10, 0},
                                               {"m", 10, -3},
                                               {"Mi", 2, 20},
                                               {"Gi", 2, 30},
                                               {"Ki", 2, 10},
                                               {"k", 10, 3},
                                               {"M", 10, 6},
                                               {"G", 10, 9},
                                               {"T", 10, 12},
                                               {"P", 10, 15},
                                               {"E", 10, 18},
                                               {"n", 10, -9},
                                               {"u", 10, -6},
                                               {"Ti", 2, 40},
                                               {"Pi", 2, 50},
                                               {"Ei", 2, 60}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The pieces of [sign][zeros]whole[.fraction]suffix.
struct Pieces {
  bool negative = false;
  std::string_view whole;  // without leading zeros; "0" if there are none
  std::string_view fraction;
  std::string_view suffix;
};

std::optional<Pieces> split(std::string_view text) {
  Pieces out;
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return text.substr(start, at - start);
  };
  if (text[0] == '-' || text[0] == '+') {
    out.negative = text[0] == '-';
    ++at;
  }
  while (at < text.size() && text[at] == '0') ++at;
  out.whole = digits();
  if (out.whole.empty()) out.whole = "0";
  if (at < text.size() && text[at] == '.') {
    ++at;
    out.fraction = digits();
  }
  const std::size_t start = at;
  constexpr std::string_view kSuffixLetters = "eEinumkKMGTP";
  while (at < text.size() && kSuffixLetters.find(text[at]) != std::string_view::npos) ++at;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  digits();
  if (at < text.size()) return std::nullopt;
  out.suffix = text.substr(start);
  return out;
}

struct Unit {
  std::int32_t base;
  std::int32_t exponent;
  QuantityFormat format;
};

std::optional<Unit> unit_of(std::string_view suffix) {
  for (const Suffix& s : kSuffixes) {
    if (s.text == suffix) {
      return Unit{s.base, s.exponent,
                  s.base == 2 ? QuantityFormat::kBinarySI : QuantityFormat::kDecimalSI};
    }
  }
  if (suffix.size() < 2 || (suffix[0] != 'e' && suffix[0] != 'E')) return std::nullopt;
  suffix.remove_prefix(1);
  if (suffix[0] == '+') suffix.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto [end, error] = std::from_chars(suffix.data(), suffix.data() + suffix.size(), exponent);
  if (error != std::errc{} || end != suffix.data() + suffix.size()) return std::nullopt;
  return Unit{10, static_cast<std::int32_t>(exponent), QuantityFormat::kDecimalExponent};
}

/// How many decimal digits are left of an int64 once the number and its unit are in it.
std::int32_t digits_left(const Pieces& p, const Unit& unit) {
  const auto whole = static_cast<std::int32_t>(p.whole.size());
  const auto fraction = static_cast<std::int32_t>(p.fraction.size());
  if (unit.base == 10) return 18 - whole - fraction;
  if (fraction > 0) return -1;
  return 15 - whole - unit.exponent * 3 / 10 - 1;
}

std::int64_t to_int(std::string_view whole, std::string_view fraction) {
  std::int64_t value = 0;
  for (const char c : whole) value = value * 10 + (c - '0');
  for (const char c : fraction) value = value * 10 + (c - '0');
  return value;
}

/// The integer form, where the number is small enough for it.
std::optional<QuantityParts> parse_small(std::string_view text, const Pieces& p, const Unit& unit) {
  if (digits_left(p, unit) < 0) return std::nullopt;
  const std::int64_t scale =
      (unit.base == 10 ? unit.exponent : 0) - static_cast<std::int64_t>(p.fraction.size());
  if (scale < kNano) return std::nullopt;
  const std::int64_t digits = to_int(p.whole, p.fraction);
  std::int64_t value = digits;
  if (unit.base == 2 && __builtin_mul_overflow(digits, std::int64_t{1} << unit.exponent, &value)) {
    return std::nullopt;
  }
  QuantityParts out{.number = p.negative ? -value : value,
                    .exponent = static_cast<std::int32_t>(scale),
                    .format = unit.format};
  // Upstream keeps the text where it takes it to be canonical already.
  bool keep = false;
  if (unit.base == 2) {
    keep = (digits & 7) != 0;
  } else {
    const bool thousands = digits % 1000 == 0 && p.whole.size() + p.fraction.size() >= 3;
    keep = scale % 3 == 0 && !thousands && p.whole[0] != '0';
  }
  if (keep) out.text = text;
  return out;
}

Result<QuantityParts> parse_large(const Pieces& p, const Unit& unit) {
  if (p.whole.size() + p.fraction.size() > kDigitsMax) return wrong_number();
  const auto places = static_cast<std::int32_t>(p.fraction.size());
  std::string digits(p.whole);
  digits += p.fraction;
  Decimal amount = Decimal::from_digits(digits, -places);
  if (unit.base == 10) {
    if (unit.exponent > Decimal::kExponentGapMax && amount.sign() != 0) return wrong_number();
    const std::int64_t exponent = std::int64_t{unit.exponent} - places;
    amount.set_exponent(exponent < INT32_MIN ? INT32_MIN : static_cast<std::int32_t>(exponent));
  } else {
    amount.multiply_by_power_of_two(static_cast<std::uint32_t>(unit.exponent));
  }
  if (amount.sign() != 0) amount.round_to(kNano);
  QuantityFormat format = unit.format;
  if (format == QuantityFormat::kBinarySI) {
    const Decimal largest = Decimal::from_int(kInt64Max, 0);
    if (Decimal::compare(amount, largest) > 0) amount = largest;
    if (amount.sign() > 0 && Decimal::compare(amount, Decimal::from_int(1, 0)) < 0) {
      format = QuantityFormat::kDecimalSI;
    }
  }
  if (p.negative) amount.negate();
  return QuantityParts{.is_decimal = true, .decimal = std::move(amount), .format = format};
}

std::string suffix_text(std::int32_t base, std::int32_t exponent, QuantityFormat format) {
  if (format == QuantityFormat::kDecimalExponent) {
    return exponent == 0 ? "" : "e" + std::to_string(exponent);
  }
  for (const Suffix& s : kSuffixes) {
    if (s.base == base && s.exponent == exponent) return std::string(s.text);
  }
  return "";  // upstream, too, writes the bare number where no suffix is large enough
}

Decimal decimal_of(const QuantityParts& parts) {
  return parts.is_decimal ? parts.decimal : Decimal::from_int(parts.number, parts.exponent);
}

std::string decimal_text(const QuantityParts& parts) {
  if (!parts.is_decimal) {
    std::int64_t number = parts.number;
    std::int64_t exponent = parts.exponent;
    for (; number % 10 == 0; number /= 10) ++exponent;
    const std::int64_t extra = ((exponent % 3) + 3) % 3;
    const std::int64_t factor = extra == 0 ? 1 : extra == 1 ? 10 : 100;
    if (!__builtin_mul_overflow(number, factor, &number)) {
      return std::to_string(number) +
             suffix_text(10, static_cast<std::int32_t>(exponent - extra), parts.format);
    }
  }
  Decimal amount = decimal_of(parts);
  std::int32_t exponent = amount.exponent() + amount.remove_factors(10);
  for (; exponent % 3 != 0; --exponent) amount.multiply(10);
  return amount.coefficient_text() + suffix_text(10, exponent, parts.format);
}

}  // namespace

std::string_view to_string(QuantityFormat format) {
  switch (format) {
    case QuantityFormat::kDecimalSI:
      return "DecimalSI";
    case QuantityFormat::kBinarySI:
      return "BinarySI";
    case QuantityFormat::kDecimalExponent:
      return "DecimalExponent";
  }
  return "";
}

Result<QuantityParts> parse_quantity(std::string_view text) {
  if (text.empty()) return wrong_format();
  if (text == "0") return QuantityParts{.text = "0"};
  const std::optional<Pieces> pieces = split(text);
  if (!pieces) return wrong_format();
  const std::optional<Unit> unit = unit_of(pieces->suffix);
  if (!unit) return wrong_suffix();
  if (std::optional<QuantityParts> small = parse_small(text, *pieces, *unit)) {
    return *std::move(small);
  }
  return parse_large(*pieces, *unit);
}

std::string canonical_text(const QuantityParts& parts) {
  if (parts.is_decimal ? parts.decimal.sign() == 0 : parts.number == 0) return "0";
  QuantityParts si = parts;
  if (parts.format != QuantityFormat::kBinarySI) return decimal_text(si);
  si.format = QuantityFormat::kDecimalSI;
  // A binary number below 1024, or one with a fraction, is written as a decimal one.
  if (!parts.is_decimal && parts.exponent == 0) {
    std::int64_t number = parts.number;
    if (number > -1024 && number < 1024) return decimal_text(si);
    std::int32_t exponent = 0;
    for (; number % 1024 == 0; number /= 1024) exponent += 10;
    return std::to_string(number) + suffix_text(2, exponent, QuantityFormat::kBinarySI);
  }
  Decimal amount = decimal_of(parts);
  if (Decimal::compare(amount, Decimal::from_int(-1024, 0)) > 0 &&
      Decimal::compare(amount, Decimal::from_int(1024, 0)) < 0) {
    return decimal_text(si);
  }
  if (amount.exponent() > Decimal::kExponentGapMax) return decimal_text(si);
  if (!amount.round_to(0)) return decimal_text(si);
  const std::int32_t times = amount.remove_factors(1024);
  return amount.coefficient_text() + suffix_text(2, times * 10, QuantityFormat::kBinarySI);
}

std::int64_t scaled_int(std::int64_t number, std::int32_t exponent, std::int32_t target) {
  std::int64_t gap = std::int64_t{exponent} - target;
  std::int64_t value = number;
  bool exact = true;
  for (; gap < 0 && value != 0; ++gap) {
    exact &= value % 10 == 0;
    value /= 10;
  }
  if (!exact) value += number > 0 ? 1 : -1;
  for (; gap > 0 && value != 0; --gap) {
    if (__builtin_mul_overflow(value, std::int64_t{10}, &value)) return 0;
  }
  return value;
}

std::int64_t scaled_decimal(const Decimal& decimal, std::int32_t target) {
  const std::int64_t gap = std::int64_t{target} - decimal.exponent();
  const auto wrapping_add_one = [](std::int64_t v) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(v) + 1);
  };
  const std::int64_t wrapped = decimal.wrapped_coefficient();
  if (gap == 0) return wrapped;
  if (gap < 0) {
    // Go's int64(math.Pow10(19)) is the smallest int64 on amd64.
    const std::int64_t factor = -gap > 18 ? INT64_MIN : scaled_int(1, static_cast<int>(-gap), 0);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(wrapped) *
                                     static_cast<std::uint64_t>(factor));
  }
  if (gap < 19 && Decimal::compare(Decimal::from_int(kInt64Max, decimal.exponent()), decimal) > 0) {
    const std::int64_t divisor = scaled_int(1, static_cast<int>(gap), 0);
    return wrapped / divisor + (wrapped % divisor != 0 ? 1 : 0);
  }
  Decimal quotient = decimal;
  const bool exact = quotient.divide_by_power_of_ten(static_cast<std::uint32_t>(gap));
  const std::int64_t whole = quotient.wrapped_coefficient();
  return exact || decimal.sign() < 0 ? whole : wrapping_add_one(whole);
}

}  // namespace orrery::api
