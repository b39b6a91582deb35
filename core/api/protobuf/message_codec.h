// The two halves of ProtobufCodec: one message to JSON and JSON to one message, by the plan. Called
// by protobuf.cpp only; hostile bytes give an error text, never a crash.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/api/protobuf/wire_plan.h"

namespace orrery::api {

class ProtobufCodec;

/// "" and the document in `out`, or why `text` is no such message, with the path of the field.
std::string decode_message(const WirePlan& plan, const ProtobufCodec& codec, std::size_t row,
                           std::string_view text, nlohmann::json& out);

std::string encode_message(const WirePlan& plan, std::size_t row, const nlohmann::json& document);

}  // namespace orrery::api
