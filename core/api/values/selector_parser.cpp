#include "core/api/values/selector_parser.h"

#include <fmt/format.h>

#include <set>
#include <string>

#include "core/api/values/label_syntax.h"
#include "core/api/values/quoted.h"

namespace orrery::api {
namespace {

using Operator = Selector::Operator;
using Requirement = Selector::Requirement;

enum class Kind { kError, kEnd, kClose, kOpen, kComma, kNot, kOperator, kWord };

struct Token {
  Kind kind = Kind::kEnd;
  std::string text;  // the message itself for kError
  Operator op = Operator::kEquals;
  bool keyword = false;  // `in` and `notin`: operators after a key, words elsewhere
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_symbol(char c) { return std::string_view("=!(),><").find(c) != std::string_view::npos; }

/// The token that a run of symbols spells, or kError.
Token symbol_token(std::string_view text) {
  Token t{.kind = Kind::kOperator, .text = std::string(text)};
  if (text == "=")
    t.op = Operator::kEquals;
  else if (text == "==")
    t.op = Operator::kDoubleEquals;
  else if (text == "!=")
    t.op = Operator::kNotEquals;
  else if (text == ">")
    t.op = Operator::kGreaterThan;
  else if (text == "<")
    t.op = Operator::kLessThan;
  else if (text == "(")
    t.kind = Kind::kOpen;
  else if (text == ")")
    t.kind = Kind::kClose;
  else if (text == ",")
    t.kind = Kind::kComma;
  else if (text == "!")
    t.kind = Kind::kNot;
  else
    t.kind = Kind::kError;
  return t;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text.substr(0, text.find('\0'))) {}

  Token next() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    if (at_ == text_.size()) return {};
    return is_symbol(text_[at_]) ? symbol() : word();
  }

 private:
  /// The longest run of symbols that is a token; `!=` wins over `!`.
  Token symbol() {
    const std::size_t start = at_;
    Token best{.kind = Kind::kError};
    while (at_ < text_.size() && is_symbol(text_[at_])) {
      Token longer = symbol_token(text_.substr(start, at_ + 1 - start));
      if (longer.kind == Kind::kError) break;
      best = std::move(longer);
      ++at_;
    }
    return best;
  }

  Token word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && !is_symbol(text_[at_]) && !is_space(text_[at_])) ++at_;
    Token t{.kind = Kind::kWord, .text = std::string(text_.substr(start, at_ - start))};
    t.keyword = t.text == "in" || t.text == "notin";
    t.op = t.text == "notin" ? Operator::kNotIn : Operator::kIn;
    return t;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

class Parser {
 public:
  explicit Parser(std::string_view text) {
    Lexer lexer(text);
    do {
      tokens_.push_back(lexer.next());
    } while (tokens_.back().kind != Kind::kEnd);
  }

  Result<std::vector<Requirement>> run() {
    std::vector<Requirement> out;
    while (true) {
      if (peek().kind == Kind::kEnd) return out;
      if (!starts_requirement()) {
        return bad_request(
            fmt::format("found '{}', expected: !, identifier, or 'end of string'", peek().text));
      }
      Result<Requirement> r = requirement();
      if (!r.ok()) return r.status().with_prefix("unable to parse requirement");
      out.push_back(*std::move(r));
      const Token after = take();
      if (after.kind == Kind::kEnd) return out;
      if (after.kind != Kind::kComma) {
        return bad_request(fmt::format("found '{}', expected: ',' or 'end of string'", after.text));
      }
      if (!starts_requirement()) {
        return bad_request(fmt::format("found '{}', expected: identifier after ','", peek().text));
      }
    }
  }

 private:
  const Token& peek() const { return tokens_[at_]; }
  Token take() {
    const Token t = tokens_[at_];
    if (at_ + 1 < tokens_.size()) ++at_;
    return t;
  }
  bool starts_requirement() const {
    return peek().kind == Kind::kWord || peek().kind == Kind::kNot;
  }
  bool ends_requirement() const { return peek().kind == Kind::kEnd || peek().kind == Kind::kComma; }

  Result<Requirement> requirement() {
    Token key = take();
    const bool negated = key.kind == Kind::kNot;
    if (negated) key = take();
    if (key.kind != Kind::kWord) {
      return bad_request(fmt::format("found '{}', expected: identifier", key.text));
    }
    if (const auto wrong = label_key_problems(key.text); !wrong.empty()) {
      return bad_request(
          fmt::format("<nil>: Invalid value: {}: {}", quoted(key.text), fmt::join(wrong, "; ")));
    }
    const Symbol symbol(key.text);
    if (negated) return make_requirement(symbol, Operator::kDoesNotExist, {});
    if (ends_requirement()) return make_requirement(symbol, Operator::kExists, {});
    const Token op = take();
    if (op.kind != Kind::kOperator && !op.keyword) {
      return bad_request(
          fmt::format("found '{}', expected: in, notin, =, ==, !=, gt, lt", op.text));
    }
    std::set<std::string> values;
    RETURN_IF_ERROR(op.keyword ? value_set(values) : single_value(values));
    return make_requirement(symbol, op.op, std::vector<Symbol>(symbols(values)));
  }

  static std::vector<Symbol> symbols(const std::set<std::string>& values) {
    std::vector<Symbol> out;
    for (const std::string& v : values) out.emplace_back(v);
    return out;
  }

  Status single_value(std::set<std::string>& values) {
    if (ends_requirement()) {
      values.insert("");
      return {};
    }
    const Token value = take();
    if (value.kind != Kind::kWord) {
      return bad_request(fmt::format("found '{}', expected: identifier", value.text));
    }
    values.insert(value.text);
    return {};
  }

  /// (a,b): words and gaps between commas; a gap is the empty value.
  Status value_set(std::set<std::string>& values) {
    if (const Token open = take(); open.kind != Kind::kOpen) {
      return bad_request(fmt::format("found '{}' expected: '('", open.text));
    }
    if (peek().kind == Kind::kClose) {
      take();
      values.insert("");
      return {};
    }
    if (peek().kind != Kind::kWord && peek().kind != Kind::kComma) {
      return bad_request(fmt::format("found '{}', expected: ',', ')' or identifier", peek().text));
    }
    while (true) {
      const Token item = take();
      if (item.kind == Kind::kWord) {
        values.insert(item.text);
        if (peek().kind == Kind::kComma) continue;
        if (peek().kind != Kind::kClose) {
          return bad_request(fmt::format("found '{}', expected: ',' or ')'", peek().text));
        }
      } else if (item.kind == Kind::kComma) {
        if (values.empty() || peek().kind == Kind::kClose || peek().kind == Kind::kComma) {
          values.insert("");
        }
        if (peek().kind != Kind::kClose) continue;
      } else {
        return bad_request(fmt::format("found '{}', expected: ',', or identifier", item.text));
      }
      take();
      return {};
    }
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<Requirement>> parse_requirements(std::string_view text) {
  return Parser(text).run();
}

}  // namespace orrery::api
