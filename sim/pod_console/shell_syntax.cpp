#include "sim/pod_console/shell_syntax.h"

#include <algorithm>
#include <array>

namespace orrery::sim {
namespace {

using Kind = ShellNode::Kind;
using Node = std::unique_ptr<ShellNode>;

struct Token {
  enum class Kind : std::uint8_t { kWord, kOperator, kEnd } kind = Kind::kEnd;
  std::string text;  // an operator: ; & && | || ( ) < > >> newline
  int from = -1;     // `2>`: the digit before a redirection
};

/// The end of a quoted stretch that starts at `at`, or npos.
std::size_t end_of_quote(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == quote) return i + 1;
    if (quote == '"' && text[i] == '\\') ++i;
    if (quote == '"' && text[i] == '$' && i + 1 < text.size() &&
        (text[i + 1] == '(' || text[i + 1] == '{')) {
      const std::size_t end = end_of_expansion(text, i);
      if (end == text.npos) return end;
      i = end - 1;
    }
  }
  return text.npos;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  bool incomplete = false;

  std::vector<Token> all() {
    std::vector<Token> out;
    for (;;) {
      Token token = next();
      out.push_back(token);
      if (token.kind == Token::Kind::kEnd || incomplete) break;
    }
    if (out.back().kind != Token::Kind::kEnd) out.push_back({});
    return out;
  }

