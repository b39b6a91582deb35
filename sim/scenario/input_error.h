// InputErrors: everything that is wrong in one input file, in one shape a person can act on:
// `scenarios/x.yaml:14: spec.cluster.nodePools[0].count: must be a positive integer, got "ten"`.
// Readers collect all errors of a file before they give up.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/status.h"

namespace orrery::sim {

struct InputError {
  int line = 0;      // 0: the whole file
  int column = 0;    // 0: not told
  std::string path;  // field path; may be empty
  std::string what;
};

class InputErrors {
 public:
  explicit InputErrors(std::string file) : file_(std::move(file)) {}

  const std::string& file() const { return file_; }
  bool empty() const { return errors_.empty(); }
  static constexpr std::size_t kErrorsMax = 100;
  const std::vector<InputError>& list() const { return errors_; }
  void add(int line, std::string_view path, std::string what) {
    add({line, 0, std::string(path), std::move(what)});
  }
  /// Past kErrorsMax errors are only counted: a wrong column of a CSV file is one mistake, not
  /// 10,000.
  void add(InputError error);
  /// One line for each error, in the order of the file.
  std::vector<std::string> lines() const;
  /// Ok without errors; else Invalid: the message holds all lines, details().causes one each.
  Status status() const;

 private:
  std::string file_;
  std::vector<InputError> errors_;
  std::size_t left_out_ = 0;
};

/// The name among `known` that a misspelt `name` most likely meant, or "".
std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& known);

}  // namespace orrery::sim
