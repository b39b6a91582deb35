#include "core/api/values/selector.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/api/values/label_syntax.h"
#include "core/api/values/quoted.h"
#include "core/api/values/selector_parser.h"

namespace orrery::api {
namespace {

using Operator = Selector::Operator;

/// strconv.ParseInt(text, 10, 64).
std::optional<std::int64_t> parse_int(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The values as JSON, as field errors show a list; Go's nil slice is null.
std::string list_text(const std::vector<Symbol>& values) {
  if (values.empty()) return "null";
  std::string out;
  for (const Symbol v : values) out += (out.empty() ? "[" : ",") + quoted(v.view());
  return out + "]";
}

std::optional<Operator> operator_of(std::string_view name, bool of_node) {
  if (name == "In") return Operator::kIn;
  if (name == "NotIn") return Operator::kNotIn;
  if (name == "Exists") return Operator::kExists;
  if (name == "DoesNotExist") return Operator::kDoesNotExist;
  if (of_node && name == "Gt") return Operator::kGreaterThan;
  if (of_node && name == "Lt") return Operator::kLessThan;
  return std::nullopt;
}

/// What is wrong with the number and kind of the values.
void check_values(Operator op, const std::vector<Symbol>& values,
                  std::vector<std::string>& problems) {
  const auto wrong = [&](const char* why) {
    problems.push_back(fmt::format("values: Invalid value: {}: {}", list_text(values), why));
  };
  switch (op) {
    case Operator::kIn:
    case Operator::kNotIn:
      if (values.empty()) wrong("for 'in', 'notin' operators, values set can't be empty");
      break;
    case Operator::kEquals:
    case Operator::kDoubleEquals:
    case Operator::kNotEquals:
      if (values.size() != 1) wrong("exact-match compatibility requires one single value");
      break;
    case Operator::kExists:
    case Operator::kDoesNotExist:
      if (!values.empty()) wrong("values set must be empty for exists and does not exist");
      break;
    case Operator::kGreaterThan:
    case Operator::kLessThan:
      if (values.size() != 1) wrong("for 'Gt', 'Lt' operators, exactly one value is required");
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (parse_int(values[i].view())) continue;
        problems.push_back(fmt::format(
            "values[{}]: Invalid value: {}: for 'Gt', 'Lt' operators, the value must be an integer",
            i, quoted(values[i].view())));
      }
      break;
  }
}

/// field.ErrorList.ToAggregate: duplicates once, brackets around more than one.
Status aggregate(const std::vector<std::string>& problems) {
  std::vector<std::string> distinct;
  for (const std::string& p : problems) {
    if (std::find(distinct.begin(), distinct.end(), p) == distinct.end()) distinct.push_back(p);
  }
  if (distinct.size() == 1) return bad_request(distinct[0]);
  return bad_request(fmt::format("[{}]", fmt::join(distinct, ", ")));
}

std::string_view operator_text(Operator op) {
  switch (op) {
    case Operator::kEquals:
      return "=";
    case Operator::kDoubleEquals:
      return "==";
    case Operator::kNotEquals:
      return "!=";
    case Operator::kIn:
      return " in ";
    case Operator::kNotIn:
      return " notin ";
    case Operator::kGreaterThan:
      return ">";
    case Operator::kLessThan:
      return "<";
    case Operator::kExists:
    case Operator::kDoesNotExist:
      return "";
  }
  return "";
}

std::string requirement_text(const Selector::Requirement& r) {
  std::string out = r.op == Operator::kDoesNotExist ? "!" : "";
  out += r.key.view();
  out += operator_text(r.op);
  const bool set = r.op == Operator::kIn || r.op == Operator::kNotIn;
  if (set) out += '(';
  std::vector<Symbol> sorted = r.values;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i > 0) out += ',';
    out += sorted[i].view();
  }
  if (set) out += ')';
  return out;
}

}  // namespace

Result<Selector::Requirement> make_requirement(Symbol key, Operator op,
                                               std::vector<Symbol> values) {
  std::vector<std::string> problems;
  if (const auto wrong = label_key_problems(key.view()); !wrong.empty()) {
    problems.push_back(
        fmt::format("key: Invalid value: {}: {}", quoted(key.view()), fmt::join(wrong, "; ")));
  }
  check_values(op, values, problems);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (const auto wrong = label_value_problems(values[i].view()); !wrong.empty()) {
      problems.push_back(fmt::format("values[{}][{}]: Invalid value: {}: {}", i, key.view(),
                                     quoted(values[i].view()), fmt::join(wrong, "; ")));
    }
  }
  if (!problems.empty()) return aggregate(problems);
  Selector::Requirement out{.key = key, .op = op, .values = std::move(values)};
  if (op == Operator::kGreaterThan || op == Operator::kLessThan) {
    out.bound = *parse_int(out.values[0].view());
  }
  return out;
}

