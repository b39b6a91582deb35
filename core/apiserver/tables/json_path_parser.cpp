// The grammar of JsonPath: steps that start with '.', or stand in brackets.
#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "core/api/values/quoted.h"
#include "core/apiserver/tables/json_path.h"

namespace orrery::apiserver {

namespace {
constexpr int kDepthMax = 32;  // filters in filters; upstream has no limit
}

class JsonPathParser {
 public:
  explicit JsonPathParser(std::string_view text) : text_(text) {}

  Result<JsonPath> parse() {
    JsonPath out;
    RETURN_IF_ERROR(read_steps(out.steps_));
    if (at_ != text_.size()) return fail("unexpected character");
    return out;
  }

 private:
  using Step = JsonPath::Step;
  using Steps = JsonPath::Steps;
  using Kind = JsonPath::StepKind;
  using Compare = JsonPath::Compare;

  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool is_one_of(std::string_view stops) const {
    return stops.find(text_[at_]) != std::string_view::npos;
  }
  bool take(std::string_view what) {
    if (!text_.substr(at_).starts_with(what)) return false;
    at_ += what.size();
    return true;
  }
  void skip_space() {
    while (peek() == ' ' || peek() == '\t') ++at_;
  }
  Status fail(std::string_view why) const {
    return bad_request(fmt::format("JSONPath {}: {} at {}", api::quoted(text_), why, at_));
  }

  Status read_steps(Steps& out) {
    take("$") || take("@");
    while (!done() && (peek() == '.' || peek() == '[')) {
      RETURN_IF_ERROR(peek() == '[' ? read_bracket(out) : read_dot(out));
    }
    return {};
  }

  Status read_dot(Steps& out) {
    if (take("..")) {
      out.push_back({.kind = Kind::kRecursive});
    } else {
      ++at_;
    }
    if (take("*")) {
      out.push_back({.kind = Kind::kAll});
      return {};
    }
    std::string name;
    while (!done() && !is_one_of(" .[]()=!<>\"'*,:")) {
      if (peek() == '\\' && at_ + 1 < text_.size()) ++at_;
      name += text_[at_++];
    }
    if (!name.empty()) out.push_back({.kind = Kind::kField, .field = std::move(name)});
    return {};
  }

  Status read_bracket(Steps& out) {
    ++at_;
    skip_space();
    if (take("?(")) return read_filter(out);
    std::vector<Steps> branches;
    do {
      skip_space();
      Steps branch;
      RETURN_IF_ERROR(read_selection(branch));
      branches.push_back(std::move(branch));
      skip_space();
    } while (take(","));
    if (!take("]")) return fail("unterminated array");
    if (branches.size() == 1) {
      for (Step& step : branches.front()) out.push_back(std::move(step));
    } else {
      out.push_back({.kind = Kind::kUnion, .branches = std::move(branches)});
    }
    return {};
  }

  Status read_selection(Steps& out) {
    if (take("*")) {
      out.push_back({.kind = Kind::kAll});
      return {};
    }
    if (peek() == '\'' || peek() == '"') {
      Result<std::string> name = read_quoted();
      if (!name.ok()) return name.status();
      out.push_back({.kind = Kind::kField, .field = std::move(*name)});
      return {};
    }
    if (peek() == '.' || peek() == '@') return read_steps(out);
    return read_slice(out);
  }

  std::optional<std::int64_t> read_integer() {
    std::int64_t value = 0;
    const auto [end, error] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc()) return std::nullopt;
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }

  Status read_slice(Steps& out) {
    Step step{.kind = Kind::kSlice};
    step.first = read_integer();
    if (take(":")) {
      step.last = read_integer();
      if (take(":")) step.stride = read_integer().value_or(1);
    } else if (step.first) {
      step.is_index = true;
    } else {
      return fail("invalid array index");
    }
    if (step.stride <= 0) return fail("step must be > 0");
    out.push_back(std::move(step));
    return {};
  }

  Result<std::string> read_quoted() {
    const char quote = text_[at_++];
    std::string out;
    while (!done() && peek() != quote) {
      if (peek() == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_++];
    }
    if (done()) return fail("unterminated quoted string");
    ++at_;
    return out;
  }

  Status read_filter(Steps& out) {
    if (++depth_ > kDepthMax) return fail("too deeply nested");
    Step step{.kind = Kind::kFilter};
    step.sides.resize(2);
    RETURN_IF_ERROR(read_operand(step.sides[0]));
    skip_space();
    step.compare = read_compare();
    if (step.compare != Compare::kExists) RETURN_IF_ERROR(read_operand(step.sides[1]));
    skip_space();
    if (!take(")]")) return fail("unterminated filter");
    --depth_;
    out.push_back(std::move(step));
    return {};
  }

  Compare read_compare() {
    if (take("==")) return Compare::kEqual;
    if (take("!=")) return Compare::kNotEqual;
    if (take("<=")) return Compare::kLessEqual;
    if (take(">=")) return Compare::kGreaterEqual;
    if (take("<")) return Compare::kLess;
    return take(">") ? Compare::kGreater : Compare::kExists;
  }

  Status read_operand(JsonPath::Operand& out) {
    skip_space();
    if (peek() == '\'' || peek() == '"') {
      Result<std::string> value = read_quoted();
      if (!value.ok()) return value.status();
      out.literal =
          nlohmann::json(*value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
      return {};
    }
    if (peek() == '@' || peek() == '.' || peek() == '$' || peek() == '[') {
      return read_steps(out.path);
    }
    const std::size_t begin = at_;
    while (!done() && !is_one_of(" )=!<>")) ++at_;
    out.literal = text_.substr(begin, at_ - begin);
    const nlohmann::json value = nlohmann::json::parse(out.literal, nullptr, false);
    if (!value.is_number() && !value.is_boolean()) return fail("unrecognized operand");
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

Result<JsonPath> JsonPath::parse(std::string_view text) { return JsonPathParser(text).parse(); }

}  // namespace orrery::apiserver
