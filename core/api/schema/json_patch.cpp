// JSON patch with the behaviours of the library that upstream uses where it differs from RFC 6902.
#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/api/schema/patch.h"

namespace orrery::api {
namespace {

using nlohmann::json;

Status failed(std::string_view op, std::string_view path, std::string_view why) {
  return Status(Reason::kInvalid,
                fmt::format("{} operation does not apply: {}: \"{}\"", op, why, path));
}

std::string unescape(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i] == '~' && i + 1 < step.size() && (step[i + 1] == '0' || step[i + 1] == '1')) {
      out += step[++i] == '0' ? '~' : '/';
    } else {
      out += step[i];
    }
  }
  return out;
}

/// Index of an element; `end` is one past the last that may be named. Negative ones count from the
/// end.
std::optional<std::size_t> index_of(std::string_view key, std::size_t end) {
  long index = 0;
  const auto [stop, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  if (error != std::errc() || stop != key.data() + key.size()) return std::nullopt;
  if (index < 0) index += static_cast<long>(end);
  if (index < 0 || index >= static_cast<long>(end)) return std::nullopt;
  return static_cast<std::size_t>(index);
}

/// A place in a document: the container and the key or index in it.
struct Target {
  json* container = nullptr;  // null: there is none
  std::string key;

  json* find() const {
    if (container->is_object()) {
      const auto it = container->find(key);
      return it == container->end() ? nullptr : &*it;
    }
    const auto index = index_of(key, container->size());
    return index ? &(*container)[*index] : nullptr;
  }
};

Target find_target(json& document, std::string_view path) {
  std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return {};
  json* at = &document;
  for (;;) {
    const std::size_t next = path.find('/', slash + 1);
    if (!at->is_structured()) return {};
    std::string key = unescape(path.substr(slash + 1, next - slash - 1));
    Target target{at, std::move(key)};
    if (next == std::string_view::npos) return target;
    at = target.find();
    if (at == nullptr) return {};
    slash = next;
  }
}

class Patcher {
 public:
  explicit Patcher(json document) : document_(std::move(document)) {}

  Status apply(const json& operation);
  json take() { return std::move(document_); }

 private:
  Status add(std::string_view op, std::string_view path, json value);
  Status remove(std::string_view op, std::string_view path);
  Status replace(std::string_view path, json value);
  Status move(std::string_view from, std::string_view path);
  Status copy(std::string_view from, std::string_view path);
  Status test(std::string_view path, const json& value);

  json document_;
};

std::string text_of(const json& operation, const char* name) {
  const auto it = operation.find(name);
  return it != operation.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

Status Patcher::apply(const json& operation) {
  const std::string op = text_of(operation, "op");
  if (!operation.contains("path")) return failed(op, "", "missing path");
  const std::string path = text_of(operation, "path");
  const std::string from = text_of(operation, "from");
  const json value = operation.value("value", json());
  if (op == "add") return add(op, path, value);
  if (op == "remove") return remove(op, path);
  if (op == "replace") return replace(path, value);
  if (op == "move") return move(from, path);
  if (op == "copy") return copy(from, path);
  if (op == "test") return test(path, value);
  return Status(Reason::kInvalid, fmt::format("Unexpected kind: {}", op));
}

Status Patcher::add(std::string_view op, std::string_view path, json value) {
  const Target target = find_target(document_, path);
  if (target.container == nullptr) return failed(op, path, "doc is missing path");
  if (target.container->is_object()) {
    (*target.container)[target.key] = std::move(value);
    return {};
  }
  if (target.key == "-") {
    target.container->push_back(std::move(value));
    return {};
  }
  const auto index = index_of(target.key, target.container->size() + 1);
  if (!index) return failed(op, path, "invalid index");
  target.container->insert(target.container->begin() + static_cast<long>(*index), std::move(value));
  return {};
}

Status Patcher::remove(std::string_view op, std::string_view path) {
  const Target target = find_target(document_, path);
  if (target.container == nullptr) return failed(op, path, "doc is missing path");
  if (target.find() == nullptr) return failed(op, path, "unable to remove nonexistent key");
  if (target.container->is_object()) {
    target.container->erase(target.key);
  } else {
    target.container->erase(*index_of(target.key, target.container->size()));
  }
  return {};
}

Status Patcher::replace(std::string_view path, json value) {
  if (path.empty()) {
    if (!value.is_structured()) return failed("replace", path, "value must be object or array");
    document_ = std::move(value);
    return {};
  }
  const Target target = find_target(document_, path);
  if (target.container == nullptr) return failed("replace", path, "doc is missing path");
  if (target.container->is_object()) {  // a missing member is added
    (*target.container)[target.key] = std::move(value);
    return {};
  }
  json* element = target.find();
  if (element == nullptr) return failed("replace", path, "doc is missing key");
  *element = std::move(value);
  return {};
}

Status Patcher::move(std::string_view from, std::string_view path) {
  const Target source = find_target(document_, from);
  if (source.container == nullptr) return failed("move", from, "doc is missing from path");
  const json* found = source.find();
  if (found == nullptr) return failed("move", from, "doc is missing from path");
  json value = *found;
  RETURN_IF_ERROR(remove("move", from));
  return add("move", path, std::move(value));
}

Status Patcher::copy(std::string_view from, std::string_view path) {
  const Target source = find_target(document_, from);
  if (source.container == nullptr) return failed("copy", from, "doc is missing from path");
  const json* found = source.find();
  if (found == nullptr && source.container->is_array()) {
    return failed("copy", from, "doc is missing from path");
  }
  return add("copy", path, found ? *found : json());
}

Status Patcher::test(std::string_view path, const json& value) {
  if (path.empty()) {
    return document_ == value ? Status() : failed("test", path, "testing value failed");
  }
  const Target target = find_target(document_, path);
  if (target.container == nullptr) return failed("test", path, "doc is missing path");
  const json* found = target.find();
  if (found == nullptr && target.container->is_array())
    return failed("test", path, "invalid index");
  const bool same = found ? *found == value : value.is_null();
  return same ? Status() : failed("test", path, "testing value failed");
}

}  // namespace

Result<json> apply_json_patch(const json& document, const json& patch) {
  Patcher patcher(document);
  for (const json& operation : patch) RETURN_IF_ERROR(patcher.apply(operation));
  return patcher.take();
}

}  // namespace orrery::api
