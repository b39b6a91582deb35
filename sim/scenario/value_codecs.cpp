// The codecs of single values: numbers, text, durations, quantities, latencies, amounts,
// comparisons.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "sim/scenario/field_table.h"
#include "sim/scenario/quantity_text.h"

namespace orrery::sim {
namespace {

std::string integer_in(Range range) {
  const Range any;
  if (range.min == 1 && range.max == any.max) return "a positive integer";
  if (range.min == 0 && range.max == any.max) return "an integer, 0 or more";
  if (range.max == any.max || range.min == any.min) return "an integer";
  return fmt::format("an integer from {} to {}", range.min, range.max);
}

bool parse_whole(std::string_view text, std::int64_t& out) {
  const char* last = text.data() + text.size();
  const auto r = std::from_chars(text.data(), last, out);
  return !text.empty() && r.ec == std::errc() && r.ptr == last;
}

bool read_duration(const Tree& t, Duration& out) {
  if (t.kind == Tree::Kind::kInt && t.integer == 0) {
    out = Duration{};
    return true;
  }
  if (!t.is_text()) return false;
  const auto parsed = parse_duration(t.text);
  if (!parsed.ok() || *parsed < Duration{}) return false;
  out = *parsed;
  return true;
}

constexpr std::pair<std::string_view, Comparison::Op> kOps[] = {
    {"==", Comparison::Op::kEqual},     {"!=", Comparison::Op::kNotEqual},
    {"<=", Comparison::Op::kLessEqual}, {">=", Comparison::Op::kGreaterEqual},
    {"<", Comparison::Op::kLess},       {">", Comparison::Op::kGreater}};

}  // namespace

template <>
std::string ValueCodec<bool>::type() {
  return "boolean";
}
template <>
void ValueCodec<bool>::read(FieldReader& r, const Tree& t, bool& out, Range) {
  if (t.kind != Tree::Kind::kBool) return r.mismatch(t, "true or false");
  out = t.boolean;
}
template <>
Tree ValueCodec<bool>::write(const bool& value) {
  return Tree::of_bool(value);
}

template <>
std::string ValueCodec<std::int64_t>::type() {
  return "integer";
}
template <>
void ValueCodec<std::int64_t>::read(FieldReader& r, const Tree& t, std::int64_t& out, Range range) {
  if (t.kind != Tree::Kind::kInt || t.integer < range.min || t.integer > range.max) {
    return r.mismatch(t, integer_in(range));
  }
  out = t.integer;
}
template <>
Tree ValueCodec<std::int64_t>::write(const std::int64_t& value) {
  return Tree::of_int(value);
}

template <>
std::string ValueCodec<std::uint64_t>::type() {
  return "integer";
}
template <>
void ValueCodec<std::uint64_t>::read(FieldReader& r, const Tree& t, std::uint64_t& out, Range) {
  if (t.kind != Tree::Kind::kUint && (t.kind != Tree::Kind::kInt || t.integer < 0)) {
    return r.mismatch(t, "an integer, 0 or more");
  }
  out = static_cast<std::uint64_t>(t.integer);
}
template <>
Tree ValueCodec<std::uint64_t>::write(const std::uint64_t& value) {
  Tree t = Tree::of_int(static_cast<std::int64_t>(value));
  if (value >> 63 != 0) t.kind = Tree::Kind::kUint;
  return t;
}

template <>
std::string ValueCodec<double>::type() {
  return "number";
}
template <>
void ValueCodec<double>::read(FieldReader& r, const Tree& t, double& out, Range range) {
  const bool is_number = t.kind == Tree::Kind::kInt || t.kind == Tree::Kind::kFloat;
  const double value = t.kind == Tree::Kind::kInt ? static_cast<double>(t.integer) : t.real;
  const bool above_zero = range.min == kPositive.min;
  if (!is_number || (above_zero && value <= 0)) {
    return r.mismatch(t, above_zero ? "a number above 0" : "a number");
  }
  out = value;
}
template <>
Tree ValueCodec<double>::write(const double& value) {
  return Tree::of_real(value);
}

template <>
std::string ValueCodec<std::string>::type() {
  return "text";
}
template <>
void ValueCodec<std::string>::read(FieldReader& r, const Tree& t, std::string& out, Range) {
  if (!t.is_text()) {
    const bool number = t.kind == Tree::Kind::kInt || t.kind == Tree::Kind::kFloat;
    return r.mismatch(t, number ? "text in quotes" : "text");
  }
  out = t.text;
}
template <>
Tree ValueCodec<std::string>::write(const std::string& value) {
  return Tree::of_text(value);
}

template <>
std::string ValueCodec<Duration>::type() {
  return "duration";
}
template <>
void ValueCodec<Duration>::read(FieldReader& r, const Tree& t, Duration& out, Range range) {
  Duration value{};
  if (!read_duration(t, value)) return r.mismatch(t, "a duration such as 30s, 5m or 1h30m");
  if (range.min == kPositive.min && value == Duration{}) {
    return r.mismatch(t, "a duration above 0 such as 30s, 5m or 1h30m");
  }
  out = value;
}
template <>
Tree ValueCodec<Duration>::write(const Duration& value) {
  return Tree::of_text(short_duration(value));
}

template <>
std::string ValueCodec<Time>::type() {
  return "time";
}
template <>
void ValueCodec<Time>::read(FieldReader& r, const Tree& t, Time& out, Range) {
  const auto parsed = t.is_text() ? parse_rfc3339(t.text) : Result<Time>(bad_request("no text"));
  if (!parsed.ok()) return r.mismatch(t, "a time such as 2026-01-01T00:00:00Z");
  out = *parsed;
}
template <>
Tree ValueCodec<Time>::write(const Time& value) {
  return Tree::of_text(format_rfc3339(value));
}

template <>
std::string ValueCodec<CpuMilli>::type() {
  return "quantity (CPU)";
}
template <>
void ValueCodec<CpuMilli>::read(FieldReader& r, const Tree& t, CpuMilli& out, Range) {
  const auto value = read_cpu(t);
  if (!value) return r.mismatch(t, "a CPU quantity such as 500m or \"2\"");
  out = *value;
}
template <>
Tree ValueCodec<CpuMilli>::write(const CpuMilli& value) {
  return Tree::of_text(cpu_text(value));
}

template <>
std::string ValueCodec<Bytes>::type() {
  return "quantity (bytes)";
}
template <>
void ValueCodec<Bytes>::read(FieldReader& r, const Tree& t, Bytes& out, Range) {
  const auto value = read_bytes(t);
  if (!value) return r.mismatch(t, "a quantity such as 128Mi or 32Gi");
  out = *value;
}
template <>
Tree ValueCodec<Bytes>::write(const Bytes& value) {
  return Tree::of_text(bytes_text(value));
}

template <>
std::string ValueCodec<LatencyModel>::type() {
  return "latency";
}
template <>
void ValueCodec<LatencyModel>::read(FieldReader& r, const Tree& t, LatencyModel& out, Range) {
  constexpr std::string_view kExpected = "a duration, or a map with p50 and p99";
  if (Duration constant{}; read_duration(t, constant)) {
    out = {constant, constant};
    return;
  }
  if (!t.is_map()) return r.mismatch(t, kExpected);
  for (const auto& [name, value] : t.members) {
    const FieldReader::Scope scope(r, name);
    if (name != "p50" && name != "p99") {
      r.error(value, "unknown field, known here: p50, p99");
    } else {
      Codec<Duration>::read(r, value, name == "p50" ? out.p50 : out.p99, kNotNegative);
    }
  }
  const Tree* p50 = t.find("p50");
  const Tree* p99 = t.find("p99");
  if (!p50) return r.error(t, "p50", "required: the median, e.g. 150ms");
  if (!p99) out.p99 = out.p50;
  if (out.p99 < out.p50) {
    r.error(p99 ? *p99 : t, "p99",
            fmt::format("must be at least p50 ({}), got {}", short_duration(out.p50),
                        short_duration(out.p99)));
  }
}
template <>
Tree ValueCodec<LatencyModel>::write(const LatencyModel& value) {
  Tree out = Tree::map();
  out.add("p50", Codec<Duration>::write(value.p50));
  out.add("p99", Codec<Duration>::write(value.p99));
  return out;
}

template <>
std::string ValueCodec<Amount>::type() {
  return "integer or percentage";
}
template <>
void ValueCodec<Amount>::read(FieldReader& r, const Tree& t, Amount& out, Range) {
  constexpr std::string_view kExpected = "an integer, 0 or more, or a percentage such as \"25%\"";
  if (t.kind == Tree::Kind::kInt && t.integer >= 0) {
    out = {t.integer, false};
    return;
  }
  std::int64_t percent = 0;
  if (!t.is_text() || !t.text.ends_with('%') ||
      !parse_whole(std::string_view(t.text).substr(0, t.text.size() - 1), percent) || percent < 0 ||
      percent > 100) {
    return r.mismatch(t, kExpected);
  }
  out = {percent, true};
}
template <>
Tree ValueCodec<Amount>::write(const Amount& value) {
  return value.is_percent ? Tree::of_text(fmt::format("{}%", value.value))
                          : Tree::of_int(value.value);
}

template <>
std::string ValueCodec<Comparison>::type() {
  return "integer or comparison";
}
template <>
void ValueCodec<Comparison>::read(FieldReader& r, const Tree& t, Comparison& out, Range) {
  if (t.kind == Tree::Kind::kInt && t.integer >= 0) {
    out = {Comparison::Op::kEqual, t.integer};
    return;
  }
  if (t.is_text()) {
    for (const auto& [sign, op] : kOps) {
      if (!t.text.starts_with(sign)) continue;
      std::string_view rest = std::string_view(t.text).substr(sign.size());
      rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
      if (std::int64_t value = 0; parse_whole(rest, value) && value >= 0) {
        out = {op, value};
        return;
      }
      break;
    }
  }
  r.mismatch(t, "an integer, 0 or more, or a comparison such as \">= 30\"");
}
template <>
Tree ValueCodec<Comparison>::write(const Comparison& value) {
  if (value.op == Comparison::Op::kEqual) return Tree::of_int(value.value);
  for (const auto& [sign, op] : kOps) {
    if (op == value.op) return Tree::of_text(fmt::format("{} {}", sign, value.value));
  }
  return {};
}

template <>
std::string ValueCodec<After>::type() {
  return "start, each-fault, each-action or a duration";
}
template <>
void ValueCodec<After>::read(FieldReader& r, const Tree& t, After& out, Range) {
  if (Duration instant{}; read_duration(t, instant)) {
    out = {After::Mark::kInstant, instant};
  } else if (t.is_text() && t.text == "start") {
    out = {};
  } else if (t.is_text() && t.text == "each-fault") {
    out = {After::Mark::kEachFault, {}};
  } else if (t.is_text() && t.text == "each-action") {
    out = {After::Mark::kEachAction, {}};
  } else {
    r.mismatch(t, "start, each-fault, each-action or a duration such as 5m");
  }
}
template <>
Tree ValueCodec<After>::write(const After& value) {
  switch (value.mark) {
    case After::Mark::kStart:
      return Tree::of_text("start");
    case After::Mark::kEachFault:
      return Tree::of_text("each-fault");
    case After::Mark::kEachAction:
      return Tree::of_text("each-action");
    case After::Mark::kInstant:
      return Codec<Duration>::write(value.instant);
  }
  return {};
}

template <>
std::string ValueCodec<Tree>::type() {
  return "map";
}
template <>
void ValueCodec<Tree>::read(FieldReader& r, const Tree& t, Tree& out, Range) {
  if (!t.is_map()) return r.mismatch(t, "a map, e.g. {spec: {paused: true}}");
  out = t;
}
template <>
Tree ValueCodec<Tree>::write(const Tree& value) {
  return value;
}

std::size_t read_enum(FieldReader& r, const Tree& t, const std::vector<std::string_view>& names,
                      std::size_t otherwise) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (t.is_text() && !names[i].empty() && t.text == names[i]) return i;
  }
  r.mismatch(t, "one of " + enum_type(names));
  return otherwise;
}

std::string enum_type(const std::vector<std::string_view>& names) {
  std::string out;
  for (const std::string_view name : names) {
    if (name.empty()) continue;
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

}  // namespace orrery::sim
