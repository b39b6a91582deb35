#include "core/apiserver/tables/partial_metadata.h"

#include "core/api/checks/json_view.h"
#include "core/apiserver/tables/json_text.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

void open_partial(std::string& out, std::string_view version) {
  out += R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/)";
  out += version;
  out += R"(","metadata":)";
}

std::string meta_version(std::string_view version) {
  return std::string("meta.k8s.io/").append(version);
}

}  // namespace

Json partial_metadata(const Json& o, std::string_view version) {
  return {{"kind", "PartialObjectMetadata"},
          {"apiVersion", meta_version(version)},
          {"metadata", object(o, "metadata")}};
}

Json partial_metadata_list(const Json& list, std::string_view version) {
  Json items = Json::array();
  for (const Json& item : array(list, "items")) items.push_back(partial_metadata(item, version));
  return {{"kind", "PartialObjectMetadataList"},
          {"apiVersion", meta_version(version)},
          {"metadata", object(list, "metadata")},
          {"items", std::move(items)}};
}

void append_partial_metadata(std::string& out, const api::ObjectMeta& meta,
                             std::string_view version) {
  open_partial(out, version);
  append_meta(out, meta);
  out += '}';
}

void append_partial_metadata(std::string& out, const Json& o, std::string_view version) {
  open_partial(out, version);
  append_json(out, object(o, "metadata"));
  out += '}';
}

}  // namespace orrery::apiserver
