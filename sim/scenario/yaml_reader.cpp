#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "core/api/values/utf8.h"
#include "sim/scenario/document_reader.h"
#include "sim/scenario/yaml_scalar.h"

namespace orrery::sim {
namespace {

constexpr std::size_t kDepthMax = 200;  // no real document is this deep
// With aliases a file of 1 KB can stand for billions of values; without, a value takes a byte or
// more.
constexpr std::size_t kValuesFree = 100'000;

// Thrown and caught in this file only.
struct Refused {
  int line;
  std::string what;
};

// yaml-cpp gives plain scalars the tag "?" and quoted ones "!".
bool resolves(const std::string& tag) {
  constexpr std::string_view kYaml = "tag:yaml.org,2002:";
  if (tag.empty() || tag == "?") return true;
  if (!tag.starts_with(kYaml)) return false;
  const std::string_view type = std::string_view(tag).substr(kYaml.size());
  return type == "int" || type == "float" || type == "bool" || type == "null";
}

std::size_t count_values(const Tree& tree) {
  std::size_t out = 1;
  for (const Tree& item : tree.items) out += count_values(item);
  for (const auto& [name, member] : tree.members) out += count_values(member);
  return out;
}

// Builds Trees from the parser's events. A stack holds the lists and maps that are still open.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(InputErrors& errors, Words words, std::size_t text_size)
      : errors_(errors), words_(words), values_max_(kValuesFree + text_size) {}

  std::vector<Tree> take() { return std::move(documents_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    // A stray closing bracket or comma is never consumed by the parser: it would go on for ever.
    if (mark.pos == last_start_) {
      throw YAML::ParserException(mark, "unexpected text");
    }
    last_start_ = mark.pos;
    anchors_.clear();
    root_ = Tree();
    root_.line = mark.line + 1;
  }
  void OnDocumentEnd() override { documents_.push_back(std::move(root_)); }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { leaf({}, mark, anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto it = anchors_.find(anchor);
    if (it == anchors_.end()) throw Refused{mark.line + 1, "an alias contains itself"};
    count(count_values(it->second), mark.line + 1);
    put(it->second, mark.line + 1);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (!api::is_utf8(value)) {
      throw Refused{mark.line + 1, "holds bytes that are not UTF-8: save the file as UTF-8"};
    }
    plain_ = tag == "?";
    leaf(scalar(tag, value), mark, anchor);
    plain_ = false;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Tree::list(), mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Tree::map(), mark, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    Tree value;
    YAML::anchor_t anchor = YAML::NullAnchor;
    bool has_key = false, is_repeated = false, is_merge = false;
    std::string key;
    int key_line = 0;
    std::set<std::string> seen;
    std::vector<Tree> merged;
  };

  Tree scalar(const std::string& tag, const std::string& text) const {
    if (!resolves(tag)) {
      Tree out = Tree::of_text(text);
      out.quoted = true;
      return out;
    }
    Tree out = resolve_plain_scalar(text);
    const bool is_word = out.kind == Tree::Kind::kBool && !is_true_or_false(text);
    return is_word && words_ == Words::kText ? Tree::of_text(text) : out;
  }

  void count(std::size_t values, int line) {
    values_ += values;
    if (values_ > values_max_) {
      throw Refused{line, fmt::format("aliases expand to more than {} values", values_max_)};
    }
  }

  void leaf(Tree value, const YAML::Mark& mark, YAML::anchor_t anchor) {
    count(1, mark.line + 1);
    value.line = mark.line + 1;
    value.column = mark.column + 1;
    if (anchor != YAML::NullAnchor) anchors_[anchor] = value;
    put(std::move(value), mark.line + 1);
  }

  void open(Tree value, const YAML::Mark& mark, YAML::anchor_t anchor) {
    count(1, mark.line + 1);
    if (levels_.size() >= kDepthMax) throw Refused{mark.line + 1, "is nested too deeply"};
    if (!levels_.empty() && levels_.back().value.is_map() && !levels_.back().has_key) {
      throw Refused{mark.line + 1, "a key must be text, not a list or a map"};
    }
    value.line = mark.line + 1;
    value.column = mark.column + 1;
    levels_.emplace_back();
    levels_.back().value = std::move(value);
    levels_.back().anchor = anchor;
  }

  void close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    for (const Tree& source : level.merged) merge(level.value, source);
    if (level.anchor != YAML::NullAnchor) anchors_[level.anchor] = level.value;
    const int line = level.value.line;
    put(std::move(level.value), line);
  }

  // A finished value goes into the list or map around it; in a map every other one is a key.
  void put(Tree value, int line) {
    if (levels_.empty()) {
      root_ = std::move(value);
      return;
    }
    Level& level = levels_.back();
    if (level.value.is_list()) {
      value.line = line;
      level.value.items.push_back(std::move(value));
    } else if (!level.has_key) {
      start_member(level, value, line);
    } else {
      level.has_key = false;
      value.line = level.key_line;
      if (level.is_merge) {
        level.merged.push_back(std::move(value));
      } else if (!level.is_repeated) {
        level.value.add(level.key, std::move(value));
      }
    }
  }

  void start_member(Level& level, const Tree& key, int line) {
    if (key.is_list() || key.is_map()) {
      throw Refused{line, "a key must be text, not a list or a map"};
    }
    level.has_key = true;
    level.key = key_text(key);
    level.key_line = line;
    level.is_merge = plain_ && level.key == "<<";
    level.is_repeated = !level.is_merge && !level.seen.insert(level.key).second;
    if (level.is_repeated) errors_.add(line, path(), "is given twice in this map: keep one");
  }

  // Go's decoder turns keys such as 8080 and true into text; a plain `yes` becomes "true".
  static std::string key_text(const Tree& key) {
    return key.is_text() || key.is_null() ? key.text : to_json_text(key);
  }

  static void merge(Tree& into, const Tree& source) {
    const auto take = [&into](const Tree& from) {
      if (!from.is_map()) throw Refused{from.line, "<< needs a map or a list of maps"};
      for (const auto& [name, member] : from.members) {
        if (!into.find(name)) into.add(name, member);
      }
    };
    if (!source.is_list()) return take(source);
    for (const Tree& item : source.items) take(item);
  }

  std::string path() const {
    std::string out;
    for (const Level& level : levels_) {
      if (level.value.is_list()) {
        out += fmt::format("[{}]", level.value.items.size());
      } else {
        out += (out.empty() ? "" : ".") + level.key;
      }
    }
    return out;
  }

  InputErrors& errors_;
  Words words_;
  std::size_t values_max_;
  std::size_t values_ = 0;
  int last_start_ = -1;
  bool plain_ = false;
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, Tree> anchors_;
  Tree root_;
  std::vector<Tree> documents_;
};

}  // namespace

std::vector<Tree> read_yaml(std::string_view text, InputErrors& errors, Words words) {
  TreeBuilder builder(errors, words, text.size());
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& e) {
    errors.add({e.mark.line + 1, e.mark.column + 1, "", "is not valid YAML: " + e.msg});
  } catch (const Refused& e) {
    errors.add(e.line, "", e.what);
  }
  return builder.take();
}

}  // namespace orrery::sim
