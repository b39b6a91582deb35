#include "core/apiserver/list_pages.h"

#include <nlohmann/json.hpp>

#include "core/api/schema/document.h"

namespace orrery::apiserver {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// base64url without padding, as apiserver's continue tokens.
std::string to_base64(std::string_view bytes) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    count += 8;
    while (count >= 6) {
      count -= 6;
      out += kDigits[bits >> count & 63];
    }
  }
  if (count > 0) out += kDigits[bits << (6 - count) & 63];
  return out;
}

bool from_base64(std::string_view text, std::string& out) {
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto digit = kDigits.find(c);
    if (digit == std::string_view::npos) return false;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xff);
    }
  }
  return true;
}

}  // namespace

const ListPages::Snapshot& ListPages::add(Snapshot snapshot) {
  snapshots_.push_back(std::move(snapshot));
  if (snapshots_.size() > kSnapshotsMax) snapshots_.pop_front();
  return snapshots_.back();
}

const ListPages::Snapshot* ListPages::find(api::KindId kind, Symbol ns,
                                           api::Revision revision) const {
  for (const Snapshot& s : snapshots_) {
    if (s.kind == kind && s.namespace_ == ns && s.revision == revision) return &s;
  }
  return nullptr;
}

std::string ListPages::encode_token(api::Revision revision, std::string_view start) {
  const nlohmann::json token = {
      {"v", "meta.k8s.io/v1"}, {"rv", revision}, {"start", std::string(start) + '\0'}};
  return to_base64(token.dump());
}

Result<ListPages::Token> ListPages::decode_token(std::string_view token) {
  const auto bad = [](const std::string& why) {
    return bad_request("invalid continue token: continue key is not valid: " + why);
  };
  std::string text;
  if (!from_base64(token, text)) return bad("illegal base64 data");
  Result<api::ParsedDocument> parsed = api::parse_document(text);
  if (!parsed.ok()) return bad(parsed.status().message());
  const nlohmann::json& json = parsed->value;
  if (!json.is_object() || json.value("v", "") != "meta.k8s.io/v1" || !json.contains("rv") ||
      !json["rv"].is_number_integer() || !json.contains("start") || !json["start"].is_string()) {
    return bad("the token is not one of this server's");
  }
  Token out;
  out.revision = json["rv"].get<api::Revision>();
  out.start = json["start"].get<std::string>();
  if (!out.start.empty() && out.start.back() == '\0') out.start.pop_back();
  return out;
}

}  // namespace orrery::apiserver
