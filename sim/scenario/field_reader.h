// FieldReader: where a scenario's reader stands (the field path) and what it found wrong. The field
// tables' codecs read through it; every error carries path and line without the codec's doing.
#pragma once

#include <string>
#include <string_view>

#include "sim/scenario/input_error.h"
#include "sim/scenario/tree.h"

namespace orrery::sim {

class FieldReader {
 public:
  explicit FieldReader(InputErrors& errors) : errors_(errors) {}

  /// Adds `.name` or `[3]` to the path while it lives.
  class [[nodiscard]] Scope {
   public:
    Scope(FieldReader& reader, std::string_view segment) : reader_(reader) {
      before_ = reader.path_.size();
      if (before_ != 0 && segment.front() != '[') reader.path_ += '.';
      reader.path_ += segment;
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { reader_.path_.resize(before_); }

   private:
    FieldReader& reader_;
    std::size_t before_;
  };

  const std::string& path() const { return path_; }
  /// "PATH: what" at the line of `at`.
  void error(const Tree& at, std::string what) { errors_.add(at.line, path_, std::move(what)); }
  /// The same for the field `name` below the present path.
  void error(const Tree& at, std::string_view name, std::string what) {
    const Scope scope(*this, name);
    error(at, std::move(what));
  }
  /// "must be EXPECTED, got VALUE".
  void mismatch(const Tree& at, std::string_view expected);

 private:
  InputErrors& errors_;
  std::string path_;
};

}  // namespace orrery::sim
