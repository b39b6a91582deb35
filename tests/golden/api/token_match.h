// Tokens: the recorded `<uid:N>`, `<rv:N>`, `<clusterIP:N>` ... as variables of one sequence.
// match() compares a recorded value with an answer and binds what it meets first; fill() puts what
// is bound into a later request.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::test {

using nlohmann::json;

class Tokens {
 public:
  void bind(const std::string& token, std::string value) { bound_[token] = std::move(value); }
  /// The text with its tokens replaced; tokens that nothing bound yet get a value of their own.
  std::string fill_text(std::string_view text);
  /// In all strings; a string that is one nodePort token becomes a number.
  json fill(const json& value);

  /// Every difference, as "path: recorded is not answered"; empty if equal.
  void match(const json& recorded, const json& answered, const std::string& path,
             std::vector<std::string>& differences);
  bool match_text(std::string_view recorded, std::string_view answered);

 private:
  std::string invent(const std::string& token);
  std::map<std::string, std::string> bound_;
};

}  // namespace orrery::test
