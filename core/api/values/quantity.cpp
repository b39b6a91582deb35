#include "core/api/values/quantity.h"

#include <algorithm>
#include <optional>

namespace orrery::api {

struct Quantity::Box {
  std::uint32_t count = 1;
  QuantityParts parts;
};

const Quantity::Box& Quantity::box() const { return *reinterpret_cast<const Box*>(word_); }
std::uint32_t* Quantity::count() const { return &reinterpret_cast<Box*>(word_)->count; }
void Quantity::drop() { delete reinterpret_cast<Box*>(word_); }

Quantity::Quantity(QuantityParts parts) : format_(parts.format) {
  const bool odd_text = !parts.text.empty() && parts.text != canonical_text(parts);
  if (!odd_text) {
    parts.text.clear();
    if (!parts.is_decimal) {
      word_ = parts.number;
      exponent_ = parts.exponent;
      return;
    }
    Decimal stripped = parts.decimal;
    const std::int32_t zeros = stripped.remove_factors(10);
    const std::optional<std::int64_t> number = stripped.coefficient();
    if (number && zeros <= UINT16_MAX) {
      word_ = *number;
      exponent_ = parts.decimal.exponent();
      zeros_ = static_cast<std::uint16_t>(zeros);
      form_ = Form::kDecimal;
      return;
    }
  }
  word_ = reinterpret_cast<std::int64_t>(new Box{1, std::move(parts)});
  form_ = Form::kBoxed;
}

Result<Quantity> Quantity::parse(std::string_view text) {
  Result<QuantityParts> parts = parse_quantity(text);
  if (!parts.ok()) return parts.status();
  return Quantity(*std::move(parts));
}

Quantity Quantity::from_value(std::int64_t value, Format format) {
  Quantity q;
  q.word_ = value;
  q.format_ = format;
  return q;
}

Quantity Quantity::from_milli(std::int64_t value, Format format) {
  Quantity q = from_value(value, format);
  q.exponent_ = -3;
  return q;
}

QuantityParts Quantity::parts() const {
  if (form_ == Form::kBoxed) return box().parts;
  if (form_ == Form::kDecimal) {
    return {.is_decimal = true, .decimal = decimal(), .format = format_};
  }
  return {.number = word_, .exponent = exponent_, .format = format_};
}

Decimal Quantity::decimal() const {
  if (form_ == Form::kBoxed && box().parts.is_decimal) return box().parts.decimal;
  if (form_ == Form::kBoxed) return Decimal::from_int(box().parts.number, box().parts.exponent);
  Decimal out = Decimal::from_int(word_, exponent_);
  out.multiply_by_power_of_ten(zeros_);
  return out;
}

std::int64_t Quantity::scaled(std::int32_t target) const {
  if (form_ == Form::kInt) return scaled_int(word_, exponent_, target);
  if (form_ == Form::kBoxed && !box().parts.is_decimal) {
    return scaled_int(box().parts.number, box().parts.exponent, target);
  }
  if (form_ == Form::kDecimal && word_ >= 0 && exponent_ <= target &&
      exponent_ + zeros_ >= target) {
    // Exact and not negative, so wrapping around is all that can happen.
    std::uint64_t value = static_cast<std::uint64_t>(word_);
    for (std::int32_t n = exponent_ + zeros_ - target; n > 0; --n) value *= 10;
    return static_cast<std::int64_t>(value);
  }
  return scaled_decimal(decimal(), target);
}

int Quantity::sign() const {
  if (form_ == Form::kBoxed) {
    const QuantityParts& p = box().parts;
    return p.is_decimal ? p.decimal.sign() : (p.number > 0) - (p.number < 0);
  }
  return (word_ > 0) - (word_ < 0);
}

int Quantity::cmp(const Quantity& other) const {
  if (form_ != Form::kBoxed && other.form_ != Form::kBoxed) {
    const std::int64_t gap =
        std::int64_t{exponent_} + zeros_ - (std::int64_t{other.exponent_} + other.zeros_);
    if (gap >= -18 && gap <= 18) {
      __int128 a = word_;
      __int128 b = other.word_;
      if (gap > 0) a *= scaled_int(1, static_cast<int>(gap), 0);
      if (gap < 0) b *= scaled_int(1, static_cast<int>(-gap), 0);
      return (a > b) - (a < b);
    }
  }
  return Decimal::compare(decimal(), other.decimal());
}

std::string Quantity::to_string() const {
  if (form_ == Form::kBoxed && !box().parts.text.empty()) return box().parts.text;
  return canonical_text(parts());
}

Quantity& Quantity::add(const Quantity& other, bool negate) {
  QuantityParts a = parts();
  const QuantityParts b = other.parts();
  a.text.clear();
  if (is_zero()) a.format = b.format;
  if (!a.is_decimal && !b.is_decimal) {
    const std::int64_t number =
        negate ? static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(b.number)) : b.number;
    if (number == 0) return *this = Quantity(std::move(a));
    if (a.number == 0) {
      a.number = number;
      a.exponent = b.exponent;
      return *this = Quantity(std::move(a));
    }
    const std::int32_t exponent = std::min(a.exponent, b.exponent);
    const std::int64_t left = scaled_int(a.number, a.exponent, exponent);
    const std::int64_t right = scaled_int(number, b.exponent, exponent);
    std::int64_t sum = 0;
    if (left != 0 && right != 0 && !__builtin_add_overflow(left, right, &sum)) {
      a.number = sum;
      a.exponent = exponent;
      return *this = Quantity(std::move(a));
    }
  }
  Decimal right = other.decimal();
  if (negate) right.negate();
  a.decimal = Decimal::sum(decimal(), std::move(right));
  a.is_decimal = true;
  return *this = Quantity(std::move(a));
}

bool operator==(const Quantity& a, const Quantity& b) {
  if (a.form_ == b.form_ && a.word_ == b.word_ && a.exponent_ == b.exponent_ &&
      a.zeros_ == b.zeros_ && a.format_ == b.format_) {
    return true;
  }
  return a.cmp(b) == 0 && a.to_string() == b.to_string();
}

}  // namespace orrery::api
