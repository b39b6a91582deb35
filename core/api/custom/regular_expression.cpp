#include "core/api/custom/regular_expression.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "core/api/custom/pattern_parser.h"

namespace orrery::api {

// Thompson's construction: each node's steps follow each other, the last falls through.
class PatternCompiler {
 public:
  explicit PatternCompiler(RegularExpression& out) : out_(out) {}
  /// False where the program would grow past kStepsMax.
  bool compile(const PatternNode& node) {
    emit(node);
    add(RegularExpression::Op::kMatch);
    return !too_large_;
  }

 private:
  static constexpr std::size_t kStepsMax = 50'000;

  std::uint32_t add(RegularExpression::Op op, std::uint32_t x = 0, std::uint32_t y = 0) {
    if (out_.program_.size() >= kStepsMax) {
      too_large_ = true;
      return 0;
    }
    out_.program_.push_back({op, x, y});
    return static_cast<std::uint32_t>(out_.program_.size() - 1);
  }
  std::uint32_t here() const { return static_cast<std::uint32_t>(out_.program_.size()); }
  void emit(const PatternNode& node);
  void emit_choice(const PatternNode& node);
  void emit_repeat(const PatternNode& node);
  RegularExpression::Assertion assertion_of(char c) const;

  RegularExpression& out_;
  bool too_large_ = false;
};

RegularExpression::Assertion PatternCompiler::assertion_of(char c) const {
  using Assertion = RegularExpression::Assertion;
  switch (c) {
    case '^':
      return Assertion::kTextBegin;
    case '$':
      return Assertion::kTextEnd;
    case '<':
      return Assertion::kLineBegin;
    case '>':
      return Assertion::kLineEnd;
    case 'b':
      return Assertion::kWordBoundary;
    default:
      return Assertion::kNoWordBoundary;
  }
}

void PatternCompiler::emit(const PatternNode& node) {
  if (too_large_) return;
  using Op = RegularExpression::Op;
  switch (node.kind) {
    case PatternNode::Kind::kEmpty:
      return;
    case PatternNode::Kind::kSet: {
      RegularExpression::Set set;
      for (const auto& [first, last] : node.set) set.push_back({first, last});
      out_.sets_.push_back(std::move(set));
      add(Op::kSet, static_cast<std::uint32_t>(out_.sets_.size() - 1));
      return;
    }
    case PatternNode::Kind::kSequence:
      for (const PatternNode& child : node.children) emit(child);
      return;
    case PatternNode::Kind::kChoice:
      return emit_choice(node);
    case PatternNode::Kind::kRepeat:
      return emit_repeat(node);
    case PatternNode::Kind::kAssert:
      add(Op::kAssert, static_cast<std::uint32_t>(assertion_of(node.assertion)));
      return;
  }
}

void PatternCompiler::emit_choice(const PatternNode& node) {
  using Op = RegularExpression::Op;
  std::vector<std::uint32_t> jumps;
  for (std::size_t i = 0; i < node.children.size() && !too_large_; ++i) {
    const bool last = i + 1 == node.children.size();
    const std::uint32_t split = last ? 0 : add(Op::kSplit, here() + 1);
    emit(node.children[i]);
    if (last || too_large_) break;
    jumps.push_back(add(Op::kJump));
    out_.program_[split].y = here();
  }
  for (const std::uint32_t jump : jumps) out_.program_[jump].x = here();
}

void PatternCompiler::emit_repeat(const PatternNode& node) {
  using Op = RegularExpression::Op;
  const PatternNode& child = node.children.front();
  for (int i = 0; i < node.min; ++i) emit(child);
  if (node.max < 0) {
    const std::uint32_t split = add(Op::kSplit, here() + 1);
    emit(child);
    add(Op::kJump, split);
    out_.program_[split].y = here();
    return;
  }
  std::vector<std::uint32_t> splits;
  for (int i = node.min; i < node.max && !too_large_; ++i) {
    splits.push_back(add(Op::kSplit, here() + 1));
    emit(child);
  }
  for (const std::uint32_t split : splits) out_.program_[split].y = here();
}

Result<RegularExpression> RegularExpression::compile(std::string_view pattern) {
  PatternParser parser(pattern);
  PatternNode root;
  if (!parser.parse(root)) return bad_request(parser.error());
  RegularExpression out;
  if (!PatternCompiler(out).compile(root)) {
    return bad_request("error parsing regexp: expression too large: `" + std::string(pattern) +
                       "`");
  }
  return out;
}

// Runs all alternatives at once: the list of steps that stand before the next rune.
class PatternSearch {
 public:
  PatternSearch(const RegularExpression& expression, std::string_view text)
      : expression_(expression), text_(text), seen_(expression.program_.size(), 0) {}
  bool run();

