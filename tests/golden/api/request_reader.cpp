#include "tests/golden/api/request_reader.h"

#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

namespace orrery::test {
namespace {

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  std::istringstream in(path.substr(1));
  for (std::string part; std::getline(in, part, '/');) parts.push_back(decoded(part));
  return parts;
}

std::string at(const std::map<std::string, std::string>& query, const char* key) {
  const auto it = query.find(key);
  return it == query.end() ? "" : it->second;
}

struct Target {
  const api::KindInfo* kind = nullptr;
  std::string space, name, subresource;
};

Target target_of(const api::Kinds& kinds, const std::string& path) {
  std::vector<std::string> parts = parts_of(path);
  Target target;
  std::size_t i = parts[0] == "api" ? 2 : 3;  // after the version
  const std::string group = parts[0] == "api" ? "" : parts[1];
  if (i + 2 < parts.size() && parts[i] == "namespaces" && parts[i + 2] != "finalize" &&
      parts[i + 2] != "status") {
    target.space = parts[i + 1];
    i += 2;
  }
  if (i < parts.size()) target.kind = kinds.find_resource(group, parts[i++]);
  if (i < parts.size()) target.name = parts[i++];
  if (i < parts.size()) target.subresource = parts[i++];
  return target;
}

bool set_subresource(const std::string& name, Request& request) {
  static const std::map<std::string, Subresource> kNames = {
      {"", Subresource::kNone},         {"status", Subresource::kStatus},
      {"scale", Subresource::kScale},   {"binding", Subresource::kBinding},
      {"eviction", Subresource::kEviction}, {"finalize", Subresource::kFinalize}};
  const auto it = kNames.find(name);
  if (it == kNames.end()) return false;
  request.subresource = it->second;
  return true;
}

Propagation propagation_of(const std::string& text) {
  if (text == "Background") return Propagation::kBackground;
  if (text == "Foreground") return Propagation::kForeground;
  return text == "Orphan" ? Propagation::kOrphan : Propagation::kDefault;
}

// DeleteOptions as a document: the body of a delete, or a part of an Eviction.
void read_delete_options(const json& options, Request& request) {
  if (options.contains("gracePeriodSeconds")) {
    request.remove.grace_period_seconds = options["gracePeriodSeconds"].get<std::int64_t>();
  }
  request.remove.propagation = propagation_of(options.value("propagationPolicy", ""));
  const json preconditions = options.value("preconditions", json::object());
  request.remove.uid = Uid::parse(preconditions.value("uid", ""));
  if (const std::string version = preconditions.value("resourceVersion", ""); !version.empty()) {
    request.remove.resource_version = std::stoull(version);
  }
  if (options.contains("dryRun")) request.dry_run = !options["dryRun"].empty();
}

// With a body, a delete takes its options from the body only.
void read_delete(const RecordedRequest& recorded, Request& request) {
  if (recorded.body && !recorded.body->empty()) {
    request.dry_run = false;
    return read_delete_options(json::parse(*recorded.body), request);
  }
  const std::string grace = at(recorded.query, "gracePeriodSeconds");
  if (!grace.empty()) request.remove.grace_period_seconds = std::stoll(grace);
  request.remove.propagation = propagation_of(at(recorded.query, "propagationPolicy"));
}

void read_create(const std::string& body, Request& request) {
  request.body = body;
  if (request.subresource == Subresource::kBinding) {
    const json binding = json::parse(body);
    request.node = Symbol(binding["target"]["name"].get<std::string>());
    request.body.clear();
  }
  if (request.subresource == Subresource::kEviction) {
    const json eviction = json::parse(body);
    request.document = api::RawRef(eviction);
    if (eviction.contains("deleteOptions")) read_delete_options(eviction["deleteOptions"], request);
    request.body.clear();
  }
}

void read_list(const std::map<std::string, std::string>& query, Request& request) {
  ListOptions& list = request.list;
  list.label_selector = at(query, "labelSelector");
  list.field_selector = at(query, "fieldSelector");
  list.continue_token = at(query, "continue");
  list.resource_version = at(query, "resourceVersion");
  list.resource_version_match = at(query, "resourceVersionMatch");
  if (const std::string limit = at(query, "limit"); !limit.empty()) list.limit = std::stoll(limit);
}

void read_get(const RecordedRequest& recorded, Translated& out) {
  Request& request = out.request;
  request.verb = request.name.empty() ? Verb::kList : Verb::kGet;
  read_list(recorded.query, request);
  if (at(recorded.query, "watch").empty()) return;
  WatchRequest watch;
  watch.kind = request.kind;
  watch.namespace_ = request.namespace_;
  watch.label_selector = request.list.label_selector;
  watch.field_selector = request.list.field_selector;
  const std::string from = request.list.resource_version;
  watch.initial = from.empty() || from == "0";
  if (!watch.initial) watch.from = std::stoull(from);
  out.bookmarks = at(recorded.query, "allowWatchBookmarks") == "true";
  out.watch = watch;
}

}  // namespace

std::map<std::string, std::string> read_query(const std::string& text) {
  std::map<std::string, std::string> query;
  std::istringstream in(text);
  for (std::string pair; std::getline(in, pair, '&');) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos) continue;
    query[decoded(pair.substr(0, equals))] = decoded(pair.substr(equals + 1));
  }
  return query;
}

Translated translate(const api::Kinds& kinds, const RecordedRequest& recorded) {
  Translated out;
  Request& request = out.request;
  const Target target = target_of(kinds, recorded.path);
  if (!target.kind) {
    out.problem = "no kind for the path " + recorded.path;
    return out;
  }
  request.kind = target.kind->id;
  request.namespace_ = Symbol(target.space);
  request.name = Text(target.name);
  if (!set_subresource(target.subresource, request)) {
    out.problem = "no subresource " + target.subresource;
    return out;
  }
  request.dry_run = at(recorded.query, "dryRun") == "All";
  const std::string validation = at(recorded.query, "fieldValidation");
  request.field_validation = validation == "Strict"   ? FieldValidation::kStrict
                             : validation == "Ignore" ? FieldValidation::kIgnore
                                                      : FieldValidation::kWarn;
  const std::string body = recorded.body.value_or("");
  if (recorded.method == "GET") {
    read_get(recorded, out);
  } else if (recorded.method == "POST") {
    request.verb = Verb::kCreate;
    read_create(body, request);
  } else if (recorded.method == "PUT") {
    request.verb = Verb::kUpdate;
    request.body = body;
  } else if (recorded.method == "DELETE") {
    request.verb = request.name.empty() ? Verb::kDeleteCollection : Verb::kDelete;
    read_list(recorded.query, request);
    read_delete(recorded, request);
  } else if (recorded.method == "PATCH") {
    request.verb = Verb::kPatch;
    request.body = body;
    request.patch_type = recorded.content_type == "application/json-patch+json" ? PatchType::kJson
                         : recorded.content_type == "application/merge-patch+json"
                             ? PatchType::kMerge
                             : PatchType::kStrategic;
  } else {
    out.problem = "method " + recorded.method;
  }
  return out;
}

}  // namespace orrery::test
