// Quantity: resource.Quantity, e.g. 500m, 1.5Gi, 12e6. One 16-byte value; only numbers beyond int64
// and texts that upstream keeps although they are not canonical ("+1G", "01") need a shared box
// behind it. Arithmetic, rounding, overflow and text follow upstream, its oddities included. Like
// Text and Ref, a Quantity belongs to one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/api/values/quantity_text.h"
#include "core/base/result.h"

namespace orrery::api {

class Quantity {
 public:
  using Format = QuantityFormat;

  Quantity() = default;  // zero, DecimalSI
  Quantity(const Quantity& o)
      : word_(o.word_),
        exponent_(o.exponent_),
        zeros_(o.zeros_),
        format_(o.format_),
        form_(o.form_) {
    if (form_ == Form::kBoxed) ++*count();
  }
  Quantity(Quantity&& o) noexcept { swap(o); }
  Quantity& operator=(Quantity o) noexcept {
    swap(o);
    return *this;
  }
  ~Quantity() {
    if (form_ == Form::kBoxed && --*count() == 0) drop();
  }

  /// ParseQuantity, with its error texts.
  static Result<Quantity> parse(std::string_view text);
  static Quantity from_value(std::int64_t value, Format format = Format::kDecimalSI);
  /// value / 1000.
  static Quantity from_milli(std::int64_t value, Format format = Format::kDecimalSI);

  /// Rounded up to a whole number; 0 or wrapped around where int64 is too small, as upstream.
  std::int64_t value() const { return form_ == Form::kInt && exponent_ == 0 ? word_ : scaled(0); }
  /// A thousandth as the unit, otherwise as value().
  std::int64_t milli_value() const {
    return form_ == Form::kInt && exponent_ == -3 ? word_ : scaled(-3);
  }

  int sign() const;  // -1, 0, 1
  bool is_zero() const { return sign() == 0; }
  /// By amount, whatever the format: -1, 0, 1.
  int cmp(const Quantity& other) const;
  Format format() const { return format_; }
  /// What upstream would write into JSON.
  std::string to_string() const;

  /// Sums take the left side's format; a zero takes the other's.
  Quantity& operator+=(const Quantity& other) { return add(other, false); }
  Quantity& operator-=(const Quantity& other) { return add(other, true); }
  friend Quantity operator+(Quantity a, const Quantity& b) { return std::move(a += b); }
  friend Quantity operator-(Quantity a, const Quantity& b) { return std::move(a -= b); }
  /// The same amount written the same way; cmp() == 0 is the weaker question.
  friend bool operator==(const Quantity& a, const Quantity& b);

  /// Everything spelled out, as parse_quantity would give it (the kept text only if not canonical).
  QuantityParts parts() const;

 private:
  enum class Form : std::uint8_t {
    kInt,      // word_ * 10^exponent_
    kDecimal,  // word_ * 10^zeros_ * 10^exponent_, upstream's big form
    kBoxed,    // word_ is a Box*
  };
  struct Box;

  explicit Quantity(QuantityParts parts);
  void swap(Quantity& o) noexcept {
    std::swap(word_, o.word_);
    std::swap(exponent_, o.exponent_);
    std::swap(zeros_, o.zeros_);
    std::swap(format_, o.format_);
    std::swap(form_, o.form_);
  }
  const Box& box() const;
  std::uint32_t* count() const;
  void drop();
  std::int64_t scaled(std::int32_t target) const;
  Decimal decimal() const;
  Quantity& add(const Quantity& other, bool negate);

  std::int64_t word_ = 0;
  std::int32_t exponent_ = 0;
  std::uint16_t zeros_ = 0;
  Format format_ = Format::kDecimalSI;
  Form form_ = Form::kInt;
};
static_assert(sizeof(Quantity) == 16);

}  // namespace orrery::api
