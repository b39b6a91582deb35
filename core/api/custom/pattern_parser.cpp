#include "core/api/custom/pattern_parser.h"

#include <algorithm>
#include <tuple>

#include "core/api/values/utf8.h"

namespace orrery::api {
namespace {

constexpr char32_t kRuneMax = 0x10FFFF;
constexpr int kNestingMax = 500;  // Go allows 1000
constexpr int kRepeatMax = 1000;  // Go's

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Nested counts multiply: Go refuses more than 1000 copies.
bool repeat_is_valid(const PatternNode& node, int copies) {
  if (node.kind == PatternNode::Kind::kRepeat) {
    if (node.max == 0) return true;
    const int count = node.max < 0 ? node.min : node.max;
    if (count > copies) return false;
    if (count > 0) copies /= count;
  }
  return std::all_of(node.children.begin(), node.children.end(),
                     [&](const PatternNode& child) { return repeat_is_valid(child, copies); });
}

struct NamedClass {
  std::string_view name;
  RuneRanges ranges;
};

const std::vector<NamedClass>& posix_classes() {
  static const std::vector<NamedClass> kClasses{
      {"alnum", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}},
      {"alpha", {{'A', 'Z'}, {'a', 'z'}}},
      {"ascii", {{0, 0x7F}}},
      {"blank", {{'\t', '\t'}, {' ', ' '}}},
      {"cntrl", {{0, 0x1F}, {0x7F, 0x7F}}},
      {"digit", {{'0', '9'}}},
      {"graph", {{'!', '~'}}},
      {"lower", {{'a', 'z'}}},
      {"print", {{' ', '~'}}},
      {"punct", {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}},
      {"space", {{'\t', '\r'}, {' ', ' '}}},
      {"upper", {{'A', 'Z'}}},
      {"word", {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}},
      {"xdigit", {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}},
  };
  return kClasses;
}

// ASCII exactly; beyond it every rune counts as a letter.
const std::vector<NamedClass>& unicode_classes() {
  static const std::vector<NamedClass> kClasses{
      {"L", {{'A', 'Z'}, {'a', 'z'}, {0xAA, kRuneMax}}},
      {"Lu", {{'A', 'Z'}}},
      {"Ll", {{'a', 'z'}}},
      {"N", {{'0', '9'}}},
      {"Nd", {{'0', '9'}}},
      {"P",
       {{'!', '#'},
        {'%', '*'},
        {',', '/'},
        {':', ';'},
        {'?', '@'},
        {'[', ']'},
        {'_', '_'},
        {'{', '{'},
        {'}', '}'}}},
      {"S",
       {{'$', '$'},
        {'+', '+'},
        {'<', '>'},
        {'^', '^'},
        {'`', '`'},
        {'|', '|'},
        {'~', '~'},
        {0xA2, 0xA9}}},
      {"Z", {{' ', ' '}, {0xA0, 0xA0}, {0x2000, 0x200A}, {0x3000, 0x3000}}},
  };
  return kClasses;
}

void append(RuneRanges& to, const RuneRanges& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

RuneRanges normalized(RuneRanges ranges, bool fold) {
  if (fold) {
    const std::size_t count = ranges.size();
    for (std::size_t i = 0; i < count; ++i) {
      for (const auto& [low, high, other] : {std::tuple{'a', 'z', -32}, std::tuple{'A', 'Z', 32}}) {
        const char32_t first = std::max(ranges[i].first, static_cast<char32_t>(low));
        const char32_t last = std::min(ranges[i].second, static_cast<char32_t>(high));
        if (first > last) continue;
        const auto shift = static_cast<char32_t>(other);
        ranges.emplace_back(first + shift, last + shift);
      }
    }
  }
  std::sort(ranges.begin(), ranges.end());
  RuneRanges out;
  for (const auto& [first, last] : ranges) {
    if (!out.empty() && first <= out.back().second + 1) {
      out.back().second = std::max(out.back().second, last);
    } else {
      out.emplace_back(first, last);
    }
  }
  return out;
}

RuneRanges complement(const RuneRanges& ranges) {
  RuneRanges out;
  char32_t next = 0;
  for (const auto& [first, last] : ranges) {
    if (first > next) out.emplace_back(next, first - 1);
    next = last + 1;
  }
  if (next <= kRuneMax) out.emplace_back(next, kRuneMax);
  return out;
}

std::pair<char32_t, std::size_t> front_rune(std::string_view text) {
  const std::size_t size = utf8_sequence_length(text);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (size == 0) return {0xFFFD, 1};
  if (size == 1) return {byte(0), 1};
  char32_t rune = byte(0) & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) rune = (rune << 6) | (byte(i) & 0x3FU);
  return {rune, size};
}

bool PatternParser::fail(std::string_view code, std::string_view part) {
  error_ = "error parsing regexp: ";
  error_.append(code).append(": `").append(part).append("`");
  return false;
}

char32_t PatternParser::take_rune() {
  const auto [rune, size] = front_rune(rest_);
  rest_.remove_prefix(size);
  return rune;
}

void PatternParser::set_of(PatternNode& out, RuneRanges ranges, bool negated) {
  out.kind = PatternNode::Kind::kSet;
  out.set = normalized(std::move(ranges), flags_.fold);
  if (negated) out.set = complement(out.set);
}

bool PatternParser::parse(PatternNode& out) {
  if (!is_utf8(pattern_)) {
    error_ = "error parsing regexp: invalid UTF-8";
    return false;
  }
  if (!parse_choice(out, 0)) return false;
  if (!rest_.empty()) return fail("unexpected )", pattern_);
  return true;
}

bool PatternParser::parse_choice(PatternNode& out, int depth) {
  if (depth > kNestingMax) return fail("expression nests too deeply", pattern_);
  out.kind = PatternNode::Kind::kChoice;
  for (;;) {
    out.children.emplace_back();
    if (!parse_sequence(out.children.back(), depth)) return false;
    if (!rest_.starts_with('|')) return true;
    rest_.remove_prefix(1);
  }
}

bool PatternParser::parse_sequence(PatternNode& out, int depth) {
  out.kind = PatternNode::Kind::kSequence;
  while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
    PatternNode atom;
    if (!parse_atom(atom, depth)) return false;
    if (!parse_repeats(atom)) return false;
    out.children.push_back(std::move(atom));
  }
  return true;
}

