// Turns a recorded request (method, path, query, content type, body) into the Request that an API
// server without sockets takes.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "core/api/kind_registry.h"
#include "core/ports/client.h"

namespace orrery::test {

using nlohmann::json;

struct RecordedRequest {
  std::string method, path, content_type;
  std::map<std::string, std::string> query;  // decoded
  std::optional<std::string> body;           // text, as it was sent
};

/// "a=b%3Dc&d=e" decoded.
std::map<std::string, std::string> read_query(const std::string& text);

/// The request, or why it has no form in process.
struct Translated {
  Request request;
  std::optional<WatchRequest> watch;
  bool bookmarks = false;
  std::string problem;  // empty: fine
};
Translated translate(const api::Kinds& kinds, const RecordedRequest& recorded);

}  // namespace orrery::test
