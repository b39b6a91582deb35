// DiscoveryDocuments: answers GET of /api, /apis and below, /openapi/v2 and /openapi/v3, and
// remembers the serialized documents until the catalog's generation changes; OpenAPI documents of
// built-in group versions never do. The API server's routing asks it first; what it does not answer
// is a resource or unknown. The catalog outlives it; only the event loop's thread calls it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/apiserver/discovery/accept.h"
#include "core/apiserver/discovery/custom_facts.h"
#include "core/apiserver/discovery/served_groups.h"
#include "core/ports/http_exchange.h"

namespace orrery::apiserver {

struct DiscoveryRequest {
  std::string_view path;           // "/openapi/v3/apis/apps/v1"
  std::string_view query;          // after '?'
  std::string_view accept;         // the header, "" = none
  std::string_view if_none_match;  // the header, "" = none
};

/// Empty texts mean: send no such header. A 406 has no body: the caller words it.
struct DiscoveryAnswer {
  int status = 200;
  std::string content_type;
  BlobRef body;  // null for 301, 304 and 406
  std::string etag, cache_control, vary, location;
  /// The answer to a hashed URL, good for ever: the caller adds Expires, a year from now.
  bool is_immutable = false;
  /// "application/yaml" or "application/vnd.kubernetes.protobuf": the client wants the JSON body, a
  /// meta/v1 object, in that form; the caller encodes it.
  std::string recode_to;
};

class DiscoveryDocuments {
 public:
  struct Settings {
    std::string server_address;           // "10.0.0.1:6443", told by GET /api
    const CustomFacts* custom = nullptr;  // outlives; null: any object
    /// JSON of OpenAPI v2 to its protobuf form; null: only JSON is offered.
    std::function<std::string(const std::string&)> encode_openapi_v2;
  };
  DiscoveryDocuments(const Catalog& catalog, Settings settings);

  /// Nothing if the path is not of discovery or OpenAPI, or names what is not served.
  std::optional<DiscoveryAnswer> answer(const DiscoveryRequest& request);

 private:
  struct Document {
    BlobRef blob;  // null: only the hash is known
    std::string hash;
  };
  using Maker = std::function<std::string()>;

  void forget_old();
  /// The remembered document, or a new one; null if `make` gives "".
  const Document* remember(const std::string& key, const Maker& make);
  const Document* openapi_document(const std::string& name);
  const std::string& openapi_hash(const std::string& name);

  std::optional<DiscoveryAnswer> answer_discovery(const DiscoveryRequest& request,
                                                  std::string_view path);
  std::optional<DiscoveryAnswer> answer_legacy(std::string_view path, std::string_view media_type);
  DiscoveryAnswer answer_aggregated(const DiscoveryRequest& request, bool core_group,
                                    DiscoveryForm form);
  std::optional<DiscoveryAnswer> answer_openapi_v2(const DiscoveryRequest& request);
  std::optional<DiscoveryAnswer> answer_openapi_v3(const DiscoveryRequest& request,
                                                   std::string_view name);

  const Catalog& catalog_;
  const Settings settings_;
  std::uint64_t generation_ = 0;
  std::map<std::string, Document> documents_;      // until the generation changes
  std::map<std::string, Document> built_in_v3_;    // never change
  std::map<std::string, Document> additional_v3_;  // until the generation changes
};

}  // namespace orrery::apiserver
