#include "sim/benchmarks/go_template.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace orrery::sim {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t trim_right(std::string& text) {
  while (!text.empty() && is_space(text.back())) text.pop_back();
  return text.size();
}

Result<double> number_of(const TemplateValue& value) {
  switch (value.kind) {
    case TemplateValue::Kind::kInt:
      return static_cast<double>(value.integer);
    case TemplateValue::Kind::kFloat:
      return value.real;
    case TemplateValue::Kind::kText: {
      double out = 0;
      const char* end = value.text.data() + value.text.size();
      const auto parsed = std::from_chars(value.text.data(), end, out);
      if (parsed.ec == std::errc() && parsed.ptr == end) return out;
      break;
    }
    case TemplateValue::Kind::kBool:
      break;
  }
  return bad_request(fmt::format("\"{}\" is no number", value.printed()));
}

}  // namespace

TemplateValue TemplateValue::of_int(std::int64_t value) {
  TemplateValue out;
  out.integer = value;
  return out;
}
TemplateValue TemplateValue::of_real(double value) {
  TemplateValue out;
  out.kind = Kind::kFloat;
  out.real = value;
  return out;
}
TemplateValue TemplateValue::of_text(std::string value) {
  TemplateValue out;
  out.kind = Kind::kText;
  out.text = std::move(value);
  return out;
}
TemplateValue TemplateValue::of_bool(bool value) {
  TemplateValue out;
  out.kind = Kind::kBool;
  out.boolean = value;
  return out;
}

std::string TemplateValue::printed() const {
  switch (kind) {
    case Kind::kInt:
      return fmt::format("{}", integer);
    case Kind::kFloat:
      return std::trunc(real) == real && std::fabs(real) < 1e15
                 ? fmt::format("{}", static_cast<std::int64_t>(real))
                 : fmt::format("{}", real);
    case Kind::kText:
      return text;
    case Kind::kBool:
      return boolean ? "true" : "false";
  }
  return "";
}

// Reads the texts and actions of one template.
class GoTemplate::Parser {
 public:
  Parser(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  Result<GoTemplate> parse() {
    GoTemplate out;
    out.file_ = file_;
    std::string before;
    while (at_ < text_.size()) {
      const std::size_t open = text_.find("{{", at_);
      before += text_.substr(at_, std::min(open, text_.size()) - at_);
      advance(std::min(open, text_.size()));
      if (open == std::string_view::npos) break;
      RETURN_IF_ERROR(read_action(out, before));
    }
    out.rest_ = std::move(before);
    return out;
  }

 private:
  void advance(std::size_t to) {
    line_ += static_cast<int>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                         text_.begin() + static_cast<std::ptrdiff_t>(to), '\n'));
    at_ = to;
  }

  Status error(std::string_view what) const {
    return bad_request(fmt::format("{}:{}: template: {}", file_, line_, what));
  }

  // at_ stands on "{{". Comments are dropped; `{{-` and `-}}` trim as in Go.
  Status read_action(GoTemplate& out, std::string& before) {
    const std::size_t close = text_.find("}}", at_);
    if (close == std::string_view::npos) return error("an action {{ has no end }}");
    std::string_view body = text_.substr(at_ + 2, close - at_ - 2);
    if (body.starts_with("- ")) {
      trim_right(before);
      body.remove_prefix(2);
    }
    const bool trims_after = body.ends_with(" -");
    if (trims_after) body.remove_suffix(2);
    if (!body.starts_with("/*")) {
      body_ = body;
      Action action;
      action.line = line_;
      Result<Term> term = read_call(false);
      if (!term.ok()) return term.status();
      action.term = std::move(*term);
      action.before = std::move(before);
      before.clear();
      out.actions_.push_back(std::move(action));
    }
    advance(close + 2);
    while (trims_after && at_ < text_.size() && is_space(text_[at_])) advance(at_ + 1);
    return Status();
  }

  void skip_space() {
    while (!body_.empty() && is_space(body_.front())) body_.remove_prefix(1);
  }

  // One term, or a function with its arguments up to the end or the closing bracket.
  Result<Term> read_call(bool in_brackets) {
    Result<Term> first = read_term();
    if (!first.ok()) return first;
    for (;;) {
      skip_space();
      if (body_.empty() || body_.front() == ')') {
        if (in_brackets == body_.empty()) return error("brackets do not match");
        if (in_brackets) body_.remove_prefix(1);
        return first;
      }
      if (first->kind != Term::Kind::kCall) {
        return error(fmt::format("\"{}\" is not understood here", body_));
      }
      Result<Term> argument = read_term();
      if (!argument.ok()) return argument;
      first->arguments.push_back(std::move(*argument));
    }
  }

  Result<Term> read_term() {
    skip_space();
    if (body_.empty()) return error("an empty action");
    if (body_.front() == '(') {
      body_.remove_prefix(1);
      return read_call(true);
    }
    if (body_.front() == '"') return read_quoted();
    std::size_t n = body_.front() == '.' || body_.front() == '-' ? 1 : 0;
    while (n < body_.size() && (is_name(body_[n]) || body_[n] == '.')) ++n;
    const std::string word(body_.substr(0, n));
    body_.remove_prefix(n);
    Term term;
    if (word.size() > 1 && word.front() == '.' && word.find('.', 1) == std::string::npos) {
      term.kind = Term::Kind::kField;
      term.name = word.substr(1);
      return term;
    }
    if (!word.empty() && (word.front() == '-' || (word.front() >= '0' && word.front() <= '9'))) {
      return read_number(word);
    }
    if (word == "true" || word == "false") {
      term.value = TemplateValue::of_bool(word == "true");
      return term;
    }
    term.kind = Term::Kind::kCall;
    term.name = word;
    const std::vector<TemplateValue> none;
    if (word.empty() || call(word, none).status().is(Reason::kNotFound)) {
      return error(fmt::format("\"{}\" is no field and no function that is known",
                               word.empty() ? std::string(body_) : word));
    }
    return term;
  }

  Result<Term> read_quoted() {
    const std::size_t end = body_.find('"', 1);
    if (end == std::string_view::npos) return error("a text has no closing quote");
    Term term;
    term.value = TemplateValue::of_text(std::string(body_.substr(1, end - 1)));
    body_.remove_prefix(end + 1);
    return term;
  }

  Result<Term> read_number(const std::string& word) {
    Term term;
    const char* end = word.data() + word.size();
    std::int64_t integer = 0;
    if (const auto r = std::from_chars(word.data(), end, integer); r.ptr == end) {
      term.value = TemplateValue::of_int(integer);
      return term;
    }
    double real = 0;
    if (const auto r = std::from_chars(word.data(), end, real); r.ptr == end) {
      term.value = TemplateValue::of_real(real);
      return term;
    }
    return error(fmt::format("\"{}\" is no number", word));
  }

  std::string_view text_;
  std::string file_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::string_view body_;
};

