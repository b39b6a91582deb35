// Kinds: what each KindId is: group, version, names, scope, and for typed kinds how to make, decode
// and encode them. Built once at start: the typed rows, then one row for every other kind of the
// API table.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "core/api/object.h"
#include "core/base/result.h"

namespace orrery::api {

namespace codec {
struct Structure;
}

struct KindInfo {
  KindId id = KindId::kNone;
  Symbol group;  // "" = core
  Symbol version;
  Symbol kind;
  Symbol resource;  // plural
  bool namespaced = true;
  const codec::Structure* structure = nullptr;  // null: Dynamic
  Ref<Object> (*make)() = nullptr;
  bool custom = false;         // a custom resource
  bool custom_status = false;  // with a status subresource

  /// "apps/v1", "v1".
  std::string api_version() const;
  /// "deployments.apps", "pods": as in apiserver's messages.
  std::string group_resource() const;
};

class Kinds {
 public:
  /// The typed kinds.
  Kinds();
  /// Adds a kind without a struct; the existing id if (group, kind) is known already.
  KindId add(std::string_view group, std::string_view version, std::string_view kind,
             std::string_view resource, bool namespaced);

  /// Makes a kind without a struct a custom resource, stored in this version from now on.
  void set_custom(KindId id, std::string_view version, bool has_status);

  const KindInfo& info(KindId id) const;
  const KindInfo* find(std::string_view api_version, std::string_view kind) const;
  const KindInfo* find_resource(std::string_view group, std::string_view resource) const;
  /// In id order.
  const std::deque<KindInfo>& all() const { return rows_; }

 private:
  std::deque<KindInfo> rows_;  // rows stay where they are when custom resources add theirs
};

}  // namespace orrery::api
