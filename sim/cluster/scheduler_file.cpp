#include "sim/cluster/scheduler_file.h"

#include <nlohmann/json.hpp>

#include "sim/scenario/document_reader.h"
#include "sim/scenario/input_files.h"
#include "sim/scenario/line_index.h"

namespace orrery::sim {

Result<scheduler::SchedulerConfiguration> read_scheduler_file(const std::string& file) {
  auto text = read_text_file(file);
  if (!text.ok()) return text.status();
  return parse_scheduler_text(*text, file);
}

Result<scheduler::SchedulerConfiguration> parse_scheduler_text(std::string_view text,
                                                               const std::string& file) {
  InputErrors errors(file);
  const std::vector<Tree> documents = read_documents(text, errors);
  if (!errors.empty()) return errors.status();
  if (documents.size() != 1 || documents.front().is_null()) {
    errors.add(documents.size() > 1 ? documents[1].line : 1, "",
               "must hold one document with kind: KubeSchedulerConfiguration");
    return errors.status();
  }
  const LineIndex lines(documents.front());
  return scheduler::parse_scheduler_configuration(
      to_json(documents.front()), file,
      [&](std::string_view path) { return lines.line_of(path); });
}

}  // namespace orrery::sim
