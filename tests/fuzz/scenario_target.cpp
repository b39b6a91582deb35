#include <nlohmann/json.hpp>

#include "sim/scenario/scenario_reader.h"
#include "tests/fuzz/targets.h"

namespace orrery::fuzz {

void scenario(std::string_view input) {
  constexpr const char* kFile = "scenarios/fuzz.yaml";
  const Result<sim::Scenario> read = sim::parse_scenario(input, kFile, false);
  if (!read.ok()) {
    const Status status = read.status();
    demand(!status.details().causes.empty(), "a bad scenario has causes", status.message());
    for (const StatusCause& cause : status.details().causes) {
      demand(cause.message.starts_with(kFile), "a cause names the file", cause.message);
    }
    return;
  }
  const std::string text = sim::to_json(*read).dump();
  const Result<sim::Scenario> again = sim::parse_scenario(text, kFile, false);
  demand(again.ok(), "a scenario that was written can be read", again.status().message() + text);
  const std::string text_again = sim::to_json(*again).dump();
  demand(text == text_again, "a scenario that was written is the same", text + "\n" + text_again);
}

}  // namespace orrery::fuzz
