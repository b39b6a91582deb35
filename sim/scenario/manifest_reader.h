// Reads Kubernetes manifests (YAML or JSON files, folders, several documents a file, `kind: List`)
// into JSON documents that remember where they stood. Called by the run's set-up before anything
// starts. Checks form only: apiVersion, kind and a name; the API server checks the rest.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "sim/scenario/line_index.h"

namespace orrery::sim {

struct ManifestDocument {
  std::shared_ptr<const nlohmann::json> json;  // one object with apiVersion, kind and metadata
  std::string file;
  int document = 0;  // 1-based place in the file, counting empty documents
  int item = -1;     // 0-based place in a List's items; -1: not from a List
  int line = 0;      // where the object starts
  LineIndex lines;

  /// The line of a field path of this object, e.g. `spec.containers[0].image`.
  int line_of(std::string_view path) const { return lines.line_of(path); }
  /// `shop/cart.yaml:31: document 2, Deployment "cart": spec.replicas: WHAT`, the shape of all
  /// errors.
  std::string error_line(std::string_view path, std::string_view what) const;
};

/// The objects of a file, or of all manifest files below a folder in the order of their paths.
/// Invalid: all errors of all files, one a line of the message and one a cause.
Result<std::vector<ManifestDocument>> read_manifests(const std::string& path);
/// The same for text; `file` is what errors call it.
Result<std::vector<ManifestDocument>> read_manifest_text(std::string_view text,
                                                         const std::string& file);

}  // namespace orrery::sim