 private:
  Token next() {
    skip_blanks();
    if (at_ >= text_.size()) return {};
    for (const std::string_view op : {"&&", "||", ">>", ";", "&", "|", "(", ")", "<", ">", "\n"}) {
      if (text_.substr(at_).starts_with(op)) {
        at_ += op.size();
        return {Token::Kind::kOperator, std::string(op), -1};
      }
    }
    return word();
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') {
        at_ += 2;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        ++at_;
      } else {
        return;
      }
    }
  }

  Token word() {
    const std::size_t start = at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      std::size_t end = at_ + 1;
      if (c == '\'' || c == '"') {
        end = end_of_quote(text_, at_);
      } else if (c == '`' ||
                 (c == '$' && end < text_.size() && (text_[end] == '(' || text_[end] == '{'))) {
        end = end_of_expansion(text_, at_);
      } else if (c == '\\') {
        end = at_ + 2 <= text_.size() ? at_ + 2 : text_.npos;
      } else if (std::string_view(" \t\r\n;&|()<>").find(c) != std::string_view::npos) {
        break;
      }
      if (end == text_.npos) {
        incomplete = true;
        at_ = text_.size();
        break;
      }
      at_ = end;
    }
    Token token{Token::Kind::kWord, std::string(text_.substr(start, at_ - start)), -1};
    const bool digit = token.text.size() == 1 && token.text[0] >= '0' && token.text[0] <= '2';
    if (digit && at_ < text_.size() && (text_[at_] == '>' || text_[at_] == '<')) {
      const int from = token.text[0] - '0';
      token = next();
      token.from = from;
    }
    return token;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}
  std::string error;
  bool incomplete = false;

  Node script() {
    Node list = parse_list();
    if (ok() && peek().kind != Token::Kind::kEnd) unexpected();
    return ok() ? std::move(list) : nullptr;
  }

 private:
  bool ok() const { return error.empty() && !incomplete; }
  const Token& peek() const { return tokens_[at_]; }
  bool is_op(std::string_view op) const {
    return peek().kind == Token::Kind::kOperator && peek().text == op;
  }
  bool is_word(std::string_view word) const {
    return peek().kind == Token::Kind::kWord && peek().text == word;
  }
  bool take_op(std::string_view op) {
    if (!is_op(op)) return false;
    ++at_;
    return true;
  }
  void skip_lines() {
    while (take_op("\n")) {
    }
  }
  void unexpected() {
    if (!ok()) return;
    if (peek().kind == Token::Kind::kEnd) {
      incomplete = true;
    } else {
      error = "syntax error: unexpected \"" +
              (peek().text == "\n" ? std::string("newline") : peek().text) + "\"";
    }
  }
  void expect_word(std::string_view word) {
    skip_lines();
    if (is_word(word)) {
      ++at_;
    } else {
      unexpected();
    }
  }
  static Node make(Kind kind) {
    Node node = std::make_unique<ShellNode>();
    node->kind = kind;
    return node;
  }
  bool at_reserved() const {
    static constexpr std::array<std::string_view, 8> kEnds = {"then", "else", "elif", "fi",
                                                              "do",   "done", "}",    "esac"};
    return peek().kind == Token::Kind::kWord &&
           std::find(kEnds.begin(), kEnds.end(), peek().text) != kEnds.end();
  }

  Node parse_list() {
    Node list = make(Kind::kList);
    if (++depth_ > kScriptDepthMax) error = "syntax error: nested too deeply";
    while (ok()) {
      while (is_op("\n") || (is_op(";") && !list->children.empty())) ++at_;
      if (peek().kind == Token::Kind::kEnd || at_reserved() || is_op(")")) break;
      list->children.push_back(parse_and_or());
      if (!is_op(";") && !is_op("&") && !is_op("\n")) break;
      ++at_;
    }
    --depth_;
    return list;
  }

  Node parse_and_or() {
    Node left = parse_pipeline();
    while (ok() && (is_op("&&") || is_op("||"))) {
      Node both = make(is_op("&&") ? Kind::kAnd : Kind::kOr);
      ++at_;
      skip_lines();
      both->children.push_back(std::move(left));
      both->children.push_back(parse_pipeline());
      left = std::move(both);
    }
    return left;
  }

  Node parse_pipeline() {
    if (is_word("!")) {
      ++at_;
      Node negated = make(Kind::kNot);
      if (++depth_ > kScriptDepthMax) error = "syntax error: nested too deeply";
      if (ok()) negated->children.push_back(parse_pipeline());
      --depth_;
      return negated;
    }
    Node first = parse_command();
    if (!ok() || !is_op("|")) return first;
    Node pipe = make(Kind::kPipe);
    pipe->children.push_back(std::move(first));
    while (ok() && take_op("|")) {
      skip_lines();
      pipe->children.push_back(parse_command());
    }
    return pipe;
  }

  Node parse_command() {
    Node node;
    if (is_word("if")) {
      node = parse_if();
    } else if (is_word("while") || is_word("until")) {
      node = make(is_word("while") ? Kind::kWhile : Kind::kUntil);
      ++at_;
      node->children.push_back(parse_list());
      parse_body(*node);
    } else if (is_word("for")) {
      node = parse_for();
    } else if (is_word("{")) {
      ++at_;
      node = make(Kind::kGroup);
      node->children.push_back(parse_list());
      expect_word("}");
    } else if (take_op("(")) {
      node = make(Kind::kSubshell);
      node->children.push_back(parse_list());
      if (!take_op(")")) unexpected();
    } else {
      return parse_simple();
    }
    while (ok() && parse_redirect(*node)) {
    }
    return node;
  }

  void parse_body(ShellNode& node) {
    expect_word("do");
    if (ok()) node.children.push_back(parse_list());
    expect_word("done");
  }

  Node parse_if() {
    Node node = make(Kind::kIf);
    do {
      ++at_;  // if, elif
      node->children.push_back(parse_list());
      expect_word("then");
      if (ok()) node->children.push_back(parse_list());
    } while (ok() && is_word("elif"));
    if (ok() && is_word("else")) {
      ++at_;
      node->children.push_back(parse_list());
    }
    expect_word("fi");
    return node;
  }

  Node parse_for() {
    Node node = make(Kind::kFor);
    ++at_;
    if (peek().kind != Token::Kind::kWord) unexpected();
    if (!ok()) return node;
    node->words.push_back(tokens_[at_++].text);
    if (is_word("in")) {
      ++at_;
      while (peek().kind == Token::Kind::kWord) node->words.push_back(tokens_[at_++].text);
    }
    if (!take_op(";")) skip_lines();
    parse_body(*node);
    return node;
  }

  bool parse_redirect(ShellNode& node) {
    if (!is_op("<") && !is_op(">") && !is_op(">>")) return false;
    const Token op = tokens_[at_++];
    Redirect redirect;
    redirect.from = op.from >= 0 ? op.from : op.text == "<" ? 0 : 1;
    redirect.kind = op.text == "<"   ? Redirect::Kind::kRead
                    : op.text == ">" ? Redirect::Kind::kWrite
                                     : Redirect::Kind::kAppend;
    if (take_op("&")) redirect.kind = Redirect::Kind::kDuplicate;
    if (peek().kind != Token::Kind::kWord) {
      unexpected();
      return false;
    }
    redirect.target = tokens_[at_++].text;
    node.redirects.push_back(std::move(redirect));
    return true;
  }

  Node parse_simple() {
    Node node = make(Kind::kSimple);
    while (ok()) {
      if (peek().kind == Token::Kind::kWord) {
        if (node->words.empty() && at_reserved()) break;
        node->words.push_back(tokens_[at_++].text);
      } else if (!parse_redirect(*node)) {
        break;
      }
    }
    if (ok() && node->words.empty() && node->redirects.empty()) unexpected();
    return node;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::size_t end_of_expansion(std::string_view text, std::size_t at) {
  if (text[at] == '`') {
    const std::size_t end = text.find('`', at + 1);
    return end == text.npos ? end : end + 1;
  }
  const char open = text[at + 1], close = open == '(' ? ')' : '}';
  int depth = 0;
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '\'') {
      i = text.find('\'', i + 1);
      if (i == text.npos) return i;
    } else if (text[i] == open) {
      ++depth;
    } else if (text[i] == close && --depth == 0) {
      return i + 1;
    }
  }
  return text.npos;
}

ParsedScript parse_script(std::string_view text) {
  ParsedScript out;
  if (text.size() > kScriptBytesMax) {
    out.error = "syntax error: the script is too long";
    return out;
  }
  Lexer lexer(text);
  std::vector<Token> tokens = lexer.all();
  if (lexer.incomplete) {
    out.incomplete = true;
    return out;
  }
  Parser parser(std::move(tokens));
  out.root = parser.script();
  out.incomplete = parser.incomplete;
  out.error = parser.error;
  return out;
}

}  // namespace orrery::sim
