#include "core/api/managed/fields_v1.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/api/managed/path_element.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

/// "." sorts before every element, and elements come in order: each goes in at the end.
Json encode(FieldSet& set, bool with_self) {
  Json out = Json::object();
  auto& object = out.get_ref<Json::object_t&>();
  if (with_self) object.emplace_hint(object.end(), ".", Json::object());
  for (FieldSet::Node& node : set.nodes()) {
    Json child = node.children.empty() ? Json::object() : encode(node.children, node.member);
    object.emplace_hint(object.end(), std::move(node.element), std::move(child));
  }
  return out;
}

struct Decoded {
  FieldSet set;
  bool is_member = false;
};

Status malformed(const std::string& why) { return bad_request("managedFields: " + why); }

Result<Decoded> decode(const Json& fields) {
  if (!fields.is_object()) return malformed("a set of fields is not an object");
  Decoded out;
  for (const auto& [key, value] : fields.items()) {
    if (key == ".") {
      out.is_member = true;
      continue;
    }
    std::optional<std::string> element = canonical_element(key);
    if (!element) return malformed("\"" + key + "\" is not a path element");
    if (element->empty()) continue;
    Result<Decoded> child = decode(value);
    if (!child.ok()) return child.status();
    out.set.add(std::move(*element), child->is_member, std::move(child->set));
  }
  if (out.set.empty()) out.is_member = true;
  return out;
}

}  // namespace

Json to_fields_v1(const FieldSet& set) { return to_fields_v1(FieldSet(set)); }

Json to_fields_v1(FieldSet&& set) { return encode(set, false); }

Result<FieldSet> from_fields_v1(const Json& fields) {
  Result<Decoded> decoded = decode(fields);
  if (!decoded.ok()) return decoded.status();
  return std::move(decoded->set);
}

}  // namespace orrery::api::managed
