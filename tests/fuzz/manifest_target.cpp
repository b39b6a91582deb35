#include <nlohmann/json.hpp>

#include "sim/scenario/manifest_reader.h"
#include "tests/fuzz/targets.h"

namespace orrery::fuzz {

void manifest(std::string_view input) {
  constexpr const char* kFile = "fuzz.yaml";
  const auto documents = sim::read_manifest_text(input, kFile);
  if (!documents.ok()) {
    demand(documents.status().message().starts_with(kFile), "an error names the file",
           documents.status().message());
    return;
  }
  for (const sim::ManifestDocument& document : *documents) {
    const std::string text = document.json->dump();
    demand(document.line >= 1, "a document knows its line", text);
    demand(document.line_of("metadata.name") >= 1, "a field knows its line", text);
    demand(document.line_of("spec.containers[0].image") >= 1, "a missing field has a line", text);
    (void)document.error_line("spec", "what");
    const auto again = sim::read_manifest_text(text, kFile);
    demand(again.ok(), "a document that was written can be read", text);
    demand(again->size() == 1, "a document that was written is one document", text);
    demand(*again->front().json == *document.json, "a document that was written is the same",
           text + "\n" + again->front().json->dump());
  }
}

}  // namespace orrery::fuzz
