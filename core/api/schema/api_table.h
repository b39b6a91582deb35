// ApiTable: every type, field and resource of the Kubernetes API as one immutable table, read once
// from the compact text that is built in (api_table.txt, see README.md). Decoding, patches,
// discovery and the object walks are driven by it. Rows refer to each other by index; text views
// live as long as the program (built_in) or as long as the text given to `parse`. Pass it by
// reference; never make two.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/hash.h"
#include "core/base/result.h"

namespace orrery::api {

/// What JSON a value is. kOpaque: any JSON, kept as it came (raw extensions, FieldsV1, JSON
/// schemas).
enum class Shape : std::uint8_t {
  kString,
  kBool,
  kInt32,
  kInt64,
  kDouble,
  kBytes,  // base64 text
  kTime,
  kMicroTime,
  kQuantity,
  kIntOrString,
  kOpaque,
  kStruct,
  kList,
  kMap,
};

/// A resolved type: `index` is a row of types() for kStruct, of uses() (the element) for kList and
/// kMap.
struct TypeUse {
  Shape shape = Shape::kOpaque;
  std::uint16_t index = 0;
  bool operator==(const TypeUse&) const = default;
};

enum class ListKind : std::uint8_t { kUnset, kAtomic, kSet, kMap };

struct FieldRow {
  std::string_view name;
  TypeUse use;
  std::string_view use_text;        // as in the table, e.g. "[EnvVar]", "{quantity}"
  std::vector<std::uint16_t> path;  // protobuf field numbers, outermost first; empty: none
  bool required = false;
  bool pointer = false;       // Go keeps a pointer: protobuf carries it only when set
  bool always = false;        // not required, yet JSON carries it even when empty
  bool merges = false;        // patchStrategy merge
  bool replaces = false;      // patchStrategy replace
  bool retains_keys = false;  // patchStrategy retainKeys
  ListKind list = ListKind::kUnset;
  std::string_view map_type;        // "atomic", "granular" or ""
  std::string_view merge_key;       // patchMergeKey
  std::string_view patch_strategy;  // as written, e.g. "merge,retainKeys"
  std::string_view default_json;    // JSON text, "" = none
  std::string embedded;  // Go structs it is embedded by, outermost first: "VolumeSource."
  std::vector<std::string_view> list_keys;
  std::vector<std::string_view> enum_values;
};

/// One union of a type: which fields exclude each other.
struct UnionRow {
  std::string_view discriminator;  // "" = none
  std::vector<std::pair<std::string_view, std::string_view>>
      members;  // field, discriminator's value
};

struct TypeRow {
  std::string_view package;  // short, e.g. "core/v1"
  std::string_view name;     // e.g. "PodSpec"
  std::string full_name;     // e.g. "io.k8s.api.core.v1.PodSpec"
  bool has_kind = false;
  std::string_view group, version, kind;  // when has_kind
  std::string_view scalar, format;        // what OpenAPI says of a type without fields, else ""
  std::string_view map_type;
  std::uint32_t fields_begin = 0, fields_count = 0;
  std::vector<UnionRow> unions;

  /// The name in Go's messages: "v1.PodSpec".
  std::string go_name() const;
};

struct SubresourceRow {
  std::string_view name, group, version, kind;
  std::vector<std::string_view> verbs;
};

/// A printer column of the server-side table.
struct ColumnRow {
  std::string_view name, type, format;
  int priority = 0;
};

struct ResourceRow {
  std::string_view group, version, plural, kind, singular;
  bool namespaced = true;
  int type = -1;  // row of types(), -1: not in the table
  std::vector<std::string_view> verbs, short_names, categories;
  std::vector<SubresourceRow> subresources;
  std::vector<ColumnRow> columns;

  bool has_verb(std::string_view verb) const;
  const SubresourceRow* subresource(std::string_view name) const;
  /// "deployments.apps", "pods": as in apiserver's messages.
  std::string group_resource() const;
};

class ApiTable {
 public:
  /// The table that the program carries. CHECKs that it is well-formed.
  static ApiTable built_in();
  /// Reads the text form; `text` must outlive the table. Errors name the line.
  static Result<ApiTable> parse(std::string_view text);

  ApiTable(ApiTable&&) = default;
  ApiTable& operator=(ApiTable&&) = default;

  /// "v1.36.2"
  std::string_view kubernetes_version() const { return version_; }
  const std::vector<TypeRow>& types() const { return types_; }
  const std::vector<ResourceRow>& resources() const { return resources_; }
  const TypeRow& type(std::size_t index) const { return types_[index]; }
  /// The element of a kList or kMap.
  TypeUse element(TypeUse use) const { return uses_[use.index]; }

  /// Row of a type by "core/v1.Pod" or "io.k8s.api.core.v1.Pod"; -1 if none.
  int find_type(std::string_view name) const;
  /// Row of the type with this group, version and kind (lists included); -1 if none.
  int find_kind_type(std::string_view group, std::string_view version, std::string_view kind) const;

  std::span<const FieldRow> fields(const TypeRow& type) const;
  /// The field of this JSON name, or null.
  const FieldRow* find_field(const TypeRow& type, std::string_view name) const;
  const FieldRow* find_field(std::size_t type, std::string_view name) const {
    return find_field(types_[type], name);
  }

  const ResourceRow* find_resource(std::string_view group, std::string_view version,
                                   std::string_view plural) const;
  const ResourceRow* find_kind(std::string_view group, std::string_view version,
                               std::string_view kind) const;
  /// By "apps/v1" (or "v1") and "Deployment".
  const ResourceRow* find_kind(std::string_view api_version, std::string_view kind) const;
  /// By plural, singular, short name or kind in lower case, as kubectl users write it; the first in
  /// discovery order.
  const ResourceRow* find_resource_named(std::string_view name) const;

 private:
  friend class ApiTableReader;
  struct TextHash {
    std::size_t operator()(std::string_view text) const { return hash_text(text); }
  };
  using Index = std::unordered_map<std::string_view, std::uint32_t, TextHash>;
  ApiTable() = default;

  std::string_view version_;
  std::vector<TypeRow> types_;
  std::vector<FieldRow> fields_;
  std::vector<TypeUse> uses_;
  std::vector<ResourceRow> resources_;
  Index type_by_short_name_;
  Index type_by_full_name_;  // keys view TypeRow::full_name
};

/// "apps/v1" -> {"apps", "v1"}; "v1" -> {"", "v1"}.
std::pair<std::string_view, std::string_view> split_api_version(std::string_view api_version);

}  // namespace orrery::api
