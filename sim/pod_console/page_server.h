// PageServer: the HTTP server that every virtual pod seems to run, at the end of a port-forward: it
// answers each HTTP/1.x request with a page of text that names pod, node, path and how many
// requests there were. Pure over bytes; owned by a PageConnection.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/api/pod.h"

namespace orrery::sim {

class PageServer {
 public:
  static constexpr std::size_t kHeadMax = 32 << 10;

  /// `requests` counts for all connections of the container.
  PageServer(Ref<const api::Pod> pod, int port, std::uint64_t& requests);
  /// What to send for what came.
  std::string receive(std::string_view bytes);
  /// The connection should close once the answer is sent.
  bool closing() const { return closing_; }

 private:
  std::string answer(std::string_view head);
  std::string page(std::string_view method, std::string_view path) const;

  Ref<const api::Pod> pod_;
  int port_;
  std::uint64_t& requests_;
  std::string head_;
  std::size_t body_left_ = 0;
  bool closing_ = false;
};

}  // namespace orrery::sim
