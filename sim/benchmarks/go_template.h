// GoTemplate: the part of Go's text/template that object templates of workload files use: texts
// with actions such as {{.Index}} or {{Mod .Index (DivideInt .Count 2)}}. Parsed once, rendered for
// each object. Control structures and pipelines are errors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace orrery::sim {

/// What an action can come to; numbers print as Go prints them.
struct TemplateValue {
  enum class Kind : std::uint8_t { kInt, kFloat, kText, kBool };
  Kind kind = Kind::kInt;
  std::int64_t integer = 0;
  double real = 0;
  bool boolean = false;
  std::string text;

  static TemplateValue of_int(std::int64_t value);
  static TemplateValue of_real(double value);
  static TemplateValue of_text(std::string value);
  static TemplateValue of_bool(bool value);
  std::string printed() const;
};

using TemplateValues = std::vector<std::pair<std::string, TemplateValue>>;

class GoTemplate {
 public:
  /// BadRequest with `file:line` for what cannot be read.
  static Result<GoTemplate> parse(std::string_view text, const std::string& file);

  /// No actions: every rendering is the same.
  bool is_static() const { return actions_.empty(); }
  /// BadRequest with `file:line` for a value that is not there or a wrong argument.
  Result<std::string> render(const TemplateValues& values) const;

 private:
  struct Term {
    enum class Kind : std::uint8_t { kValue, kField, kCall };
    Kind kind = Kind::kValue;
    TemplateValue value;
    std::string name;             // of the field or the function
    std::vector<Term> arguments;  // kCall
  };
  struct Action {
    std::string before;  // the text up to here
    Term term;
    int line = 0;
  };
  class Parser;

  Result<TemplateValue> evaluate(const Term& term, const TemplateValues& values) const;
  static Result<TemplateValue> call(const std::string& name,
                                    const std::vector<TemplateValue>& arguments);

  std::string file_;
  std::vector<Action> actions_;
  std::string rest_;
};

}  // namespace orrery::sim
