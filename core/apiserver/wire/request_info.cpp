#include "core/apiserver/wire/request_info.h"

#include <algorithm>
#include <cctype>

namespace orrery::apiserver {
namespace {

int hex_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Slashes at the ends do not count; an empty part between two does (no namespace).
std::vector<std::string> split_path(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t slash = path.find('/');
    parts.push_back(percent_decoded(path.substr(0, slash), false));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

std::string verb_of(std::string_view method) {
  if (method == "POST") return "create";
  if (method == "GET" || method == "HEAD") return "get";
  if (method == "PUT") return "update";
  if (method == "PATCH") return "patch";
  if (method == "DELETE") return "delete";
  return "";
}

// The name that a field selector like metadata.name=x fixes, or "".
std::string selected_name(const Query& query) {
  const std::string& selector = query.get("fieldSelector");
  constexpr std::string_view kKey = "metadata.name=";
  const std::size_t at = selector.find(kKey);
  if (at == std::string::npos || selector.find(',') != std::string::npos) return "";
  std::string name = selector.substr(at + kKey.size());
  if (!name.empty() && name[0] == '=') name.erase(0, 1);
  return name;
}

bool is_true(const Query& query, std::string_view name) {
  if (!query.has(name)) return false;
  const std::string& value = query.get(name);
  return value != "false" && value != "0";
}

// Subresources that stand behind a namespace's own name.
bool is_namespace_subresource(std::string_view part) {
  return part == "status" || part == "finalize";
}

void read_resource(RequestInfo& info, std::vector<std::string> parts) {
  if (parts.size() > 1 && parts[0] == "namespaces") {
    info.space = parts[1];
    if (parts.size() > 2 && !is_namespace_subresource(parts[2])) {
      parts.erase(parts.begin(), parts.begin() + 2);
    }
  }
  info.parts = std::move(parts);
  if (!info.parts.empty()) info.resource = info.parts[0];
  if (info.parts.size() > 1) info.name = info.parts[1];
  if (info.parts.size() > 2) info.subresource = info.parts[2];
  if (info.resource == "namespaces") info.space = info.name;
}

void read_collection_verb(RequestInfo& info, const Query& query) {
  if (!info.name.empty()) return;
  if (info.verb == "get") {
    info.verb = info.is_watch_path || is_true(query, "watch") ? "watch" : "list";
    info.name = selected_name(query);
  } else if (info.verb == "delete") {
    info.verb = "deletecollection";
  }
}

}  // namespace

std::string percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = hex_of(text[i + 1]), low = hex_of(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i] == '+' && plus_is_space ? ' ' : text[i];
  }
  return out;
}

Query Query::parse(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const std::size_t amp = text.find('&');
    const std::string_view pair = text.substr(0, amp);
    text = amp == std::string_view::npos ? std::string_view() : text.substr(amp + 1);
    if (pair.empty() || pair.find(';') != std::string_view::npos) continue;
    const std::size_t equals = pair.find('=');
    const std::string name = percent_decoded(pair.substr(0, equals), true);
    const std::string value =
        equals == std::string_view::npos ? "" : percent_decoded(pair.substr(equals + 1), true);
    query.values_[name].push_back(value);
  }
  return query;
}

const std::string& Query::get(std::string_view name) const {
  static const std::string kEmpty;
  const auto it = values_.find(name);
  return it == values_.end() ? kEmpty : it->second.front();
}

std::vector<std::string> Query::all(std::string_view name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? std::vector<std::string>() : it->second;
}

RequestInfo request_info_of(std::string_view method, std::string_view path, const Query& query) {
  RequestInfo info;
  info.path = percent_decoded(path, false);
  info.verb = std::string(method);
  std::transform(info.verb.begin(), info.verb.end(), info.verb.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::vector<std::string> parts = split_path(path);
  if (parts.size() < 3 || (parts[0] != "api" && parts[0] != "apis")) return info;
  info.prefix = parts[0];
  std::size_t used = 1;
  if (info.prefix == "apis") {
    if (parts.size() < 4) return info;
    info.group = parts[used++];
  }
  info.version = parts[used++];
  info.is_resource = true;
  info.verb = verb_of(method);
  if (parts[used] == "watch" && parts.size() > used + 1) {
    info.is_watch_path = true;
    info.verb = "watch";
    ++used;
  }
  parts.erase(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(used));
  read_resource(info, std::move(parts));
  read_collection_verb(info, query);
  return info;
}

}  // namespace orrery::apiserver
