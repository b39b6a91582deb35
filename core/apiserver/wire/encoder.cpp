#include "core/apiserver/wire/encoder.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/api/custom/custom_resource.h"
#include "core/api/object_codec.h"
#include "core/api/pod.h"
#include "core/api/protobuf/envelope.h"
#include "core/api/protobuf/protobuf.h"
#include "core/api/yaml/yaml.h"
#include "core/apiserver/discovery/served_groups.h"
#include "core/apiserver/tables/json_text.h"
#include "core/apiserver/tables/partial_metadata.h"
#include "core/apiserver/tables/table.h"
#include "core/apiserver/versions.h"
#include "core/base/hash.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

constexpr std::string_view kTypeNames[] = {"ADDED", "MODIFIED", "DELETED", "BOOKMARK"};

// Items of a list whose size tells the room that all take.
constexpr std::size_t kSampled = 64;

std::string dumped(const json& document) {
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string head_of(const api::ResourceRow& row) {
  std::string head = "{\"kind\":\"";
  head.append(row.kind)
      .append("\",\"apiVersion\":\"")
      .append(group_version_text(row.group, row.version))
      .append("\"");
  return head;
}

// {...bare members} behind the kind and version of `row`.
void append_whole(const api::ResourceRow& row, std::string_view bare, std::string& out) {
  out.append(head_of(row));
  if (bare.size() > 2) out.append(",");
  out.append(bare.substr(1));
}

bool is_plain(const View& view) {
  return view.wanted.encoding == Encoding::kJson && view.wanted.shaping == Shaping::kObject;
}

bool is_converted(const View& view) {
  const api::ResourceRow& row = *view.served->row;
  return version_row(row.group, row.version, row.kind) != nullptr;
}

// Kinds without a protobuf form (custom resources) go as JSON, as upstream sends them.
std::string sealed(const api::ProtobufCodec& protobuf, const json& document) {
  Result<std::string> body = protobuf.encode_body(document);
  return body.ok() ? std::move(*body) : dumped(document);
}

std::vector<CustomColumn> custom_columns_of(const Served& served) {
  std::vector<CustomColumn> columns;
  const api::CustomVersion* version = served.custom->version(served.row->version);
  if (!version) return columns;
  for (const api::CustomColumn& c : version->columns) {
    columns.push_back({c.name, c.type, c.format, c.description, c.priority, c.json_path});
  }
  return columns;
}

json list_meta(const Response& response) {
  json meta = {{"resourceVersion", std::to_string(response.revision)}};
  if (!response.continue_token.empty()) meta["continue"] = response.continue_token;
  if (response.remaining_items) meta["remainingItemCount"] = *response.remaining_items;
  return meta;
}

std::uint64_t frame_key(const View& view, const WatchEvent& event, bool first) {
  std::uint64_t key = mix64(reinterpret_cast<std::uintptr_t>(event.object.get()));
  key = mix64(key ^ reinterpret_cast<std::uintptr_t>(view.served));
  const auto form = static_cast<std::uint64_t>(view.wanted.encoding) << 8 |
                    static_cast<std::uint64_t>(view.wanted.shaping) << 4 |
                    static_cast<std::uint64_t>(event.type) << 1 | (first ? 1u : 0u);
  return mix64(key ^ form ^ (static_cast<std::uint64_t>(view.include) << 16) ^
               (view.wanted.meta_version.size() << 24));
}

}  // namespace

struct Encoder::Kept {
  api::ObjectRef object;
  std::string bare;
};

struct Encoder::Frame {
  api::ObjectRef object;
  BlobRef bytes;
};

Encoder::Encoder(const api::Kinds& kinds, const Catalog& catalog,
                 const api::ProtobufCodec& protobuf, Limits limits)
    : kinds_(kinds), catalog_(catalog), protobuf_(protobuf), limits_(limits) {}
Encoder::~Encoder() = default;

void Encoder::forget_oldest() {
  const auto it = kept_.find(order_.front());
  order_.pop_front();
  if (it == kept_.end()) return;
  bytes_ -= it->second->bare.size();
  kept_.erase(it);
}

// The text of a pod's spec without its node, by the spec, which many pods share.
const std::string& Encoder::spec_text(const api::Shared<api::PodSpec>& spec) {
  const auto it = specs_.find(spec.identity());
  if (it != specs_.end()) return it->second.text;
  api::Pod pod;
  pod.spec = spec;
  const json document = api::encode_object(kinds_, pod);
  spec_order_.push_back(spec.identity());
  if (spec_order_.size() > limits_.specs_max) {
    specs_.erase(spec_order_.front());
    spec_order_.pop_front();
  }
  return specs_.emplace(spec.identity(), Spec{spec, dumped(document["spec"])}).first->second.text;
}

