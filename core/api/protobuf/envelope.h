// The envelope of Kubernetes' protobuf bodies: four bytes "k8s\0", then runtime.Unknown with
// apiVersion, kind and the object's message; and the frames of a watch stream. Callers: the codec
// and the API server's streams. Views point into the body given.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace orrery::api {

inline constexpr std::string_view kProtobufMagic{"k8s\0", 4};

struct ProtobufObject {
  std::string_view api_version, kind;
  std::string_view raw;  // the object's message
};

/// BadRequest if `body` has no magic or is not a runtime.Unknown with a plain protobuf message.
Result<ProtobufObject> open_envelope(std::string_view body);
/// The body that upstream's encoder writes.
std::string seal_envelope(std::string_view api_version, std::string_view kind,
                          std::string_view raw);

/// One frame of a watch stream: length in 4 bytes, big-endian, then metav1.WatchEvent. `sealed` is
/// the object in its envelope.
std::string watch_frame(std::string_view type, std::string_view sealed);

}  // namespace orrery::api
