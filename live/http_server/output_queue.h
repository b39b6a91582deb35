// OutputQueue: the plain bytes that a connection has still to send. Small pieces are copied
// together as they come, so that many events leave in one TLS record; large ones are shared.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports/http_exchange.h"

namespace orrery {

class OutputQueue {
 public:
  /// Copies.
  void add(std::string_view bytes);
  /// Moves, where it is large.
  void add(std::string&& bytes);
  /// Shares, where it is large.
  void add(const BlobRef& blob);

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  /// The next bytes, at least one and at most `max`, until consume(): as many as lie in one piece.
  std::string_view front(std::size_t max) const;
  void consume(std::size_t size);
  void clear();

 private:
  struct Piece {
    std::string text;
    BlobRef blob;
    std::string_view bytes() const { return blob ? std::string_view(blob->bytes) : text; }
  };
  std::string& tail(std::size_t more);

  std::vector<Piece> pieces_;  // those before first_ are sent
  std::size_t first_ = 0;
  std::size_t consumed_ = 0;  // of the first piece
  std::size_t size_ = 0;
};

}  // namespace orrery
