// Text: an immutable string in one word; copies share it. For names, messages and addresses of API
// objects, which are copied with every new revision but hardly ever change. Empty text is null.
// Not counted atomically: see ref.h.
#pragma once

#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace orrery {

class Text {
 public:
  Text() = default;
  Text(std::string_view text) : rep_(make(text)) {}
  Text(const std::string& text) : Text(std::string_view(text)) {}
  Text(const char* text) : Text(std::string_view(text)) {}
  Text(const Text& o) : rep_(o.rep_) {
    if (rep_) ++rep_->count;
  }
  Text(Text&& o) noexcept : rep_(std::exchange(o.rep_, nullptr)) {}
  Text& operator=(Text o) noexcept {
    std::swap(rep_, o.rep_);
    return *this;
  }
  ~Text() {
    if (rep_ && --rep_->count == 0) ::operator delete(rep_);
  }

  std::string_view view() const {
    return rep_ ? std::string_view(reinterpret_cast<const char*>(rep_ + 1), rep_->size)
                : std::string_view{};
  }
  std::string str() const { return std::string(view()); }
  bool empty() const { return rep_ == nullptr; }

  friend bool operator==(const Text& a, const Text& b) {
    return a.rep_ == b.rep_ || a.view() == b.view();
  }
  friend bool operator==(const Text& a, std::string_view b) { return a.view() == b; }
  friend bool operator==(const Text& a, const std::string& b) { return a.view() == b; }
  friend bool operator==(const Text& a, const char* b) { return a.view() == b; }
  friend auto operator<=>(const Text& a, const Text& b) { return a.view() <=> b.view(); }

 private:
  struct Rep {
    std::uint32_t count;
    std::uint32_t size;
  };
  static Rep* make(std::string_view text) {
    if (text.empty()) return nullptr;
    void* room = ::operator new(sizeof(Rep) + text.size());
    Rep* rep = new (room) Rep{1, static_cast<std::uint32_t>(text.size())};
    std::memcpy(rep + 1, text.data(), text.size());
    return rep;
  }
  Rep* rep_ = nullptr;
};

}  // namespace orrery
