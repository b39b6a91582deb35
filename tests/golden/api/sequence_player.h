// Plays one recorded sequence against a fresh server and tells every difference. The tests in
// sequences_test.cpp are its only callers.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace orrery::test {

/// Values of tokens that a request has before any answer could bind them.
using Presets = std::map<std::string, std::string>;

/// Differences, each with the number of its step; empty: everything is as recorded. `fixtures` are
/// the requests that filled the recorded server first.
std::vector<std::string> play_sequence(const nlohmann::json& sequence,
                                       const std::vector<nlohmann::json>& fixtures,
                                       const Presets& presets);

}  // namespace orrery::test
