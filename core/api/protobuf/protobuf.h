// ProtobufCodec: Kubernetes' protobuf encoding (application/vnd.kubernetes.protobuf), driven by the
// API table: JSON documents to the bytes that upstream's encoder writes, and back to the JSON that
// a Go client would have sent. Callers: request bodies, responses, watch streams. Make one for the
// program: it compiles the table once; its methods are const and share nothing.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/api/protobuf/wire_plan.h"
#include "core/api/schema/api_table.h"
#include "core/base/result.h"

namespace orrery::api {

class ProtobufCodec {
 public:
  /// `table` must outlive the codec.
  explicit ProtobufCodec(const ApiTable& table);

  /// The row to give to decode and encode: a row of the table, or PartialObjectMetadata and its
  /// list, which the table lacks; the options and Status are found under any apiVersion, as
  /// upstream registers them. -1: no such type (custom resources have no protobuf form).
  int find_type(std::string_view api_version, std::string_view kind) const;

  /// A message (what the envelope holds) as JSON without apiVersion and kind. Zero values that are
  /// on the wire only because the encoder writes every field are left out. BadRequest for what is
  /// not such a message.
  Result<nlohmann::json> decode(std::size_t type, std::string_view message) const;

  /// The message of a document. Nulls, unknown members and values of another type than the table
  /// says count as not set; so does what is nested deeper than kWireDepthMax messages.
  std::string encode(std::size_t type, const nlohmann::json& document) const;

  /// A whole body: opens the envelope, decodes by its apiVersion and kind and adds both to the
  /// document. `default_type` (a row, or -1) decodes an envelope that names no kind. BadRequest for
  /// a kind without a protobuf form.
  Result<nlohmann::json> decode_body(std::string_view body, int default_type = -1) const;

  /// The document in its envelope, by its apiVersion and kind; NotAcceptable for a kind without a
  /// protobuf form.
  Result<std::string> encode_body(const nlohmann::json& document) const;

 private:
  const ApiTable& table_;
  WirePlan plan_;
};

}  // namespace orrery::api
