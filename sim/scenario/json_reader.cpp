#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "sim/scenario/document_reader.h"

namespace orrery::sim {
namespace {

using Json = nlohmann::json;

// Counts lines as the parser reads. The parser looks one character past a number, so the line is
// that of the last character which is not blank.
struct Position {
  int line = 1;
  int line_of_last = 1;
};

class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, Position* position) : at_(at), position_(position) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    if (*at_ == '\n') {
      ++position_->line;
    } else if (*at_ != ' ' && *at_ != '\t' && *at_ != '\r') {
      position_->line_of_last = position_->line;
    }
    ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& o) const { return at_ == o.at_; }
  bool operator!=(const CountingIterator& o) const { return at_ != o.at_; }

 private:
  const char* at_;
  Position* position_;
};

class TreeBuilder final : public nlohmann::json_sax<Json> {
 public:
  TreeBuilder(const Position& position, InputErrors& errors)
      : position_(position), errors_(errors) {}

  Tree take() { return std::move(root_); }

  bool null() override { return put({}); }
  bool boolean(bool value) override { return put(Tree::of_bool(value)); }
  bool number_integer(number_integer_t value) override { return put(Tree::of_int(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    Tree t = Tree::of_int(static_cast<std::int64_t>(value));
    if (value >> 63 != 0) t.kind = Tree::Kind::kUint;
    return put(std::move(t));
  }
  bool number_float(number_float_t value, const string_t& text) override {
    Tree t = Tree::of_real(value);
    t.text = text;
    return put(std::move(t));
  }
  bool string(string_t& value) override {
    Tree t = Tree::of_text(value);
    t.quoted = true;
    return put(std::move(t));
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Tree::map()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Tree::list()); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    Level& level = levels_.back();
    level.key = name;
    level.key_line = position_.line_of_last;
    level.is_repeated = !level.seen.insert(name).second;
    if (level.is_repeated) {
      errors_.add(level.key_line, path_of(name), "is given twice in this map: keep one");
    }
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const Json::exception& e) override {
    std::string what = e.what();
    if (const auto at = what.find("syntax error"); at != std::string::npos) what.erase(0, at);
    errors_.add(position_.line_of_last, "", "is not valid JSON: " + what);
    return false;
  }

 private:
  struct Level {
    Tree value;
    std::string key;
    int key_line = 0;
    bool is_repeated = false;
    std::set<std::string> seen;
  };

  std::string path_of(const std::string& last) const {
    std::string path;
    for (std::size_t i = 0; i + 1 < levels_.size(); ++i) {
      const Level& level = levels_[i];
      if (level.value.is_list()) {
        path += fmt::format("[{}]", level.value.items.size());
      } else {
        path += (path.empty() ? "" : ".") + level.key;
      }
    }
    return path.empty() ? last : path + "." + last;
  }

  bool put(Tree value) {
    value.line = position_.line_of_last;
    if (levels_.empty()) {
      root_ = std::move(value);
      return true;
    }
    Level& level = levels_.back();
    if (level.value.is_list()) {
      level.value.items.push_back(std::move(value));
    } else if (!level.is_repeated) {
      value.line = level.key_line;
      level.value.add(level.key, std::move(value));
    }
    return true;
  }
  bool open(Tree value) {
    constexpr std::size_t kDepthMax = 200;
    if (levels_.size() >= kDepthMax) {
      errors_.add(position_.line_of_last, "", "is nested too deeply");
      return false;
    }
    value.line = position_.line_of_last;
    levels_.push_back({std::move(value), "", 0, false, {}});
    return true;
  }
  bool close() {
    Tree value = std::move(levels_.back().value);
    const int opened = value.line;
    levels_.pop_back();
    put(std::move(value));
    Tree& put_value = last_put();
    if (levels_.empty() || levels_.back().value.is_list()) put_value.line = opened;
    return true;
  }
  Tree& last_put() {
    if (levels_.empty()) return root_;
    Tree& parent = levels_.back().value;
    if (parent.is_list()) return parent.items.back();
    return parent.members.empty() ? root_ : parent.members.back().value;
  }

  const Position& position_;
  InputErrors& errors_;
  std::vector<Level> levels_;
  Tree root_;
};

}  // namespace

std::optional<Tree> read_json(std::string_view text, InputErrors& errors) {
  Position position;
  TreeBuilder builder(position, errors);
  const CountingIterator first(text.data(), &position);
  const CountingIterator last(text.data() + text.size(), &position);
  try {
    if (!Json::sax_parse(first, last, &builder)) return std::nullopt;
  } catch (const Json::exception& e) {
    errors.add(position.line_of_last, "", std::string("is not valid JSON: ") + e.what());
    return std::nullopt;
  }
  return builder.take();
}

}  // namespace orrery::sim
