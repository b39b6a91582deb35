#include "sim/pod_console/shell.h"

namespace orrery::sim {
namespace {

using Kind = ShellNode::Kind;

constexpr Duration kTurn = 1ms;             // of a loop
constexpr std::uint64_t kStepsAtOnce = 64;  // commands before the event loop gets its turn

bool is_assignment(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0) return false;
  for (std::size_t i = 0; i < equals; ++i) {
    const char c = word[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && !(i > 0 && c >= '0' && c <= '9')) return false;
  }
  return true;
}

}  // namespace

Script Shell::run_node(const ShellNode& node, ShellIo io) {
  if (++steps_ % kStepsAtOnce == 0) co_await wait_for(0ns);
  if (stopped()) co_return last_code_;
  if (node.kind == Kind::kSimple) co_return last_code_ = co_await run_simple(node, io);
  Redirected opened;
  int code = co_await redirect(node, io, opened);
  if (code != 0) co_return last_code_ = code;
  switch (node.kind) {
    case Kind::kSimple:
      break;
    case Kind::kList:
    case Kind::kGroup:
      code = co_await run_list(node, io);
      break;
    case Kind::kAnd:
    case Kind::kOr:
      code = co_await run_node(*node.children[0], io);
      if (!stopped() && (code == 0) == (node.kind == Kind::kAnd)) {
        code = co_await run_node(*node.children[1], io);
      }
      break;
    case Kind::kNot:
      code = co_await run_node(*node.children[0], io);
      code = code == 0 ? 1 : 0;
      break;
    case Kind::kPipe:
      code = co_await run_pipe(node, io);
      break;
    case Kind::kIf:
      code = co_await run_if(node, io);
      break;
    case Kind::kWhile:
    case Kind::kUntil:
      code = co_await run_loop(node, io);
      break;
    case Kind::kFor:
      code = co_await run_for(node, io);
      break;
    case Kind::kSubshell:
      code = co_await run_subshell(node, io);
      break;
  }
  if (!exiting_) last_code_ = code;
  co_return exiting_ ? last_code_ : code;
}

Script Shell::run_list(const ShellNode& node, ShellIo io) {
  int code = 0;
  for (const auto& child : node.children) {
    code = co_await run_node(*child, io);
    if (stopped()) break;
  }
  co_return code;
}

Script Shell::run_pipe(const ShellNode& node, ShellIo io) {
  ShellInput between;
  int code = 0;
  for (std::size_t i = 0; i < node.children.size() && !interrupted_; ++i) {
    TextOutput text;
    ShellIo stage = io;
    if (i > 0) stage.in = &between;
    if (i + 1 < node.children.size()) stage.out = &text;
    code = co_await run_subshell(*node.children[i], stage);
    between = ShellInput{std::move(text.text)};
  }
  co_return code;
}

Script Shell::run_if(const ShellNode& node, ShellIo io) {
  std::size_t i = 0;
  for (; i + 1 < node.children.size(); i += 2) {
    const int code = co_await run_node(*node.children[i], io);
    if (stopped()) co_return code;
    if (code == 0) {
      const int body = co_await run_node(*node.children[i + 1], io);
      co_return body;
    }
  }
  if (i >= node.children.size()) co_return 0;
  const int code = co_await run_node(*node.children[i], io);
  co_return code;
}

Script Shell::run_loop(const ShellNode& node, ShellIo io) {
  int code = 0;
  for (;;) {
    const int condition = co_await run_node(*node.children[0], io);
    if (stopped() || (condition == 0) != (node.kind == Kind::kWhile)) break;
    code = co_await run_node(*node.children[1], io);
    next_turn_ = false;
    if (leaving_loops_ > 0) {
      --leaving_loops_;
      break;
    }
    if (stopped()) break;
    co_await wait_for(kTurn);
  }
  co_return code;
}

Script Shell::run_for(const ShellNode& node, ShellIo io) {
  Words items;
  for (std::size_t i = 1; i < node.words.size(); ++i) co_await expand(node.words[i], io, items);
  int code = 0;
  for (const std::string& item : items) {
    variables_[node.words[0]] = item;
    code = co_await run_node(*node.children[0], io);
    next_turn_ = false;
    if (leaving_loops_ > 0) {
      --leaving_loops_;
      break;
    }
    if (stopped()) break;
    co_await wait_for(kTurn);
  }
  co_return code;
}

// Variables, directory and `exit` of a subshell are its own.
Script Shell::run_subshell(const ShellNode& node, ShellIo io) {
  const auto variables = variables_;
  const std::string directory = directory_;
  int code = 1;
  if (++depth_ > kScriptDepthMax) {
    io.err->write("sh: too many nested shells\n");
  } else if (node.kind == Kind::kSubshell) {
    code = co_await run_list(node, io);
  } else {
    code = co_await run_node(node, io);
  }
  --depth_;
  if (exiting_) code = last_code_;
  if (!scene_.kill_container) exiting_ = false;
  variables_ = variables;
  directory_ = directory;
  co_return code;
}

Script Shell::redirect(const ShellNode& node, ShellIo& io, Redirected& opened) {
  for (const Redirect& r : node.redirects) {
    std::string target;
    co_await expand_one(r.target, io, target);
    if (r.kind == Redirect::Kind::kDuplicate) {
      if (r.from == 2 && target == "1") io.err = io.out;
      if (r.from == 1 && target == "2") io.out = io.err;
      continue;
    }
    const std::string path = FileTree::resolve(directory_, target);
    std::string error;
    if (r.kind == Redirect::Kind::kRead) {
      const File* file = scene_.files.find(path);
      error = !file ? "No such file or directory" : file->directory ? "Is a directory" : "";
      if (file) opened.input = ShellInput{file->content};
      io.in = &opened.input;
    } else {
      error = scene_.files.write(path, {}, r.kind == Redirect::Kind::kAppend);
      opened.outputs.push_back(std::make_unique<FileOutput>(scene_.files, path));
      (r.from == 2 ? io.err : io.out) = opened.outputs.back().get();
    }
    if (!error.empty()) {
      const std::string verb = r.kind == Redirect::Kind::kRead ? "can't open " : "can't create ";
      err_.write("sh: " + verb + target + ": " + error + "\n");
      co_return 1;
    }
  }
  co_return 0;
}

Script Shell::run_simple(const ShellNode& node, ShellIo io) {
  Redirected opened;
  const int failed = co_await redirect(node, io, opened);
  if (failed != 0) co_return failed;
  std::size_t first = 0;
  std::map<std::string, std::string> assigned;
  last_code_ = node.words.empty() || is_assignment(node.words[0]) ? 0 : last_code_;
  for (; first < node.words.size() && is_assignment(node.words[first]); ++first) {
    const std::string& word = node.words[first];
    const std::size_t equals = word.find('=');
    const std::string value_word = word.substr(equals + 1);
    std::string value;
    co_await expand_one(value_word, io, value);
    assigned[word.substr(0, equals)] = value;
  }
  Words words;
  for (std::size_t i = first; i < node.words.size(); ++i) {
    co_await expand(node.words[i], io, words);
  }
  if (words.empty()) {
    for (auto& [name, value] : assigned) variables_[name] = value;
    co_return last_code_;
  }
  const auto before = variables_;
  for (auto& [name, value] : assigned) variables_[name] = value;
  const int code = co_await run_words(std::move(words), io);
  if (!assigned.empty()) variables_ = before;
  co_return code;
}

}  // namespace orrery::sim
