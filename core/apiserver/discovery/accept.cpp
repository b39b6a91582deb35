#include "core/apiserver/discovery/accept.h"

#include <algorithm>

namespace orrery::apiserver {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return trim(part);
}

/// "0.75" -> 750; what is no quality counts as 1.
int parse_quality(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return 1000;
  if (text[0] == '1') return 1000;
  int thousandths = 0, unit = 100;
  for (std::size_t i = 2; i < text.size() && unit > 0; ++i, unit /= 10) {
    if (text[i] < '0' || text[i] > '9') return 1000;
    thousandths += (text[i] - '0') * unit;
  }
  return thousandths;
}

bool matches(const AcceptClause& clause, std::string_view subtype) {
  if (clause.type == "*") return true;
  return clause.type == "application" && (clause.subtype == "*" || clause.subtype == subtype);
}

/// The media type of ours that a clause names, "" if none.
std::string_view offered_by(const AcceptClause& clause) {
  if (matches(clause, "json")) return "application/json";
  if (matches(clause, "yaml")) return "application/yaml";
  if (matches(clause, "vnd.kubernetes.protobuf")) return "application/vnd.kubernetes.protobuf";
  return {};
}

}  // namespace

std::vector<AcceptClause> parse_accept(std::string_view header) {
  std::vector<AcceptClause> clauses;
  if (trim(header).empty()) header = "*/*";
  while (!header.empty()) {
    std::string_view rest = take(header, ',');
    if (rest.empty()) continue;
    AcceptClause clause;
    std::string_view media = take(rest, ';');
    clause.type = take(media, '/');
    clause.subtype = trim(media);
    while (!rest.empty()) {
      std::string_view value = take(rest, ';');
      const std::string_view key = take(value, '=');
      value = trim(value);
      if (key == "as") clause.as = value;
      if (key == "g") clause.group = value;
      if (key == "v") clause.version = value;
      if (key == "q") clause.quality = parse_quality(value);
    }
    clauses.push_back(clause);
  }
  std::stable_sort(
      clauses.begin(), clauses.end(),
      [](const AcceptClause& a, const AcceptClause& b) { return a.quality > b.quality; });
  return clauses;
}

std::optional<DiscoveryWish> negotiate_discovery(std::string_view accept) {
  for (const AcceptClause& clause : parse_accept(accept)) {
    const std::string_view media_type = offered_by(clause);
    if (media_type.empty() || clause.quality == 0) continue;
    if (clause.as.empty()) return DiscoveryWish{DiscoveryForm::kLegacy, media_type};
    if (clause.as != "APIGroupDiscoveryList" || clause.group != "apidiscovery.k8s.io") continue;
    if (media_type != "application/json") continue;
    if (clause.version == "v2") return DiscoveryWish{DiscoveryForm::kAggregatedV2};
    if (clause.version == "v2beta1") return DiscoveryWish{DiscoveryForm::kAggregatedV2Beta1};
  }
  return std::nullopt;
}

std::optional<OpenApiForm> negotiate_openapi(std::string_view accept, bool offers_protobuf) {
  for (const AcceptClause& clause : parse_accept(accept)) {
    if (clause.quality == 0) continue;
    if (matches(clause, "json")) return OpenApiForm::kJson;
    if (!offers_protobuf) continue;
    if (matches(clause, "com.github.proto-openapi.spec.v2@v1.0+protobuf") ||
        matches(clause, "com.github.proto-openapi.spec.v2.v1.0+protobuf")) {
      return OpenApiForm::kProtobuf;
    }
  }
  return std::nullopt;
}

}  // namespace orrery::apiserver