bool PatternParser::parse_atom(PatternNode& out, int depth) {
  switch (rest_.front()) {
    case '(':
      return parse_group(out, depth);
    case '[':
      return parse_class(out);
    case '\\':
      return parse_escape(out);
    case '*':
    case '+':
    case '?':
      return fail("missing argument to repetition operator", rest_.substr(0, 1));
    case '.':
      rest_.remove_prefix(1);
      out.kind = PatternNode::Kind::kSet;
      out.set = flags_.dot_all ? complement({}) : complement({{'\n', '\n'}});
      return true;
    case '^':
    case '$':
      out.kind = PatternNode::Kind::kAssert;
      out.assertion = rest_.front();
      if (flags_.lines) out.assertion = rest_.front() == '^' ? '<' : '>';
      rest_.remove_prefix(1);
      return true;
    default: {
      const char32_t rune = take_rune();
      set_of(out, {{rune, rune}}, false);
      return true;
    }
  }
}

bool PatternParser::parse_group(PatternNode& out, int depth) {
  const Flags outer = flags_;
  rest_.remove_prefix(1);
  if (rest_.starts_with('?')) {
    bool is_group = false;
    if (!parse_flags(is_group)) return false;
    if (!is_group) return true;  // (?i): the flags stay until the enclosing group ends
  }
  if (!parse_choice(out, depth + 1)) return false;
  if (!rest_.starts_with(')')) return fail("missing closing )", pattern_);
  rest_.remove_prefix(1);
  flags_ = outer;
  return true;
}

bool PatternParser::parse_flags(bool& is_group) {
  const std::string_view whole = rest_;
  rest_.remove_prefix(1);
  if (rest_.starts_with("P<") || rest_.starts_with('<')) {
    const std::size_t open = rest_.find('<'), close = rest_.find('>');
    if (close == std::string_view::npos)
      return fail("invalid named capture", "(" + std::string(whole));
    const std::string_view name = rest_.substr(open + 1, close - open - 1);
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_word)) {
      return fail("invalid named capture", "(?" + std::string(rest_.substr(0, close + 1)));
    }
    rest_.remove_prefix(close + 1);
    is_group = true;
    return true;
  }
  bool on = true, any = false;
  for (; !rest_.empty(); rest_.remove_prefix(1)) {
    const char c = rest_.front();
    if (c == 'i') {
      flags_.fold = on;
    } else if (c == 'm') {
      flags_.lines = on;
    } else if (c == 's') {
      flags_.dot_all = on;
    } else if (c == '-' && on) {
      on = false;
      any = false;
      continue;
    } else if ((c == ':' || c == ')') && (on || any)) {
      is_group = c == ':';
      rest_.remove_prefix(1);
      return true;
    } else if (c != 'U') {
      break;
    }
    any = true;
  }
  const std::size_t read = std::min(whole.size(), whole.size() - rest_.size() + 1);
  return fail("invalid or unsupported Perl syntax", "(" + std::string(whole.substr(0, read)));
}

