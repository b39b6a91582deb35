#include "tests/core/scheduler/volume_world.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/kind_registry.h"
#include "core/api/object_codec.h"

namespace orrery::scheduler::test {
namespace {

using nlohmann::json;

json parsed(std::string text) {
  std::replace(text.begin(), text.end(), '\'', '"');
  json document = json::parse(text, nullptr, false);
  CHECK(!document.is_discarded());
  return document;
}

const api::Kinds& kinds() {
  static const api::Kinds kKinds;
  return kKinds;
}

Ref<api::Object> typed(api::KindId id, const json& document) {
  auto object = api::decode_object(kinds(), id, document);
  CHECK(object.ok());
  return *object;
}

/// A kind without a struct: metadata apart, the rest as it is.
Ref<api::Object> raw(json document) {
  auto out = make_ref<api::Dynamic>(api::KindId::kNone);
  const json meta = document["metadata"];
  out->meta.name = Text(meta["name"].get<std::string>());
  const json annotations = meta.value("annotations", json::object());
  for (const auto& [key, value] : annotations.items()) {
    api::set(out->meta.annotations, key, value.get<std::string>());
  }
  document.erase("metadata");
  out->body = api::RawRef(std::move(document));
  return out;
}

}  // namespace

api::RawRef parse_short(std::string text) { return api::RawRef(parsed(std::move(text))); }

Ref<api::Object> make_object(const Doc& doc) {
  json document = parsed(doc.text);
  switch (doc.kind) {
    case Watched::kPersistentVolume:
      return typed(api::KindId::kPersistentVolume, document);
    case Watched::kPersistentVolumeClaim:
      document["metadata"]["namespace"] = "default";
      document["metadata"]["uid"] = "claim-" + document["metadata"]["name"].get<std::string>();
      return typed(api::KindId::kPersistentVolumeClaim, document);
    case Watched::kStorageClass:
      return typed(api::KindId::kStorageClass, document);
    default:
      return raw(std::move(document));
  }
}

Ref<api::Pod> pod_with(const std::string& name, const std::string& volumes) {
  const json containers = json::array({{{"name", "c"}, {"image", "app:1"}}});
  const json document = {
      {"metadata", {{"name", name}, {"namespace", "default"}, {"uid", "pod-" + name}}},
      {"spec",
       {{"schedulerName", "default-scheduler"},
        {"containers", containers},
        {"volumes", parsed(volumes)}}}};
  const Ref<api::Object> object = typed(api::KindId::kPod, document);
  return Ref<api::Pod>(static_cast<api::Pod*>(object.get()));
}

std::string claims(const std::vector<std::string>& names) {
  json out = json::array();
  for (const std::string& name : names) {
    out.push_back({{"name", "v-" + name}, {"persistentVolumeClaim", {{"claimName", name}}}});
  }
  return out.dump();
}

}  // namespace orrery::scheduler::test
