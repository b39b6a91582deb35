#include "core/apiserver/discovery/discovery_documents.h"

#include <fmt/format.h>

#include "core/apiserver/discovery/aggregated_discovery.h"
#include "core/apiserver/discovery/content_hash.h"
#include "core/apiserver/discovery/legacy_discovery.h"
#include "core/apiserver/discovery/openapi_v2.h"
#include "core/apiserver/discovery/openapi_v3.h"

namespace orrery::apiserver {
namespace {

constexpr std::string_view kNotStored = "no-cache, private";

BlobRef blob(std::string bytes) { return BlobRef(new Blob(std::move(bytes))); }

std::string quoted(std::string_view hash) { return fmt::format("\"{}\"", hash); }

/// Does If-None-Match name this tag?
bool matches_tag(std::string_view header, std::string_view etag) {
  if (header.empty()) return false;
  return header == "*" || header.find(etag) != std::string_view::npos;
}

/// The value of ?hash=, "" if there is none.
std::string_view hash_parameter(std::string_view query) {
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view part = query.substr(0, end);
    if (part.starts_with("hash=")) return part.substr(5);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
  }
  return {};
}

DiscoveryAnswer not_acceptable() {
  DiscoveryAnswer answer;
  answer.status = 406;
  answer.cache_control = kNotStored;
  return answer;
}

void settle_tag(DiscoveryAnswer& answer, std::string_view if_none_match) {
  if (!matches_tag(if_none_match, answer.etag)) return;
  answer.status = 304;
  answer.body = nullptr;
  answer.content_type.clear();
}

bool is_below(std::string_view path, std::string_view root) {
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

}  // namespace

DiscoveryDocuments::DiscoveryDocuments(const Catalog& catalog, Settings settings)
    : catalog_(catalog), settings_(std::move(settings)), generation_(catalog.generation()) {}

void DiscoveryDocuments::forget_old() {
  if (generation_ == catalog_.generation()) return;
  generation_ = catalog_.generation();
  documents_.clear();
  additional_v3_.clear();
}

const DiscoveryDocuments::Document* DiscoveryDocuments::remember(const std::string& key,
                                                                 const Maker& make) {
  const auto it = documents_.find(key);
  if (it != documents_.end()) return &it->second;
  std::string text = make();
  if (text.empty()) return nullptr;
  std::string hash = content_hash(text);
  return &documents_.emplace(key, Document{blob(std::move(text)), std::move(hash)}).first->second;
}

std::optional<DiscoveryAnswer> DiscoveryDocuments::answer(const DiscoveryRequest& request) {
  forget_old();
  std::string_view path = request.path;
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (path == "/openapi/v2") return answer_openapi_v2(request);
  if (path == "/openapi/v3") return answer_openapi_v3(request, "");
  if (path.starts_with("/openapi/v3/")) return answer_openapi_v3(request, path.substr(12));
  if (is_below(path, "/api") || is_below(path, "/apis")) return answer_discovery(request, path);
  return std::nullopt;
}

std::optional<DiscoveryAnswer> DiscoveryDocuments::answer_discovery(const DiscoveryRequest& request,
                                                                    std::string_view path) {
  const std::optional<DiscoveryWish> wish = negotiate_discovery(request.accept);
  if (path == "/api" || path == "/apis") {
    if (wish && wish->form != DiscoveryForm::kLegacy) {
      return answer_aggregated(request, path == "/api", wish->form);
    }
  }
  const bool is_legacy = wish && wish->form == DiscoveryForm::kLegacy;
  std::optional<DiscoveryAnswer> answer =
      answer_legacy(path, is_legacy ? wish->media_type : "application/json");
  if (answer && !is_legacy) return not_acceptable();
  return answer;
}

std::optional<DiscoveryAnswer> DiscoveryDocuments::answer_legacy(std::string_view path,
                                                                 std::string_view media_type) {
  const Document* document = remember(std::string(path), [&]() -> std::string {
    if (path == "/api") return api_versions(catalog_, settings_.server_address);
    if (path == "/apis") return api_group_list(catalog_);
    const bool is_core = path.starts_with("/api/");
    const std::string_view rest = path.substr(is_core ? 5 : 6);
    const std::size_t slash = rest.find('/');
    if (is_core) {
      if (slash != std::string_view::npos) return {};
      return api_resource_list(catalog_, "", rest, settings_.custom);
    }
    if (slash == std::string_view::npos) return api_group(catalog_, rest);
    const std::string_view version = rest.substr(slash + 1);
    if (slash == 0 || version.find('/') != std::string_view::npos) return {};
    return api_resource_list(catalog_, rest.substr(0, slash), version, settings_.custom);
  });
  if (document == nullptr) return std::nullopt;
  DiscoveryAnswer answer;
  answer.content_type = "application/json";
  answer.body = document->blob;
  answer.cache_control = kNotStored;
  if (path == "/api" || path == "/apis") answer.vary = "Accept";
  if (media_type != "application/json") answer.recode_to = media_type;
  return answer;
}

DiscoveryAnswer DiscoveryDocuments::answer_aggregated(const DiscoveryRequest& request,
                                                      bool core_group, DiscoveryForm form) {
  const std::string version = form == DiscoveryForm::kAggregatedV2 ? "v2" : "v2beta1";
  const Document* document =
      remember(fmt::format("{} {}", core_group ? "/api" : "/apis", version),
               [&] { return aggregated_discovery(catalog_, core_group, version); });
  DiscoveryAnswer answer;
  answer.content_type =
      fmt::format("application/json;g=apidiscovery.k8s.io;v={};as=APIGroupDiscoveryList", version);
  answer.body = document->blob;
  answer.etag = quoted(document->hash);
  answer.cache_control = "public";
  answer.vary = "Accept";
  settle_tag(answer, request.if_none_match);
  return answer;
}

std::optional<DiscoveryAnswer> DiscoveryDocuments::answer_openapi_v2(
    const DiscoveryRequest& request) {
  const auto form = negotiate_openapi(request.accept, settings_.encode_openapi_v2 != nullptr);
  if (!form) return not_acceptable();
  const auto make_json = [this] { return openapi_v2_document(catalog_, settings_.custom); };
  DiscoveryAnswer answer;
  const Document* document = nullptr;
  if (*form == OpenApiForm::kJson) {
    document = remember("/openapi/v2 json", make_json);
    answer.content_type = "application/json";
  } else {
    document =
        remember("/openapi/v2 protobuf", [&] { return settings_.encode_openapi_v2(make_json()); });
    answer.content_type = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
  }
  if (document == nullptr) return not_acceptable();  // the encoder had no answer
  answer.body = document->blob;
  answer.etag = quoted(document->hash);
  answer.cache_control = kNotStored;
  answer.vary = "Accept";
  settle_tag(answer, request.if_none_match);
  return answer;
}

const DiscoveryDocuments::Document* DiscoveryDocuments::openapi_document(const std::string& name) {
  auto& documents = is_built_in_document(catalog_, name) ? built_in_v3_ : additional_v3_;
  Document& document = documents[name];
  if (document.blob) return &document;
  std::string text = openapi_v3_document(catalog_, name, settings_.custom);
  if (text.empty()) {
    documents.erase(name);
    return nullptr;
  }
  if (document.hash.empty()) document.hash = content_hash(text);
  document.blob = blob(std::move(text));
  return &document;
}

const std::string& DiscoveryDocuments::openapi_hash(const std::string& name) {
  auto& documents = is_built_in_document(catalog_, name) ? built_in_v3_ : additional_v3_;
  Document& document = documents[name];
  if (document.hash.empty()) {  // for the index the text is not worth its memory
    document.hash = content_hash(openapi_v3_document(catalog_, name, settings_.custom));
  }
  return document.hash;
}

std::optional<DiscoveryAnswer> DiscoveryDocuments::answer_openapi_v3(
    const DiscoveryRequest& request, std::string_view name) {
  if (!negotiate_openapi(request.accept, false)) return not_acceptable();
  const Document* document =
      name.empty() ? remember("/openapi/v3",
                              [this] {
                                std::map<std::string, std::string> hashes;
                                for (const std::string& n : openapi_v3_names(catalog_)) {
                                  hashes[n] = openapi_hash(n);
                                }
                                return openapi_v3_index(hashes);
                              })
                   : openapi_document(std::string(name));
  if (document == nullptr) return std::nullopt;
  DiscoveryAnswer answer;
  answer.cache_control = kNotStored;
  const std::string_view asked = name.empty() ? std::string_view{} : hash_parameter(request.query);
  if (!asked.empty() && asked != document->hash) {
    answer.status = 301;
    answer.location = openapi_v3_url(name, document->hash);
    return answer;
  }
  answer.content_type = "application/json";
  answer.body = document->blob;
  answer.etag = quoted(document->hash);
  answer.vary = "Accept";
  if (!asked.empty()) {
    answer.cache_control = "public, immutable";
    answer.is_immutable = true;
  }
  settle_tag(answer, request.if_none_match);
  return answer;
}

}  // namespace orrery::apiserver
