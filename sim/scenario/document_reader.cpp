#include "sim/scenario/document_reader.h"

#include <algorithm>

namespace orrery::sim {

std::vector<Tree> read_documents(std::string_view text, InputErrors& errors, Words words) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != '{') {
    return read_yaml(text, errors, words);
  }

  InputErrors as_json(errors.file());
  if (auto value = read_json(text, as_json)) {
    for (const InputError& e : as_json.list()) errors.add(e);
    std::vector<Tree> out;
    out.push_back(std::move(*value));
    return out;
  }
  // A YAML flow map starts with a brace too: `{kind: Service, ...}`.
  InputErrors as_yaml(errors.file());
  std::vector<Tree> documents = read_yaml(text, as_yaml, words);
  const bool named_json = errors.file().ends_with(".json");
  const InputErrors& chosen = named_json && !as_yaml.empty() ? as_json : as_yaml;
  for (const InputError& e : chosen.list()) errors.add(e);
  return documents;
}

}  // namespace orrery::sim
