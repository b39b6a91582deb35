// Negotiation: which form of an answer a client wants, from its Accept header, and which form its
// body has, from Content-Type (upstream's endpoints/handlers/negotiation).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace orrery::apiserver {

enum class Encoding : std::uint8_t { kJson, kYaml, kProtobuf };

/// What the answer is turned into before it is encoded.
enum class Shaping : std::uint8_t { kObject, kTable, kPartial };

struct Wanted {
  Encoding encoding = Encoding::kJson;
  Shaping shaping = Shaping::kObject;
  std::string meta_version = "v1";  // of Table and PartialObjectMetadata
  bool pretty = false;
};

/// NotAcceptable (406) if nothing in `accept` can be given.
Result<Wanted> negotiate(std::string_view accept, bool allows_transform);

/// The Content-Type of an answer, e.g. "application/json", "application/vnd.kubernetes.protobuf";
/// streams of events add ";stream=watch".
std::string content_type_of(const Wanted& wanted, bool is_stream);

/// UnsupportedMediaType (415) for what cannot be read; an empty type is JSON.
Result<Encoding> body_encoding(std::string_view content_type);

/// The media type of a header value, lower case, without parameters.
std::string media_type_of(std::string_view content_type);

}  // namespace orrery::apiserver