 private:
  static constexpr char32_t kNone = 0xFFFFFFFF;  // before the begin or after the end

  void enter(std::uint32_t step, std::vector<std::uint32_t>& list);
  bool holds(RegularExpression::Assertion assertion) const;
  bool in_set(std::uint32_t set, char32_t rune) const;
  void look_at(std::size_t at);

  const RegularExpression& expression_;
  std::string_view text_;
  std::vector<std::uint32_t> seen_;  // the round in which a step was entered
  std::vector<std::uint32_t> stack_;
  std::uint32_t round_ = 0;
  char32_t before_ = kNone, next_ = kNone;
  std::size_t width_ = 0;
  bool matched_ = false;
};

bool PatternSearch::holds(RegularExpression::Assertion assertion) const {
  using Assertion = RegularExpression::Assertion;
  const auto word = [](char32_t c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  switch (assertion) {
    case Assertion::kTextBegin:
      return before_ == kNone;
    case Assertion::kTextEnd:
      return next_ == kNone;
    case Assertion::kLineBegin:
      return before_ == kNone || before_ == '\n';
    case Assertion::kLineEnd:
      return next_ == kNone || next_ == '\n';
    case Assertion::kWordBoundary:
      return word(before_) != word(next_);
    case Assertion::kNoWordBoundary:
      return word(before_) == word(next_);
  }
  return false;
}

bool PatternSearch::in_set(std::uint32_t set, char32_t rune) const {
  const auto& ranges = expression_.sets_[set];
  const auto it =
      std::upper_bound(ranges.begin(), ranges.end(), rune,
                       [](char32_t c, const RegularExpression::Range& r) { return c < r.first; });
  return it != ranges.begin() && rune <= std::prev(it)->last;
}

void PatternSearch::look_at(std::size_t at) {
  next_ = kNone;
  width_ = 0;
  if (at < text_.size()) std::tie(next_, width_) = front_rune(text_.substr(at));
}

void PatternSearch::enter(std::uint32_t first, std::vector<std::uint32_t>& list) {
  using Op = RegularExpression::Op;
  stack_.push_back(first);
  while (!stack_.empty()) {
    const std::uint32_t at = stack_.back();
    stack_.pop_back();
    if (seen_[at] == round_) continue;
    seen_[at] = round_;
    const RegularExpression::Step& step = expression_.program_[at];
    switch (step.op) {
      case Op::kSet:
        list.push_back(at);
        break;
      case Op::kSplit:
        stack_.push_back(step.y);
        stack_.push_back(step.x);
        break;
      case Op::kJump:
        stack_.push_back(step.x);
        break;
      case Op::kAssert:
        if (holds(static_cast<RegularExpression::Assertion>(step.x))) stack_.push_back(at + 1);
        break;
      case Op::kMatch:
        matched_ = true;
        stack_.clear();
        return;
    }
  }
}

bool PatternSearch::run() {
  std::vector<std::uint32_t> now, next;
  std::size_t at = 0;
  look_at(at);
  round_ = 1;
  for (;;) {
    enter(0, now);
    if (matched_) return true;
    if (next_ == kNone) return false;
    const char32_t rune = next_;
    at += width_;
    before_ = rune;
    look_at(at);
    ++round_;
    next.clear();
    for (const std::uint32_t step : now) {
      if (in_set(expression_.program_[step].x, rune)) enter(step + 1, next);
      if (matched_) return true;
    }
    now.swap(next);
  }
}

bool RegularExpression::matches(std::string_view text) const {
  return PatternSearch(*this, text).run();
}

}  // namespace orrery::api
