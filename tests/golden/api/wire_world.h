// WireWorld: a cluster without controllers or nodes, behind the whole API server, spoken to in HTTP
// without sockets: what recorded requests are played against.
#pragma once

#include <deque>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/ports/http_exchange.h"

namespace orrery::test {

/// What came back for one request.
struct WireAnswer {
  int status = 0;
  std::vector<HttpHeader> headers;
  std::string body;
  bool is_stream = false;
  bool finished = false;

  std::string header(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
};

class WireWorld {
 public:
  WireWorld();
  WireWorld(WireWorld&&) noexcept;
  ~WireWorld();

  /// Sends and lets the loop run until all that follows at once is done. The answer of a stream
  /// goes on growing as the world runs.
  std::shared_ptr<WireAnswer> send(HttpRequest request);
  /// Virtual time passes.
  void run(int milliseconds);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace orrery::test
