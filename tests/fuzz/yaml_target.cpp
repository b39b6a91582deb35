#include <nlohmann/json.hpp>

#include "core/api/yaml/yaml.h"
#include "tests/fuzz/targets.h"

namespace orrery::fuzz {

void yaml(std::string_view input) {
  const auto value = api::yaml_to_json(input);
  const auto lenient = api::yaml_to_json(input, api::DuplicateKeys::kKeepLast);
  if (!value.ok()) {
    demand(value.status().message().starts_with("error converting YAML to JSON: "),
           "a refusal says what failed", value.status().message());
    return;
  }
  demand(lenient.ok() && *lenient == *value, "without keys given twice both modes agree");
  const std::string text = api::json_to_yaml(*value);
  const auto back = api::yaml_to_json(text);
  demand(back.ok(), "what is written can be read", back.status().message() + "\n" + text);
  demand(*back == *value, "what is written reads the same", text);
}

}  // namespace orrery::fuzz
