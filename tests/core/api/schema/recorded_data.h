// Reads the recorded files that the tests here compare with; where they are absent the tests skip.
// Only tests/core/api includes it.
#pragma once

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>  // tidy: a test header that holds documents
#include <sstream>
#include <string>
#include <vector>

#include "core/api/schema/api_table.h"

namespace orrery::api {

inline std::string folder_from(const char* variable, const char* fallback) {
  const char* value = std::getenv(variable);
  return value != nullptr ? value : fallback;
}

inline std::string golden_folder() { return folder_from("ORRERY_GOLDEN", "../shared/data/golden"); }
inline std::string facts_folder() { return folder_from("ORRERY_FACTS", "../shared/facts"); }

/// Times and node ports are recorded as tokens, which their types would refuse: values instead.
inline void replace_tokens(nlohmann::json& value) {
  if (value.is_structured()) {
    for (nlohmann::json& child : value) replace_tokens(child);
  } else if (value.is_string()) {
    auto& text = value.get_ref<std::string&>();
    for (std::size_t at; (at = text.find("<ts>")) != std::string::npos;) {
      text.replace(at, 4, "2024-01-01T00:00:00Z");
    }
    if (text.starts_with("<nodePort:")) value = 30000 + std::stoi(text.substr(10));
  }
}

/// The JSON values of a file with one on each line; empty if there is no such file.
inline std::vector<nlohmann::json> read_json_lines(const std::string& path) {
  std::vector<nlohmann::json> rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    rows.push_back(nlohmann::json::parse(line));
    replace_tokens(rows.back());
  }
  return rows;
}

/// The row of the type that a request to this URL path carries, -1 for what the table does not
/// have.
inline int type_of_path(const ApiTable& table, const std::string& path) {
  std::vector<std::string> parts;
  std::istringstream in(path.substr(1));
  for (std::string part; std::getline(in, part, '/');) parts.push_back(part);
  std::size_t at = parts[0] == "api" ? 1 : 2;
  if (parts.size() <= at + 1) return -1;
  const std::string group = parts[0] == "api" ? "" : parts[1];
  const std::string version = parts[at++];
  if (parts[at] == "namespaces" && parts.size() > at + 2) at += 2;
  const ResourceRow* resource = table.find_resource(group, version, parts[at]);
  if (resource == nullptr) return -1;
  if (parts.size() <= at + 2) return resource->type;
  const SubresourceRow* sub = resource->subresource(parts[at + 2]);
  if (sub == nullptr) return -1;
  return table.find_kind_type(sub->version.empty() ? resource->group : sub->group,
                              sub->version.empty() ? resource->version : sub->version, sub->kind);
}

}  // namespace orrery::api
