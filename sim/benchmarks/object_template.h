// ObjectTemplate: a file that operations make objects from: YAML, perhaps with actions of Go's
// templates. As upstream decodes them: field names match without regard to case, unknown fields are
// errors. A template without actions is read once.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/api/kind_registry.h"
#include "core/api/schema/api_table.h"
#include "sim/benchmarks/go_template.h"
#include "sim/scenario/manifest_reader.h"
#include "sim/scenario/tree.h"

namespace orrery::sim {

/// What templates are read by.
struct TemplateSchema {
  const api::Kinds& kinds;
  const api::ApiTable& table;
};

class ObjectTemplate {
 public:
  static Result<ObjectTemplate> read(const std::string& file);
  /// The same for a text; errors call it `file`.
  static Result<ObjectTemplate> of_text(std::string_view text, const std::string& file);

  const std::string& file() const { return file_; }
  bool is_static() const { return text_.is_static(); }
  /// The document for one of `count` objects, with its lines. Invalid for what is no object or of
  /// a kind that the API does not have. `params` are a workload's.
  Result<ManifestDocument> document(const TemplateSchema& schema, std::int64_t index,
                                    std::int64_t count,
                                    const std::vector<TreeMember>& params) const;

 private:
  std::string file_;
  GoTemplate text_;
  mutable std::optional<ManifestDocument> read_;  // of a static text: the same for all objects
};

/// Everything that is wrong with a document that is complete otherwise, as Invalid.
Status check_object(const TemplateSchema& schema, const ManifestDocument& document);

}  // namespace orrery::sim