bool PatternParser::parse_repeats(PatternNode& node) {
  bool repeated = false;
  const std::string_view begin = rest_;
  while (!rest_.empty()) {
    int min = 0, max = -1;
    bool is_count = false;
    const char c = rest_.front();
    if (c == '*' || c == '+' || c == '?') {
      min = c == '+' ? 1 : 0;
      max = c == '?' ? 1 : -1;
      rest_.remove_prefix(1);
    } else if (c == '{') {
      if (!parse_count(min, max, is_count)) return false;
      if (!is_count) return true;  // a plain brace
    } else {
      return true;
    }
    if (rest_.starts_with('?')) rest_.remove_prefix(1);  // lazy: the same answer
    if (repeated) {
      return fail("invalid nested repetition operator",
                  begin.substr(0, begin.size() - rest_.size()));
    }
    repeated = true;
    PatternNode repeat;
    repeat.kind = PatternNode::Kind::kRepeat;
    repeat.min = min;
    repeat.max = max;
    repeat.children.push_back(std::move(node));
    node = std::move(repeat);
    if (!repeat_is_valid(node, kRepeatMax)) {
      return fail("invalid repeat count", begin.substr(0, begin.size() - rest_.size()));
    }
  }
  return true;
}

bool PatternParser::parse_count(int& min, int& max, bool& is_count) {
  std::string_view text = rest_.substr(1);
  const auto number = [&](int& out) {
    std::size_t digits = 0;
    out = 0;
    for (; digits < text.size() && is_digit(text[digits]); ++digits) {
      out = std::min(out * 10 + (text[digits] - '0'), kRepeatMax + 1);
    }
    text.remove_prefix(digits);
    return digits > 0;
  };
  if (!number(min)) return true;
  max = min;
  if (text.starts_with(',')) {
    text.remove_prefix(1);
    if (!number(max)) max = -1;
  }
  if (!text.starts_with('}')) return true;
  text.remove_prefix(1);
  is_count = true;
  const std::string_view whole = rest_.substr(0, rest_.size() - text.size());
  rest_ = text;
  if (min > kRepeatMax || max > kRepeatMax || (max >= 0 && min > max)) {
    return fail("invalid repeat count", whole);
  }
  return true;
}

bool PatternParser::parse_escape(PatternNode& out) {
  if (rest_.size() < 2) {
    return fail("trailing backslash at end of expression", "");
  }
  const char c = rest_[1];
  if (c == 'A' || c == 'z' || c == 'b' || c == 'B') {
    out.kind = PatternNode::Kind::kAssert;
    out.assertion = c == 'A' ? '^' : c == 'z' ? '$' : c;
    rest_.remove_prefix(2);
    return true;
  }
  if (c == 'Q') {
    rest_.remove_prefix(2);
    const std::size_t end = rest_.find("\\E");
    std::string_view literal = rest_.substr(0, end);
    out.kind = PatternNode::Kind::kSequence;
    while (!literal.empty()) {
      const auto [rune, size] = front_rune(literal);
      literal.remove_prefix(size);
      out.children.emplace_back();
      set_of(out.children.back(), {{rune, rune}}, false);
    }
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 2);
    return true;
  }
  RuneRanges ranges;
  if (take_named_class(ranges)) {
    set_of(out, std::move(ranges), false);
    return true;
  }
  if (!error_.empty()) return false;
  char32_t rune = 0;
  if (!parse_escaped_rune(rune, rest_)) return false;
  set_of(out, {{rune, rune}}, false);
  return true;
}

