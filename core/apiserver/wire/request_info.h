// RequestInfo: what a path and a method mean to the API server (upstream's RequestInfoFactory):
// resource or not, group, version, namespace, name, subresource, and the verb that authorization
// asks about.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace orrery::apiserver {

/// Query parameters, decoded; a name may come several times.
class Query {
 public:
  /// `text` without '?'. Parts that cannot be decoded are left out, as Go's parser does.
  static Query parse(std::string_view text);

  /// The first value, or "".
  const std::string& get(std::string_view name) const;
  bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
  std::vector<std::string> all(std::string_view name) const;
  void set(const std::string& name, std::string value) { values_[name] = {std::move(value)}; }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

struct RequestInfo {
  bool is_resource = false;
  std::string path;  // decoded
  std::string verb;  // "get", "list", "watch", "deletecollection", ...; or the method in lower case
  std::string prefix;  // "api" or "apis"
  std::string group;
  std::string version;
  std::string space;     // namespace; "" = all, or a cluster-scoped resource
  std::string resource;  // plural
  std::string name;
  std::string subresource;
  std::vector<std::string> parts;  // from the resource on
  bool is_watch_path = false;      // /api/v1/watch/...
};

/// Percent-decoding; '+' stands for a space if `plus_is_space`.
std::string percent_decoded(std::string_view text, bool plus_is_space);

RequestInfo request_info_of(std::string_view method, std::string_view path, const Query& query);

}  // namespace orrery::apiserver
