// ObjectReader: one object of a configuration document. It hands out members by name and type and
// names those that nobody asked for; every mistake carries its field path. The readers of this
// folder see documents through it only, so that the JSON library stays in one source file.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/symbol.h"
#include "core/base/time.h"

namespace orrery::scheduler::config {

/// A mistake: `profiles[0].plugins.score.enabled[2].weght` and "unknown field".
struct Mistake {
  std::string path, what;
};
using Mistakes = std::vector<Mistake>;

class ObjectReader {
 public:
  /// A `value` that is no object is a mistake, and reads as an empty one; null is empty.
  ObjectReader(const nlohmann::json& value, std::string path, Mistakes& mistakes);

  const std::string& path() const { return path_; }
  std::string path_of(std::string_view name) const;

  /// Whether the member is there and not null.
  bool has(std::string_view name);
  // These leave `out` alone where the member is absent or null, or of a wrong type (a mistake).
  void read(std::string_view name, std::string& out);
  void read(std::string_view name, Symbol& out);
  void read(std::string_view name, bool& out);
  void read(std::string_view name, std::int32_t& out);
  void read(std::string_view name, std::int64_t& out);
  void read(std::string_view name, std::optional<std::int32_t>& out);
  void read(std::string_view name, std::optional<std::string>& out);
  /// metav1.Duration: "5s".
  void read(std::string_view name, std::optional<Duration>& out);
  void read(std::string_view name, std::vector<std::string>& out);
  /// []byte: base64 text.
  void read_bytes(std::string_view name, std::string& out);
  /// A number of any kind, not kept.
  void skip_number(std::string_view name);
  /// Known, but of no use here; any value.
  void skip(std::string_view name) { member(name); }

  ObjectReader object(std::string_view name);
  std::vector<ObjectReader> objects(std::string_view name);

  void mistake(std::string_view name, std::string what);
  /// Call it last: members that were not asked for become mistakes.
  void finish();

 private:
  const nlohmann::json* member(std::string_view name);
  bool read_integer(std::string_view name, std::int64_t min, std::int64_t max, std::int64_t& out);
  void wrong_type(std::string_view name, const nlohmann::json& value, std::string_view wanted);

  const nlohmann::json* value_;
  std::string path_;
  Mistakes* mistakes_;
  std::vector<std::string_view> asked_;
};

}  // namespace orrery::scheduler::config
