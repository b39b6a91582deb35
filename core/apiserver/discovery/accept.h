// What an Accept header asks of discovery and of OpenAPI, in upstream's terms: clauses by falling
// quality, the first that can be served wins. DiscoveryDocuments calls it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::apiserver {

/// One clause: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList;q=0.9".
struct AcceptClause {
  std::string_view type, subtype;       // "application", "json"
  std::string_view as, group, version;  // the parameters as, g and v
  int quality = 1000;                   // thousandths
};

/// The clauses, best first; an empty header is "*/*".
std::vector<AcceptClause> parse_accept(std::string_view header);

enum class DiscoveryForm : std::uint8_t { kLegacy, kAggregatedV2, kAggregatedV2Beta1 };

struct DiscoveryWish {
  DiscoveryForm form = DiscoveryForm::kLegacy;
  std::string_view media_type = "application/json";  // of kLegacy also YAML and protobuf
};

/// Nothing: 406 Not Acceptable.
std::optional<DiscoveryWish> negotiate_discovery(std::string_view accept);

enum class OpenApiForm : std::uint8_t { kJson, kProtobuf };

/// `offers_protobuf`: OpenAPI v2 has a protobuf form. Nothing: 406.
std::optional<OpenApiForm> negotiate_openapi(std::string_view accept, bool offers_protobuf);

}  // namespace orrery::apiserver