bool PatternParser::parse_escaped_rune(char32_t& rune, std::string_view whole) {
  rest_.remove_prefix(1);
  if (rest_.empty()) return fail("trailing backslash at end of expression", "");
  const char32_t c = take_rune();
  const auto bad = [&] {
    return fail("invalid escape sequence", whole.substr(0, whole.size() - rest_.size()));
  };
  static constexpr std::pair<char, char> kControls[] = {{'a', '\a'}, {'f', '\f'}, {'n', '\n'},
                                                        {'r', '\r'}, {'t', '\t'}, {'v', '\v'}};
  for (const auto& [letter, control] : kControls) {
    if (c == static_cast<char32_t>(letter)) {
      rune = static_cast<char32_t>(control);
      return true;
    }
  }
  if (c >= '0' && c <= '7') {
    const bool octal = !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '7';
    if (c != '0' && !octal) return bad();
    rune = c - '0';
    for (int i = 0; i < 2 && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '7'; ++i) {
      rune = rune * 8 + static_cast<char32_t>(rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return true;
  }
  if (c == 'x') {
    const bool braces = rest_.starts_with('{');
    if (braces) rest_.remove_prefix(1);
    int digits = 0;
    rune = 0;
    while (!rest_.empty() && hex_digit(rest_.front()) >= 0 && (braces || digits < 2)) {
      rune = rune * 16 + static_cast<char32_t>(hex_digit(rest_.front()));
      rest_.remove_prefix(1);
      ++digits;
      if (rune > kRuneMax) return bad();
    }
    if (digits == 0 || (!braces && digits < 2)) return bad();
    if (braces && !rest_.starts_with('}')) return bad();
    if (braces) rest_.remove_prefix(1);
    return true;
  }
  if (c < 0x80 && !is_word(static_cast<char>(c))) {
    rune = c;
    return true;
  }
  return bad();
}

bool PatternParser::take_named_class(RuneRanges& ranges) {
  if (rest_.size() < 2 || rest_[0] != '\\') return false;
  const char c = rest_[1];
  std::string_view name = c == 'd' || c == 'D'   ? "digit"
                          : c == 'w' || c == 'W' ? "word"
                          : c == 's' || c == 'S' ? "space"
                                                 : "";
  if (!name.empty()) {
    for (const NamedClass& row : posix_classes()) {
      if (row.name != name) continue;
      RuneRanges set = row.ranges;
      // \s has no vertical tab, unlike [[:space:]].
      if (name == "space") set = {{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}};
      append(ranges, c >= 'a' ? set : complement(set));
    }
    rest_.remove_prefix(2);
    return true;
  }
  if (c != 'p' && c != 'P') return false;
  const std::string_view whole = rest_;
  rest_.remove_prefix(2);
  bool negated = c == 'P';
  if (rest_.starts_with('{')) {
    const std::size_t end = rest_.find('}');
    if (end == std::string_view::npos) return fail("invalid character class range", whole);
    name = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
  } else {
    name = rest_.substr(0, 1);
    rest_.remove_prefix(name.size());
  }
  if (name.starts_with('^')) {
    negated = !negated;
    name.remove_prefix(1);
  }
  for (const NamedClass& row : unicode_classes()) {
    if (row.name != name) continue;
    append(ranges, negated ? complement(row.ranges) : row.ranges);
    return true;
  }
  return fail("invalid character class range", whole.substr(0, whole.size() - rest_.size()));
}

bool PatternParser::take_posix_class(RuneRanges& ranges) {
  const std::size_t end = rest_.find(":]");
  if (end == std::string_view::npos) return false;
  const std::string_view whole = rest_.substr(0, end + 2);
  std::string_view name = rest_.substr(2, end - 2);
  const bool negated = name.starts_with('^');
  if (negated) name.remove_prefix(1);
  for (const NamedClass& row : posix_classes()) {
    if (row.name != name) continue;
    rest_.remove_prefix(whole.size());
    append(ranges, negated ? complement(row.ranges) : row.ranges);
    return true;
  }
  return fail("invalid character class range", whole);
}

bool PatternParser::parse_class(PatternNode& out) {
  const std::string_view whole = rest_;
  rest_.remove_prefix(1);
  const bool negated = rest_.starts_with('^');
  if (negated) rest_.remove_prefix(1);
  RuneRanges ranges;
  for (bool first = true; first || !rest_.starts_with(']'); first = false) {
    if (rest_.empty()) return fail("missing closing ]", whole);
    if (!parse_class_item(ranges, whole)) return false;
  }
  rest_.remove_prefix(1);
  set_of(out, std::move(ranges), negated);
  return true;
}

bool PatternParser::parse_class_item(RuneRanges& ranges, std::string_view whole) {
  if (rest_.starts_with("[:")) {
    if (take_posix_class(ranges)) return true;
    if (!error_.empty()) return false;
  }
  if (take_named_class(ranges)) return true;
  if (!error_.empty()) return false;
  const std::string_view begin = rest_;
  char32_t low = 0;
  if (!parse_class_rune(low, whole)) return false;
  char32_t high = low;
  if (rest_.size() >= 2 && rest_[0] == '-' && rest_[1] != ']') {
    rest_.remove_prefix(1);
    if (!parse_class_rune(high, whole)) return false;
    if (high < low) {
      return fail("invalid character class range", begin.substr(0, begin.size() - rest_.size()));
    }
  }
  ranges.emplace_back(low, high);
  return true;
}

bool PatternParser::parse_class_rune(char32_t& rune, std::string_view whole) {
  if (rest_.empty()) return fail("missing closing ]", whole);
  if (rest_.front() == '\\') return parse_escaped_rune(rune, rest_);
  rune = take_rune();
  return true;
}

}  // namespace orrery::api
