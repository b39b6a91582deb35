#include "core/api/managed/config_check.h"

#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "core/api/managed/path_element.h"
#include "core/api/managed/place.h"
#include "core/api/schema/go_print.h"
#include "core/api/values/quoted.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

/// %#v of a decoded value.
std::string go_syntax(const Json& value) {
  if (value.is_null()) return "interface {}(nil)";
  if (value.is_string()) return api::quoted(value.get_ref<const std::string&>());
  if (!value.is_structured()) return go_print(value);
  std::string out = value.is_array() ? "[]interface {}{" : "map[string]interface {}{";
  const std::size_t begin = out.size();
  for (const auto& [key, child] : value.items()) {
    if (out.size() > begin) out += value.is_array() ? ", " : ", ";
    if (value.is_object()) out.append(api::quoted(key)).append(":");
    out += go_syntax(child);
  }
  return out + "}";
}

/// What %v makes of a value behind upstream's interface.
std::string wrapped(const Json& value) { return "&{" + go_print(value) + "}"; }

class Checker {
 public:
  Checker(const ApiTable& table, bool allow_repeated)
      : table_(table), allow_repeated_(allow_repeated) {}

  void at(const Place& place, const Json& value) {
    const Form form = form_of(table_, place, value);
    if (value.is_null() || place.use.shape == Shape::kOpaque) return;
    if (is_object(form)) {
      object(place, value);
    } else if (is_list(form)) {
      list(place, form, value);
    } else {
      scalar(place.use.shape, value);
    }
  }

  std::string text() const {
    if (errors_.empty()) return "";
    if (errors_.size() == 1) return errors_.front();
    std::string out = "errors:";
    for (const std::string& error : errors_) out.append("\n  ").append(error);
    return out;
  }

 private:
  void fail(const std::string& message) {
    errors_.push_back(path_.empty() ? message : path_ + ": " + message);
  }

  void below(const std::string& step, const Place& place, const Json& value) {
    const std::size_t size = path_.size();
    path_ += step;
    at(place, value);
    path_.resize(size);
  }

  void object(const Place& place, const Json& value) {
    if (!value.is_object()) return fail("expected map, got " + wrapped(value));
    for (const auto& [key, child] : value.items()) {
      const Member member = member_of(table_, place, key);
      if (!member.declared && !allows_any_member(place)) {
        errors_.push_back(path_ + "." + key + ": field not declared in schema");
        return;
      }
      below("." + key, member.place, child);
    }
  }

  void list(const Place& place, Form form, const Json& value) {
    if (!value.is_array()) return fail("expected list, got " + wrapped(value));
    const Place element = element_of(table_, place);
    std::set<std::string> seen;
    std::size_t index = 0;
    for (const Json& child : value) {
      std::string step = "[" + std::to_string(index) + "]";
      if (form != Form::kAtomicList) {
        const ListElement named = list_element(table_, place, child);
        if (named.element.empty()) {
          return fail("element " + std::to_string(index) + ": " + named.why);
        }
        step = print_element(named.element);
        if (!seen.insert(named.element).second && !allow_repeated_) {
          fail("duplicate entries for key " + step);
        }
      }
      below(step, element, child);
      ++index;
    }
  }

  void scalar(Shape shape, const Json& value) {
    switch (shape) {
      case Shape::kBool:
        if (!value.is_boolean()) fail("expected boolean, got " + wrapped(value));
        return;
      case Shape::kInt32:
      case Shape::kInt64:
      case Shape::kDouble:
        if (!value.is_number()) fail("expected numeric (int or float), got " + go_type_of(value));
        return;
      case Shape::kQuantity:
      case Shape::kIntOrString:
        if (value.is_structured()) fail("expected any scalar, got " + wrapped(value));
        return;
      default:
        if (!value.is_string()) {
          fail("expected string, got &value.valueUnstructured{Value:" + go_syntax(value) + "}");
        }
    }
  }

  const ApiTable& table_;
  bool allow_repeated_;
  std::string path_;
  std::vector<std::string> errors_;
};

}  // namespace

std::string config_error(const ApiTable& table, std::size_t type, const Json& config,
                         bool allow_repeated) {
  Checker checker(table, allow_repeated);
  checker.at(root_place(type), config);
  return checker.text();
}

}  // namespace orrery::api::managed
