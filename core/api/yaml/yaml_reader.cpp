// YAML to JSON, from yaml-cpp's events. A stack holds the lists and maps that are still open.
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "core/api/values/quoted.h"
#include "core/api/values/utf8.h"
#include "core/api/yaml/yaml.h"
#include "core/api/yaml/yaml_scalar.h"

namespace orrery::api {
namespace {

using nlohmann::json;

constexpr std::size_t kDepthMax = 200;  // no real document is this deep
constexpr std::size_t kValuesFree = 100'000;
constexpr std::string_view kPrefix = "error converting YAML to JSON: ";

// Thrown and caught in this file only: yaml-cpp gives no other way out of an event.
struct Refused {
  std::string what;
};

std::size_t count_values(const json& value) {
  std::size_t out = 1;
  if (value.is_structured()) {
    for (const json& item : value) out += count_values(item);
  }
  return out;
}

// Go's encoder prints a whole float without a fraction, and it is read again as an integer.
json number(double real) {
  constexpr double kEnd = 9223372036854775808.0;  // 2^63
  if (real >= -kEnd && real < kEnd && real == std::trunc(real)) {
    return static_cast<std::int64_t>(real);
  }
  return real;
}

std::string real_text(double real) {
  char buffer[64];
  const auto r = std::to_chars(buffer, buffer + sizeof buffer, real);
  return {buffer, r.ptr};
}

// A scalar before it becomes a key or a value.
struct Scalar {
  YamlScalar value;
  std::string text;
};

class JsonBuilder final : public YAML::EventHandler {
 public:
  JsonBuilder(DuplicateKeys duplicates, std::size_t text_size)
      : duplicates_(duplicates), values_max_(kValuesFree + text_size) {}