// Metadata and a pod's spec as text at once; what is left of the object by way of a document.
std::string Encoder::bare_text(const api::Object& object) {
  std::string text = "{\"metadata\":";
  append_meta(text, object.meta);
  const Ref<api::Object> rest = object.clone();
  rest->meta = {};
  if (auto* pod = rest->kind == api::KindId::kPod ? static_cast<api::Pod*>(rest.get()) : nullptr;
      pod && pod->spec) {
    const std::string& spec = spec_text(pod->spec);
    append_key(text, "spec");
    if (pod->node_name.empty()) {
      text += spec;
    } else {
      text += "{\"nodeName\":";
      append_quoted(text, pod->node_name.view());
      if (spec.size() > 2) text += ',';
      text.append(spec, 1);
    }
    pod->spec = {};
    pod->node_name = {};
  }
  const json document = api::encode_object(kinds_, *rest);
  for (const auto& [key, value] : document.items()) {
    if (key == "kind" || key == "apiVersion" || key == "metadata") continue;
    append_key(text, key);
    append_json(text, value);
  }
  text += '}';
  return text;
}

// The object as JSON without kind and apiVersion, as lists carry it.
const std::string& Encoder::bare(const api::Object& object) {
  if (const auto it = kept_.find(&object); it != kept_.end()) return it->second->bare;
  auto kept = std::make_unique<Kept>();
  kept->object = api::ObjectRef(&object);
  kept->bare = bare_text(object);
  bytes_ += kept->bare.size();
  const std::string& text = kept->bare;
  kept_.emplace(&object, std::move(kept));
  order_.push_back(&object);
  while (bytes_ > limits_.bytes_max && order_.size() > 1) forget_oldest();
  return text;
}

json Encoder::document_of(const View& view, const api::Object& object) const {
  json document = api::encode_object(kinds_, object);
  const api::ResourceRow& row = *view.served->row;
  if (const VersionRow* version = version_row(row.group, row.version, row.kind)) {
    version->from_hub(document);
  }
  document["apiVersion"] = group_version_text(row.group, row.version);
  return document;
}

std::string Encoder::document(const View& view, const json& document) const {
  switch (view.wanted.encoding) {
    case Encoding::kYaml:
      return api::json_to_yaml(document);
    case Encoding::kProtobuf:
      return sealed(protobuf_, document);
    case Encoding::kJson:
      break;
  }
  if (view.wanted.pretty) {
    return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
  }
  return dumped(document) + "\n";
}

json Encoder::shaped(const View& view, const api::Object& object) const {
  if (view.wanted.shaping == Shaping::kPartial) {
    return partial_metadata(document_of(view, object), view.wanted.meta_version);
  }
  return document_of(view, object);
}

const TablePrinter& Encoder::printer_of(const Served& served) {
  if (printers_generation_ != catalog_.generation()) {
    printers_.clear();
    printers_generation_ = catalog_.generation();
  }
  std::unique_ptr<TablePrinter>& printer = printers_[&served];
  if (!printer) {
    printer = served.custom ? std::make_unique<TablePrinter>(custom_columns_of(served))
                            : std::make_unique<TablePrinter>(*served.row);
  }
  return *printer;
}

void Encoder::add_row(const View& view, const api::Object& object, TableWriter& writer) {
  const bool has_object = view.include == IncludeObject::kObject;
  if (!is_converted(view)) {
    if (writer.add(object, has_object ? text_of(view, object) : std::string())) return;
  }
  writer.add(document_of(view, object));
}

std::string Encoder::table(const View& view, std::span<const api::ObjectRef> objects,
                           const TableMeta& meta, bool has_headers) {
  TableOptions options;
  options.version = view.wanted.meta_version;
  options.include = view.include;
  options.has_headers = has_headers;
  options.now = view.now;
  TableWriter writer(printer_of(*view.served), options, meta);
  for (const api::ObjectRef& object : objects) add_row(view, *object, writer);
  return writer.finish();
}

std::string Encoder::text_of(const View& view, const api::Object& object) {
  if (view.wanted.encoding != Encoding::kJson || is_converted(view)) {
    return dumped(shaped(view, object));
  }
  std::string text;
  append_whole(*view.served->row, bare(object), text);
  return text;
}

std::string Encoder::object(const View& view, const api::Object& object) {
  if (is_plain(view) && !view.wanted.pretty) return text_of(view, object) + "\n";
  if (view.wanted.shaping == Shaping::kTable) {
    const api::ObjectRef one(&object);
    TableMeta meta;
    meta.resource_version = std::to_string(object.meta.resource_version);
    return recoded(view, table(view, std::span(&one, 1), meta, true));
  }
  return document(view, shaped(view, object));
}

// Tables are written as text; other encodings and indentation take them apart again.
std::string Encoder::recoded(const View& view, std::string text) const {
  if (view.wanted.encoding == Encoding::kJson && !view.wanted.pretty) return text + "\n";
  return document(view, json::parse(text, nullptr, false));
}

