#include "sim/scenario/quantity_text.h"

#include <fmt/format.h>

#include <limits>
#include <string_view>
#include <utility>

#include "core/api/values/quantity.h"

namespace orrery::sim {
namespace {

using api::Quantity;

// As Kubernetes reads it, but nothing for negative ones and for those without a digit before the
// suffix
// ("Gi", "e3"), which Kubernetes takes for 0: in a scenario they are slips.
std::optional<Quantity> quantity_of(const Tree& value) {
  const bool is_number = value.kind == Tree::Kind::kInt || value.kind == Tree::Kind::kFloat;
  if (!value.is_text() && !is_number) return std::nullopt;
  const std::string text = value.is_text() ? value.text : to_json_text(value);
  const std::size_t first = text.find_first_not_of("+.");
  if (first == std::string::npos || text[first] < '0' || text[first] > '9') return std::nullopt;
  auto parsed = Quantity::parse(text);
  if (!parsed.ok() || parsed->sign() < 0) return std::nullopt;
  return std::move(parsed).value();
}

// Kubernetes caps larger amounts to it silently; here they are refused.
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

}  // namespace

std::optional<CpuMilli> read_cpu(const Tree& value) {
  const auto quantity = quantity_of(value);
  if (!quantity || quantity->cmp(Quantity::from_milli(kMost)) >= 0) return std::nullopt;
  return CpuMilli{quantity->milli_value()};
}

std::optional<Bytes> read_bytes(const Tree& value) {
  const auto quantity = quantity_of(value);
  if (!quantity || quantity->cmp(Quantity::from_value(kMost)) >= 0) return std::nullopt;
  return Bytes{quantity->value()};
}

std::string cpu_text(CpuMilli value) {
  return value.milli % 1000 == 0 ? fmt::format("{}", value.milli / 1000)
                                 : fmt::format("{}m", value.milli);
}

std::string bytes_text(Bytes value) {
  constexpr std::string_view kUnits[] = {"", "Ki", "Mi", "Gi", "Ti"};
  std::size_t unit = 0;
  std::int64_t n = value.bytes;
  while (n != 0 && n % 1024 == 0 && unit + 1 < std::size(kUnits)) {
    n /= 1024;
    ++unit;
  }
  return fmt::format("{}{}", n, kUnits[unit]);
}

std::string short_duration(Duration value) {
  std::string text = format_duration(value);
  if (text.ends_with("m0s")) text.resize(text.size() - 2);
  if (text.ends_with("h0m")) text.resize(text.size() - 2);
  return text;
}

}  // namespace orrery::sim