bool Selector::Requirement::matches(const Labels& labels) const {
  const Symbol* value = labels.find(key);
  switch (op) {
    case Operator::kEquals:
    case Operator::kDoubleEquals:
      return value && *value == values[0];
    case Operator::kNotEquals:
      return !value || *value != values[0];
    case Operator::kExists:
      return value != nullptr;
    case Operator::kDoesNotExist:
      return value == nullptr;
    case Operator::kIn:
      return value && std::find(values.begin(), values.end(), *value) != values.end();
    case Operator::kNotIn:
      return !value || std::find(values.begin(), values.end(), *value) == values.end();
    case Operator::kGreaterThan:
    case Operator::kLessThan: {
      const std::optional<std::int64_t> number = value ? parse_int(value->view()) : std::nullopt;
      if (!number) return false;
      return op == Operator::kGreaterThan ? *number > bound : *number < bound;
    }
  }
  return false;
}

std::optional<Symbol> Selector::Requirement::required_value() const {
  const bool exact =
      op == Operator::kEquals || op == Operator::kDoubleEquals || op == Operator::kIn;
  if (exact && values.size() == 1) return values[0];
  return std::nullopt;
}

Selector Selector::nothing() {
  Selector out;
  out.nothing_ = true;
  return out;
}

Selector::Selector(std::vector<Requirement> requirements) : requirements_(std::move(requirements)) {
  std::stable_sort(requirements_.begin(), requirements_.end(),
                   [](const Requirement& a, const Requirement& b) { return a.key < b.key; });
}

Result<Selector> Selector::from(const LabelSelector& selector) {
  std::vector<Requirement> out;
  for (const auto& [key, value] : selector.match_labels) {
    Result<Requirement> r = make_requirement(key, Operator::kEquals, {value});
    if (!r.ok()) return r.status();
    out.push_back(*std::move(r));
  }
  for (const LabelSelectorRequirement& e : selector.match_expressions) {
    const std::optional<Operator> op = operator_of(e.operator_.view(), false);
    if (!op) {
      return bad_request(
          fmt::format("{} is not a valid label selector operator", quoted(e.operator_.view())));
    }
    Result<Requirement> r = make_requirement(e.key, *op, e.values);
    if (!r.ok()) return r.status();
    out.push_back(*std::move(r));
  }
  return Selector(std::move(out));
}

Result<Selector> Selector::from_node_expressions(
    const std::vector<LabelSelectorRequirement>& expressions) {
  if (expressions.empty()) return nothing();
  std::vector<Requirement> out;
  for (const LabelSelectorRequirement& e : expressions) {
    const std::optional<Operator> op = operator_of(e.operator_.view(), true);
    if (!op) {
      return bad_request(
          fmt::format("operator: Unsupported value: {}: supported values: \"DoesNotExist\", "
                      "\"Exists\", \"Gt\", \"In\", \"Lt\", \"NotIn\"",
                      quoted(e.operator_.view())));
    }
    Result<Requirement> r = make_requirement(e.key, *op, e.values);
    if (!r.ok()) return r.status();
    out.push_back(*std::move(r));
  }
  return Selector(std::move(out));
}

Selector Selector::from_set(const std::vector<std::pair<Symbol, Symbol>>& labels) {
  std::vector<Requirement> out;
  for (const auto& [key, value] : labels) out.push_back({.key = key, .values = {value}});
  return Selector(std::move(out));
}

Result<Selector> Selector::parse(std::string_view text) {
  Result<std::vector<Requirement>> requirements = parse_requirements(text);
  if (!requirements.ok()) return requirements.status();
  return Selector(*std::move(requirements));
}

std::optional<Symbol> Selector::required_value(Symbol key) const {
  for (const Requirement& r : requirements_) {
    if (r.key == key) return r.required_value();
  }
  return std::nullopt;
}

std::string Selector::to_string() const {
  std::string out;
  for (const Requirement& r : requirements_) {
    if (!out.empty()) out += ',';
    out += requirement_text(r);
  }
  return out;
}

}  // namespace orrery::api