std::string Encoder::list(const View& view, const Response& response) {
  const api::ResourceRow& row = *view.served->row;
  if (view.wanted.shaping == Shaping::kTable) {
    TableMeta meta{std::to_string(response.revision), response.continue_token,
                   response.remaining_items};
    return recoded(view, table(view, response.items, meta, true));
  }
  if (is_plain(view) && !is_converted(view) && !view.wanted.pretty) {
    std::string out = "{\"kind\":\"";
    out.append(row.kind)
        .append("List\",\"apiVersion\":\"")
        .append(group_version_text(row.group, row.version));
    out.append("\",\"metadata\":").append(dumped(list_meta(response))).append(",\"items\":[");
    for (std::size_t i = 0; i < response.items.size(); ++i) {
      // A string that doubles holds a long list three times.
      if (i == kSampled) out.reserve(out.size() / kSampled * response.items.size() / 8 * 9);
      if (i != 0) out.push_back(',');
      if (view.served->custom) {
        append_whole(row, bare(*response.items[i]), out);
      } else {
        out.append(bare(*response.items[i]));
      }
    }
    out.append("]}\n");
    return out;
  }
  json items = json::array();
  const bool partial = view.wanted.shaping == Shaping::kPartial;
  for (const api::ObjectRef& item : response.items) {
    json one = shaped(view, *item);
    if (!partial && !view.served->custom) {
      one.erase("kind");
      one.erase("apiVersion");
    }
    items.push_back(std::move(one));
  }
  json whole = {{"kind", partial ? "PartialObjectMetadataList" : std::string(row.kind) + "List"},
                {"apiVersion", partial ? "meta.k8s.io/" + view.wanted.meta_version
                                       : group_version_text(row.group, row.version)},
                {"metadata", list_meta(response)},
                {"items", std::move(items)}};
  return document(view, whole);
}

std::string Encoder::framed(const View& view, std::string_view type,
                            std::string_view object) const {
  if (view.wanted.encoding == Encoding::kProtobuf) return api::watch_frame(type, object);
  std::string frame = "{\"type\":\"";
  frame.append(type).append("\",\"object\":").append(object).append("}\n");
  return frame;
}

BlobRef Encoder::event(const View& view, std::string_view type, const json& document) const {
  const std::string object =
      view.wanted.encoding == Encoding::kProtobuf ? sealed(protobuf_, document) : dumped(document);
  return BlobRef(new Blob(framed(view, type, object)));
}

BlobRef Encoder::event(const View& view, const WatchEvent& event, bool first) {
  const bool columns = first || view.wanted.shaping != Shaping::kTable;
  const std::uint64_t key = frame_key(view, event, columns);
  const auto it = frames_.find(key);
  if (it != frames_.end() && it->second->object.get() == event.object.get()) {
    return it->second->bytes;
  }
  std::string object;
  if (view.wanted.shaping == Shaping::kTable) {
    TableMeta meta;
    meta.resource_version = std::to_string(event.revision);
    object = table(view, std::span(&event.object, 1), meta, columns);
  } else if (view.wanted.encoding == Encoding::kProtobuf) {
    object = sealed(protobuf_, shaped(view, *event.object));
  } else {
    object = is_plain(view) ? text_of(view, *event.object) : dumped(shaped(view, *event.object));
  }
  auto frame = std::make_unique<Frame>();
  frame->object = event.object;
  frame->bytes =
      BlobRef(new Blob(framed(view, kTypeNames[static_cast<std::size_t>(event.type)], object)));
  BlobRef bytes = frame->bytes;
  if (it == frames_.end()) frame_order_.push_back(key);
  frames_[key] = std::move(frame);
  while (frame_order_.size() > limits_.events_max) {
    frames_.erase(frame_order_.front());
    frame_order_.pop_front();
  }
  return bytes;
}

BlobRef Encoder::bookmark(const View& view, api::Revision revision, bool ends_initial) const {
  const api::ResourceRow& row = *view.served->row;
  json meta = {{"resourceVersion", std::to_string(revision)}};
  if (ends_initial) meta["annotations"] = {{"k8s.io/initial-events-end", "true"}};
  json document = {{"kind", row.kind},
                   {"apiVersion", group_version_text(row.group, row.version)},
                   {"metadata", meta}};
  if (view.wanted.shaping == Shaping::kTable) {
    document = {{"kind", "Table"},
                {"apiVersion", "meta.k8s.io/" + view.wanted.meta_version},
                {"metadata", {{"resourceVersion", std::to_string(revision)}}},
                {"columnDefinitions", nullptr},
                {"rows", json::array()}};
  } else if (view.wanted.shaping == Shaping::kPartial) {
    document["kind"] = "PartialObjectMetadata";
    document["apiVersion"] = "meta.k8s.io/" + view.wanted.meta_version;
  }
  return event(view, "BOOKMARK", document);
}

}  // namespace orrery::apiserver