  json take() { return std::move(root_); }
  const std::vector<std::string>& faults() const { return faults_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    leaf({.value = {.kind = YamlScalar::Kind::kNull}, .text = {}}, false, mark, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto it = anchors_.find(anchor);
    if (it == anchors_.end()) throw Refused{"yaml: an anchor's value contains itself"};
    count(count_values(it->second));
    if (wants_key()) return start_member(key_of(it->second), false);
    put(json(it->second), mark.line + 1);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    if (!is_utf8(text)) throw Refused{"yaml: invalid UTF-8"};
    Scalar scalar{.value = {}, .text = text};
    if (resolves(tag)) scalar.value = resolve_yaml_scalar(text);
    leaf(std::move(scalar), tag == "?" && text == "<<", mark, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(json::array(), mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(json::object(), mark, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Key {
    std::string name;
    std::string printed;  // as Go's %#v
  };
  struct Level {
    json value;
    YAML::anchor_t anchor = YAML::NullAnchor;
    int line = 0;
    bool has_key = false, is_merge = false;
    Key key;
    std::set<std::string> seen;
  };

  // yaml-cpp gives plain scalars the tag "?" and quoted ones "!".
  static bool resolves(const std::string& tag) {
    constexpr std::string_view kYaml = "tag:yaml.org,2002:";
    if (tag.empty() || tag == "?") return true;
    if (!tag.starts_with(kYaml)) return false;
    const std::string_view type = std::string_view(tag).substr(kYaml.size());
    return type == "int" || type == "float" || type == "bool" || type == "null";
  }

  void count(std::size_t values) {
    values_ += values;
    if (values_ > values_max_) throw Refused{"yaml: document contains excessive aliasing"};
  }

  bool wants_key() const {
    return !levels_.empty() && levels_.back().value.is_object() && !levels_.back().has_key;
  }

  static json value_of(Scalar scalar) {
    switch (scalar.value.kind) {
      case YamlScalar::Kind::kNull:
        return nullptr;
      case YamlScalar::Kind::kBool:
        return scalar.value.boolean;
      case YamlScalar::Kind::kInt:
        return scalar.value.integer;
      case YamlScalar::Kind::kUint:
        return static_cast<std::uint64_t>(scalar.value.integer);
      case YamlScalar::Kind::kReal:
        return number(scalar.value.real);
      case YamlScalar::Kind::kNotFinite:
        throw Refused{"json: unsupported value: " + scalar.text.substr(scalar.text.find('.') + 1)};
      case YamlScalar::Kind::kText:
        break;
    }
    return std::move(scalar.text);
  }

  static Key key_of(const json& value) {
    if (value.is_structured()) throw Refused{"yaml: invalid map key"};
    if (value.is_null()) throw Refused{"unsupported map key of type: null"};
    if (value.is_string()) {
      std::string text = value.get<std::string>();
      return {text, api::quoted(text)};
    }
    std::string text = value.is_number_float() ? real_text(value.get<double>()) : value.dump();
    return {text, text};
  }

  void leaf(Scalar scalar, bool is_merge, const YAML::Mark& mark, YAML::anchor_t anchor) {
    count(1);
    json value = value_of(std::move(scalar));
    if (anchor != YAML::NullAnchor) anchors_[anchor] = value;
    if (wants_key()) return start_member(is_merge ? Key{"<<", "\"<<\""} : key_of(value), is_merge);
    put(std::move(value), mark.line + 1);
  }

  void open(json value, const YAML::Mark& mark, YAML::anchor_t anchor) {
    count(1);
    if (levels_.size() >= kDepthMax) throw Refused{"yaml: exceeded max depth"};
    if (wants_key()) throw Refused{"yaml: invalid map key"};
    levels_.emplace_back();
    levels_.back().value = std::move(value);
    levels_.back().anchor = anchor;
    levels_.back().line = mark.line + 1;
  }

  void close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    if (level.anchor != YAML::NullAnchor) anchors_[level.anchor] = level.value;
    put(std::move(level.value), level.line);
  }

  void start_member(Key key, bool is_merge) {
    Level& level = levels_.back();
    level.has_key = true;
    level.is_merge = is_merge;
    level.key = std::move(key);
  }

  // A finished value goes into the list or map around it.
  void put(json value, int line) {
    if (levels_.empty()) {
      root_ = std::move(value);
      return;
    }
    Level& level = levels_.back();
    if (level.value.is_array()) {
      level.value.push_back(std::move(value));
      return;
    }
    level.has_key = false;
    if (level.is_merge) return merge(level.value, value);
    const bool is_new = level.seen.insert(level.key.name).second;
    if (!is_new && duplicates_ == DuplicateKeys::kRefuse) {
      faults_.push_back(fmt::format("line {}: key {} already set in map", line, level.key.printed));
    }
    level.value[level.key.name] = std::move(value);
  }

  // As go-yaml v2: at its place, over the keys before it; of a list the first map counts most.
  static void merge(json& into, const json& source) {
    const auto take = [&into](const json& from) {
      if (!from.is_object()) {
        throw Refused{"yaml: map merge requires map or sequence of maps as the value"};
      }
      for (const auto& [name, member] : from.items()) into[name] = member;
    };
    if (!source.is_array()) return take(source);
    for (std::size_t i = source.size(); i-- > 0;) take(source[i]);
  }

  DuplicateKeys duplicates_;
  std::size_t values_max_;
  std::size_t values_ = 0;
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, json> anchors_;
  std::vector<std::string> faults_;
  json root_;
};

Status refusal(std::string_view why) { return bad_request(fmt::format("{}{}", kPrefix, why)); }

}  // namespace

Result<json> yaml_to_json(std::string_view text, DuplicateKeys duplicates) {
  JsonBuilder builder(duplicates, text.size());
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    parser.HandleNextDocument(builder);
  } catch (const YAML::Exception& e) {
    return refusal(fmt::format("yaml: line {}: {}", e.mark.line + 1, e.msg));
  } catch (const Refused& e) {
    return refusal(e.what);
  }
  if (builder.faults().empty()) return builder.take();
  return refusal(fmt::format("yaml: unmarshal errors:\n  {}", fmt::join(builder.faults(), "\n  ")));
}

}  // namespace orrery::api