Result<GoTemplate> GoTemplate::parse(std::string_view text, const std::string& file) {
  return Parser(text, file).parse();
}

// The functions that scheduler_perf adds (create.go, getTemplateFuncs). NotFound: no such function.
Result<TemplateValue> GoTemplate::call(const std::string& name,
                                       const std::vector<TemplateValue>& arguments) {
  static constexpr std::string_view kOperations[] = {"Add", "Subtract", "Multiply", "Divide"};
  const bool is_mod = name == "Mod";
  std::string_view operation = name;
  const bool is_int = operation.ends_with("Int");
  if (is_int) operation.remove_suffix(3);
  const bool is_float = operation.ends_with("Float");
  if (is_float) operation.remove_suffix(5);
  const auto* found = std::find(std::begin(kOperations), std::end(kOperations), operation);
  if (!is_mod && (is_int == is_float || found == std::end(kOperations))) {
    return not_found("functions", name);
  }
  const bool takes_any = operation == "Add" || operation == "Multiply";
  if (!takes_any && arguments.size() != 2) {
    return bad_request(fmt::format("{} takes two numbers", name));
  }
  std::vector<double> numbers;
  for (const TemplateValue& argument : arguments) {
    Result<double> number = number_of(argument);
    if (!number.ok()) return number.status().with_prefix(name);
    numbers.push_back(*number);
  }
  double out = operation == "Multiply" ? 1 : 0;
  if (takes_any) {
    for (const double n : numbers) out = operation == "Add" ? out + n : out * n;
  } else if (operation == "Subtract") {
    out = numbers[0] - numbers[1];
  } else {
    if (static_cast<std::int64_t>(numbers[1]) == 0 && (is_mod || numbers[1] == 0)) {
      return bad_request(fmt::format("{}: division by zero", name));
    }
    out = is_mod ? static_cast<double>(static_cast<std::int64_t>(numbers[0]) %
                                       static_cast<std::int64_t>(numbers[1]))
                 : numbers[0] / numbers[1];
  }
  return is_float ? TemplateValue::of_real(out)
                  : TemplateValue::of_int(static_cast<std::int64_t>(out));
}

Result<TemplateValue> GoTemplate::evaluate(const Term& term, const TemplateValues& values) const {
  if (term.kind == Term::Kind::kValue) return term.value;
  if (term.kind == Term::Kind::kField) {
    for (const auto& [name, value] : values) {
      if (name == term.name) return value;
    }
    return bad_request(fmt::format("no value for .{}", term.name));
  }
  std::vector<TemplateValue> arguments;
  for (const Term& argument : term.arguments) {
    Result<TemplateValue> value = evaluate(argument, values);
    if (!value.ok()) return value;
    arguments.push_back(std::move(*value));
  }
  return call(term.name, arguments);
}

Result<std::string> GoTemplate::render(const TemplateValues& values) const {
  std::string out;
  for (const Action& action : actions_) {
    out += action.before;
    Result<TemplateValue> value = evaluate(action.term, values);
    if (!value.ok()) {
      return value.status().with_prefix(fmt::format("{}:{}: template", file_, action.line));
    }
    out += value->printed();
  }
  return out + rest_;
}

}  // namespace orrery::sim
