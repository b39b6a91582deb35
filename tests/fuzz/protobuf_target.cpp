#include <nlohmann/json.hpp>

#include "core/api/protobuf/protobuf.h"
#include "tests/fuzz/api_world.h"
#include "tests/fuzz/targets.h"

namespace orrery::fuzz {
namespace {

using nlohmann::json;

const api::ProtobufCodec& codec() {
  static const api::ProtobufCodec codec(api_table());
  return codec;
}

// Zeros that a sender left out come with the first encoding; from then on nothing changes.
json again(const json& document) {
  const auto body = codec().encode_body(document);
  demand(body.ok(), "a decoded object can be encoded", document.dump());
  const auto decoded = codec().decode_body(*body);
  demand(decoded.ok(), "an encoded object can be decoded", decoded.status().message());
  return *decoded;
}

}  // namespace

void protobuf(std::string_view input) {
  const auto document = codec().decode_body(input);
  if (!document.ok()) {
    demand(document.status().code() == 400, "a body that cannot be read is a bad request");
    (void)json(document.status().message()).dump();  // throws where it is not UTF-8
    return;
  }
  const json once = again(*document);
  const json twice = again(once);
  demand(once == twice, "encoded and decoded again it is the same",
         once.dump() + "\n" + twice.dump());
}

}  // namespace orrery::fuzz
