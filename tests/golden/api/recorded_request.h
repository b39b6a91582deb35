// Recorded requests as HTTP requests, and the comparison of a recorded answer with ours.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tests/golden/api/token_match.h"
#include "tests/golden/api/wire_world.h"

namespace orrery::test {

/// The request of a recorded line: method, path, query, contentType, accept, user, body.
HttpRequest recorded_request(const json& line, Tokens& tokens);

/// Every difference in status, body and warnings; what is not compared stands in the .cpp file.
std::vector<std::string> differences_of(const json& recorded, const WireAnswer& answer,
                                        Tokens& tokens);

/// The events of a watch's answer.
json events_of(const WireAnswer& answer);
/// The form in which documents are compared.
json comparable(json body);

}  // namespace orrery::test
