// Symbol: text of low cardinality (label keys, namespaces, node names, images) as a 4-byte id.
// Equal text, equal id; comparing and hashing cost one instruction. Ids depend on the order of
// first use: never order, hash into results, or print by id. Text lives as long as the process.
//
// The table behind it is the one process-wide state in core: symbols are values, like small
// integers, and passing a table to every comparison would help nobody. It is safe across threads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orrery {

class Symbol {
 public:
  constexpr Symbol() = default;  // the empty text
  explicit Symbol(std::string_view text);

  std::string_view view() const;
  std::string str() const { return std::string(view()); }
  bool empty() const { return id_ == 0; }
  std::uint32_t id() const { return id_; }

  /// The symbol of this text if some component made it before; otherwise the empty one.
  /// Lookups by text from outside use this, so that they cannot grow the table.
  static Symbol find(std::string_view text);

  friend bool operator==(Symbol, Symbol) = default;
  friend bool operator==(Symbol a, std::string_view b) { return a.view() == b; }
  /// By text, so that sorted containers have the same order in every run.
  friend bool operator<(Symbol a, Symbol b) { return a.id_ != b.id_ && a.view() < b.view(); }

 private:
  std::uint32_t id_ = 0;
};

}  // namespace orrery
