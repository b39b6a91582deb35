// Encoder: objects, lists and events as the bytes that clients are sent. One encoding per object
// and revision is kept (within a bound) and shared by all who ask: gets, lists, every watcher.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <unordered_map>

#include "core/api/kind_registry.h"
#include "core/api/pod_spec.h"
#include "core/apiserver/catalog.h"
#include "core/apiserver/tables/table.h"
#include "core/apiserver/wire/negotiation.h"
#include "core/ports/client.h"
#include "core/ports/http_exchange.h"

namespace orrery::api {
class ProtobufCodec;
}

namespace orrery::apiserver {

/// How one request's answers look.
struct View {
  const Served* served = nullptr;
  Wanted wanted;
  IncludeObject include = IncludeObject::kMetadata;  // of tables
  Time now;                    // of tables: ages
};

class Encoder {
 public:
  struct Limits {
    std::size_t bytes_max = 64u << 20;   // of remembered objects
    std::size_t events_max = 4096;       // remembered frames
    std::size_t specs_max = 1024;        // remembered specs of pods
  };
  Encoder(const api::Kinds& kinds, const Catalog& catalog, const api::ProtobufCodec& protobuf,
          Limits limits);
  Encoder(const api::Kinds& kinds, const Catalog& catalog, const api::ProtobufCodec& protobuf)
      : Encoder(kinds, catalog, protobuf, Limits()) {}
  ~Encoder();

  /// The object in the version and shape of `view`.
  std::string object(const View& view, const api::Object& object);
  /// Any document with kind and apiVersion (Status, Scale, reviews, ...).
  std::string document(const View& view, const nlohmann::json& document) const;
  std::string list(const View& view, const Response& response);
  /// One frame of a watch. `first`: of a table, with the columns.
  BlobRef event(const View& view, const WatchEvent& event, bool first);
  /// A frame whose object is any document: BOOKMARK, ERROR.
  BlobRef event(const View& view, std::string_view type, const nlohmann::json& document) const;
  /// A BOOKMARK at `revision`; `ends_initial`: the mark of WatchList's end.
  BlobRef bookmark(const View& view, api::Revision revision, bool ends_initial) const;

 private:
  struct Kept;
  struct Frame;
  const std::string& bare(const api::Object& object);
  std::string bare_text(const api::Object& object);
  const std::string& spec_text(const api::Shared<api::PodSpec>& spec);
  std::string text_of(const View& view, const api::Object& object);
  nlohmann::json shaped(const View& view, const api::Object& object) const;
  const TablePrinter& printer_of(const Served& served);
  void add_row(const View& view, const api::Object& object, TableWriter& writer);
  std::string table(const View& view, std::span<const api::ObjectRef> objects,
                    const TableMeta& meta, bool has_headers);
  std::string recoded(const View& view, std::string text) const;
  nlohmann::json document_of(const View& view, const api::Object& object) const;
  std::string framed(const View& view, std::string_view type, std::string_view object) const;
  void forget_oldest();

  const api::Kinds& kinds_;
  const Catalog& catalog_;
  const api::ProtobufCodec& protobuf_;
  const Limits limits_;
  std::unordered_map<const api::Object*, std::unique_ptr<Kept>> kept_;  // lookup only
  std::deque<const api::Object*> order_;
  std::size_t bytes_ = 0;
  struct Spec {
    api::Shared<api::PodSpec> spec;  // held: the address means it
    std::string text;
  };
  std::unordered_map<const void*, Spec> specs_;  // lookup only
  std::deque<const void*> spec_order_;
  std::unordered_map<const Served*, std::unique_ptr<TablePrinter>> printers_;  // lookup only
  std::uint64_t printers_generation_ = 0;
  std::unordered_map<std::uint64_t, std::unique_ptr<Frame>> frames_;  // lookup only
  std::deque<std::uint64_t> frame_order_;
};

}  // namespace orrery::apiserver
