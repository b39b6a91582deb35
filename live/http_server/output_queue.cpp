#include "live/http_server/output_queue.h"

#include <utility>

namespace orrery {
namespace {

// Below, copying costs less than a piece and a TLS record of its own.
constexpr std::size_t kSharedFrom = 8 << 10;
// A text piece grows up to here: four TLS records.
constexpr std::size_t kTextMax = 64 << 10;

}  // namespace

// The text piece at the end to which `more` bytes can be added.
std::string& OutputQueue::tail(std::size_t more) {
  if (pieces_.size() == first_ || pieces_.back().blob ||
      pieces_.back().text.size() + more > kTextMax) {
    pieces_.emplace_back();
  }
  size_ += more;
  return pieces_.back().text;
}

void OutputQueue::add(std::string_view bytes) {
  if (!bytes.empty()) tail(bytes.size()).append(bytes);
}

void OutputQueue::add(std::string&& bytes) {
  if (bytes.size() < kSharedFrom && pieces_.size() > first_) {
    add(std::string_view(bytes));
  } else if (!bytes.empty()) {
    size_ += bytes.size();
    pieces_.push_back({std::move(bytes), nullptr});
  }
}

void OutputQueue::add(const BlobRef& blob) {
  if (blob->bytes.size() < kSharedFrom) {
    add(std::string_view(blob->bytes));
  } else {
    size_ += blob->bytes.size();
    pieces_.push_back({{}, blob});
  }
}

std::string_view OutputQueue::front(std::size_t max) const {
  return pieces_[first_].bytes().substr(consumed_, max);
}

void OutputQueue::consume(std::size_t size) {
  size_ -= size;
  consumed_ += size;
  if (consumed_ < pieces_[first_].bytes().size()) return;
  consumed_ = 0;
  pieces_[first_] = {};  // its memory goes now
  if (++first_ == pieces_.size()) {
    pieces_.clear();
    first_ = 0;
  } else if (first_ >= 64 && first_ * 2 >= pieces_.size()) {
    pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void OutputQueue::clear() { *this = {}; }

}  // namespace orrery
