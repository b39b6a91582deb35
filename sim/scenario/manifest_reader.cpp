#include "sim/scenario/manifest_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/scenario/document_reader.h"
#include "sim/scenario/input_files.h"

namespace orrery::sim {
namespace {

class Collector {
 public:
  Collector(InputErrors& errors, std::vector<ManifestDocument>& out) : errors_(errors), out_(out) {}

  void add(const Tree& tree, int document, int item) {
    if (tree.is_null()) return;
    const std::string where = place(document, item);
    if (!tree.is_map()) {
      errors_.add(tree.line, where,
                  fmt::format("must be a Kubernetes object, got {}", shown(tree)));
      return;
    }
    const std::string kind = text_field(tree, "kind", "e.g. kind: Deployment", where);
    const std::string version = text_field(tree, "apiVersion", "e.g. apiVersion: apps/v1", where);
    if (kind.empty() || version.empty()) return;
    const Tree* items = tree.find("items");
    if (kind.ends_with("List") && items) {
      add_items(*items, document, where);
      return;
    }
    if (!has_name(tree, fmt::format("{}, {}", where, kind))) return;
    ManifestDocument doc;
    doc.json = std::make_shared<const nlohmann::json>(to_json(tree));
    doc.file = errors_.file();
    doc.document = document;
    doc.item = item;
    doc.line = tree.line;
    doc.lines = LineIndex(tree);
    out_.push_back(std::move(doc));
  }

 private:
  static std::string place(int document, int item) {
    return item < 0 ? fmt::format("document {}", document)
                    : fmt::format("document {}, items[{}]", document, item);
  }

  void add_items(const Tree& items, int document, const std::string& where) {
    if (items.is_null()) return;
    if (!items.is_list()) {
      errors_.add(items.line, where + ": items",
                  fmt::format("must be a list of objects, got {}", shown(items)));
      return;
    }
    for (std::size_t i = 0; i < items.items.size(); ++i) {
      add(items.items[i], document, static_cast<int>(i));
    }
  }

  std::string text_field(const Tree& tree, std::string_view name, std::string_view example,
                         const std::string& where) {
    const Tree* field = tree.find(name);
    if (field && field->is_text() && !field->text.empty()) return field->text;
    errors_.add(field ? field->line : tree.line, fmt::format("{}: {}", where, name),
                field ? fmt::format("must be text, {}, got {}", example, shown(*field))
                      : fmt::format("required, {}", example));
    return "";
  }

  bool has_name(const Tree& tree, const std::string& where) {
    const Tree* metadata = tree.find("metadata");
    if (metadata && metadata->is_map()) {
      for (const char* field : {"name", "generateName"}) {
        const Tree* name = metadata->find(field);
        if (!name) continue;
        if (name->is_text() && !name->text.empty()) return true;
        errors_.add(name->line, fmt::format("{}: metadata.{}", where, field),
                    fmt::format("must be text, got {}", shown(*name)) +
                        (name->is_text() || name->is_null() ? "" : ": put it in quotes"));
        return false;
      }
    }
    errors_.add(metadata ? metadata->line : tree.line, where + ": metadata.name",
                "required, e.g. metadata: {name: web}");
    return false;
  }

  InputErrors& errors_;
  std::vector<ManifestDocument>& out_;
};

// The document that a line belongs to: `---` starts a new one, unless nothing stood before it.
int document_at(std::string_view text, int line) {
  int document = 1;
  bool has_content = false;
  for (int n = 1; n < line && !text.empty(); ++n) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (one.starts_with("---")) {
      if (has_content) ++document;
      has_content = true;
    } else if (one.find_first_not_of(" \t\r") != std::string_view::npos && !one.starts_with("#")) {
      has_content = true;
    }
  }
  return document;
}

void read_into(std::string_view text, InputErrors& errors, std::vector<ManifestDocument>& out) {
  InputErrors form(errors.file());
  const std::vector<Tree> trees = read_documents(text, form);
  for (InputError e : form.list()) {
    const std::string place = fmt::format("document {}", document_at(text, e.line));
    e.path = e.path.empty() ? place : place + ": " + e.path;
    errors.add(std::move(e));
  }
  Collector collector(errors, out);
  int document = 0;
  for (const Tree& tree : trees) collector.add(tree, ++document, -1);
}

}  // namespace

std::string ManifestDocument::error_line(std::string_view path, std::string_view what) const {
  const auto text_at = [&](const nlohmann::json::json_pointer& at) {
    return json && json->contains(at) && json->at(at).is_string() ? json->at(at).get<std::string>()
                                                                  : std::string();
  };
  using Pointer = nlohmann::json::json_pointer;
  std::string out = fmt::format("{}:{}: document {}, ", file, line_of(path), document);
  if (item >= 0) out += fmt::format("items[{}], ", item);
  out += fmt::format("{} \"{}\": ", text_at(Pointer("/kind")), text_at(Pointer("/metadata/name")));
  if (!path.empty()) out += fmt::format("{}: ", path);
  return out.append(what);
}

Result<std::vector<ManifestDocument>> read_manifest_text(std::string_view text,
                                                         const std::string& file) {
  InputErrors errors(file);
  std::vector<ManifestDocument> out;
  read_into(text, errors, out);
  if (!errors.empty()) return errors.status();
  return out;
}

Result<std::vector<ManifestDocument>> read_manifests(const std::string& path) {
  auto files = manifest_files(path);
  if (!files.ok()) return files.status();
  std::vector<ManifestDocument> out;
  std::string message;
  StatusDetails details;
  for (const std::string& file : *files) {
    auto text = read_text_file(file);
    if (!text.ok()) return text.status();
    InputErrors errors(file);
    read_into(*text, errors, out);
    if (errors.empty()) continue;
    const Status status = errors.status();
    message += (message.empty() ? "" : "\n") + status.message();
    for (const StatusCause& cause : status.details().causes) details.causes.push_back(cause);
  }
  if (!message.empty()) return Status(Reason::kInvalid, std::move(message), std::move(details));
  return out;
}

}  // namespace orrery::sim
