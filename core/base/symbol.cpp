#include "core/base/symbol.h"

#include <atomic>  // tidy: the one shared table; see symbol.h
#include <cstring>
#include <memory>
#include <vector>

#include "core/base/check.h"
#include "core/base/hash.h"

namespace orrery {
namespace {

// Chunked so that text never moves: readers need no lock.
class SymbolTable {
 public:
  static constexpr std::uint32_t kChunk = 1u << 14;
  static constexpr std::uint32_t kChunks = 1u << 14;

  SymbolTable() : slots_(1u << 12) { chunk_[0].reset(new std::string_view[kChunk]); }

  std::string_view text(std::uint32_t id) const { return chunk_[id / kChunk][id % kChunk]; }

  std::uint32_t intern(std::string_view text, bool add) {
    const std::uint64_t hash = hash_text(text);
    while (busy_.test_and_set(std::memory_order_acquire)) {
    }
    const std::uint32_t id = find_or_add(text, hash, add);
    busy_.clear(std::memory_order_release);
    return id;
  }

 private:
  struct Slot {
    std::uint32_t id = 0;
    std::uint32_t hash = 0;
  };

  std::uint32_t find_or_add(std::string_view text, std::uint64_t hash, bool add) {
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    std::size_t at = hash & (slots_.size() - 1);
    for (; slots_[at].id != 0; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].hash == tag && this->text(slots_[at].id) == text) return slots_[at].id;
    }
    if (!add) return 0;
    const std::uint32_t id = ++count_;
    CHECK(id / kChunk < kChunks);
    auto& chunk = chunk_[id / kChunk];
    if (!chunk) chunk.reset(new std::string_view[kChunk]);
    chunk[id % kChunk] = keep(text);
    slots_[at] = {id, tag};
    if (count_ * 2 > slots_.size()) grow();
    return id;
  }

  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.id == 0) continue;
      std::size_t at = hash_text(text(slot.id)) & (slots_.size() - 1);
      while (slots_[at].id != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = slot;
    }
  }

  std::string_view keep(std::string_view text) {
    if (text.size() > left_) {
      left_ = text.size() > (1u << 16) ? text.size() : (1u << 16);
      arena_.emplace_back(new char[left_]);
      next_ = arena_.back().get();
    }
    std::memcpy(next_, text.data(), text.size());
    const std::string_view kept(next_, text.size());
    next_ += text.size();
    left_ -= text.size();
    return kept;
  }

  std::atomic_flag busy_ = ATOMIC_FLAG_INIT;  // tidy: the one shared table; see symbol.h
  std::unique_ptr<std::string_view[]> chunk_[kChunks];
  std::vector<Slot> slots_;
  std::uint32_t count_ = 0;
  std::vector<std::unique_ptr<char[]>> arena_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

SymbolTable& table() {
  static SymbolTable* const kTable = new SymbolTable;  // never destroyed: symbols outlive main
  return *kTable;
}

}  // namespace

Symbol::Symbol(std::string_view text) : id_(text.empty() ? 0 : table().intern(text, true)) {}

std::string_view Symbol::view() const { return id_ == 0 ? std::string_view{} : table().text(id_); }

Symbol Symbol::find(std::string_view text) {
  Symbol s;
  if (!text.empty()) s.id_ = table().intern(text, false);
  return s;
}

}  // namespace orrery
