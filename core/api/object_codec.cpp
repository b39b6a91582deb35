#include "core/api/object_codec.h"

#include <fmt/format.h>

#include "core/api/codec.h"
#include "core/api/pod.h"

namespace orrery::api {
namespace {

using nlohmann::json;

std::string text_at(const json& document, const char* key) {
  const auto it = document.find(key);
  return it != document.end() && it->is_string() ? it->get<std::string>() : "";
}

Status decode_dynamic(const json& document, Dynamic& object) {
  codec::Decoder decoder;
  if (const auto meta = document.find("metadata"); meta != document.end() && !meta->is_null()) {
    decoder.enter("metadata");
    codec::decode_structure(codec::structure<ObjectMeta>(), *meta, &object.meta, decoder);
    decoder.leave();
  }
  json body = document;
  body.erase("metadata");
  body.erase("kind");
  body.erase("apiVersion");
  if (!body.empty()) object.body = RawRef(std::move(body));
  return decoder.status();
}

}  // namespace

json encode_object(const Kinds& kinds, const Object& object) {
  const KindInfo& info = kinds.info(object.kind);
  json document;
  if (info.structure) {
    // Tables take the struct's address; Object is its first base.
    codec::encode_structure(*info.structure, dynamic_cast<const void*>(&object), document);
  } else {
    const auto& dynamic = static_cast<const Dynamic&>(object);
    document = dynamic.body ? dynamic.body.json() : json::object();
    codec::encode_structure(codec::structure<ObjectMeta>(), &object.meta, document["metadata"]);
  }
  document["apiVersion"] = info.api_version();
  document["kind"] = info.kind.str();
  return document;
}

Result<Ref<Object>> decode_object(const Kinds& kinds, const json& document) {
  if (!document.is_object()) return bad_request("the document is not an object");
  const std::string api_version = text_at(document, "apiVersion");
  const std::string kind = text_at(document, "kind");
  if (kind.empty()) return bad_request("Object 'Kind' is missing in the document");
  const KindInfo* info = kinds.find(api_version, kind);
  if (!info) {
    return bad_request(
        fmt::format("no matches for kind \"{}\" in version \"{}\"", kind, api_version));
  }
  return decode_object(kinds, info->id, document);
}

Result<Ref<Object>> decode_object(const Kinds& kinds, KindId kind, const json& document) {
  const KindInfo& info = kinds.info(kind);
  if (!document.is_object()) return bad_request("the document is not an object");
  if (!info.structure) {
    auto object = make_ref<Dynamic>(kind);
    if (Status s = decode_dynamic(document, *object); !s.ok()) return s;
    return Ref<Object>(object);
  }
  Ref<Object> object = info.make();
  json own = document;
  own.erase("apiVersion");
  own.erase("kind");
  codec::Decoder decoder;
  codec::decode_structure(*info.structure, own, dynamic_cast<void*>(object.get()), decoder);
  if (!decoder.ok()) return decoder.status();
  return object;
}

json encode_template(const PodTemplateSpec& pod_template) {
  json document;
  codec::encode_structure(codec::structure<PodTemplateSpec>(), &pod_template, document);
  return document;
}

Result<PodTemplateSpec> decode_template(const json& document) {
  PodTemplateSpec pod_template;
  codec::Decoder decoder;
  codec::decode_structure(codec::structure<PodTemplateSpec>(), document, &pod_template, decoder);
  if (!decoder.ok()) return decoder.status();
  return pod_template;
}

json encode_meta(const ObjectMeta& meta) {
  json document;
  codec::encode_structure(codec::structure<ObjectMeta>(), &meta, document);
  return document;
}

bool same_content(const Kinds& kinds, const Object& a, const Object& b) {
  if (a.kind != b.kind) return false;
  ObjectMeta meta = b.meta;
  meta.resource_version = a.meta.resource_version;
  if (!(a.meta == meta)) return false;
  if (const Pod* x = as<Pod>(&a)) {
    const auto& y = static_cast<const Pod&>(b);
    return x->node_name == y.node_name && x->spec == y.spec && x->status == y.status &&
           x->extra == y.extra;
  }
  const KindInfo& info = kinds.info(a.kind);
  if (!info.structure) {
    return static_cast<const Dynamic&>(a).body == static_cast<const Dynamic&>(b).body;
  }
  json x, y;
  codec::encode_structure(*info.structure, dynamic_cast<const void*>(&a), x);
  codec::encode_structure(*info.structure, dynamic_cast<const void*>(&b), y);
  x["metadata"].erase("resourceVersion");
  y["metadata"].erase("resourceVersion");
  return x == y;
}

}  // namespace orrery::api
