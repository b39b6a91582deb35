// Checks of CertificateSigningRequests.
#include <algorithm>
#include <array>
#include <set>

#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/registration_checks.h"

namespace orrery::api {
namespace {

constexpr std::int64_t kSecondsMin = 600;
constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kDashes = "-----";
constexpr std::string_view kRequestType = "CERTIFICATE REQUEST";

constexpr std::array<std::string_view, 23> kUsages{
    "any",           "cert sign",          "client auth",     "code signing",
    "content commitment", "crl sign",      "data encipherment", "decipher only",
    "digital signature",  "email protection", "encipher only", "ipsec end system",
    "ipsec tunnel",  "ipsec user",         "key agreement",   "key encipherment",
    "microsoft sgc", "netscape sgc",       "ocsp signing",    "s/mime",
    "server auth",   "signing",            "timestamping"};

Messages no_name_rule(std::string_view, bool) { return {}; }

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

// Ignores line ends and padding; what is no base64 ends it.
std::string base64_decoded(std::string_view text) {
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    const int digit = base64_digit(c);
    if (digit < 0) break;
    bits = bits << 6 | static_cast<unsigned>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>(bits >> count & 0xff));
  }
  return out;
}

// The type and the bytes of the first PEM block; an empty type: there is none.
struct PemBlock {
  std::string_view type;
  std::string bytes;
};
PemBlock first_block(std::string_view text) {
  const std::size_t begin = text.find(kBegin);
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin + kBegin.size());
  const std::size_t dashes = text.find(kDashes);
  if (dashes == std::string_view::npos) return {};
  const std::string_view type = text.substr(0, dashes);
  const std::string end = "-----END " + std::string(type) + "-----";
  text.remove_prefix(dashes + kDashes.size());
  const std::size_t stop = text.find(end);
  if (stop == std::string_view::npos) return {};
  return {type, base64_decoded(text.substr(0, stop))};
}

// Whether the bytes are one ASN.1 sequence.
std::string asn1_error(std::string_view der) {
  constexpr char kBroken[] = "asn1: syntax error: sequence truncated";
  if (der.size() < 2 || der[0] != 0x30) return kBroken;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(der[i]); };
  std::size_t length = byte(1), header = 2;
  if (length & 0x80) {
    const std::size_t octets = length & 0x7f;
    if (octets == 0 || octets > 4 || der.size() < 2 + octets) return kBroken;
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) length = length << 8 | byte(2 + i);
    header += octets;
  }
  return der.size() < header + length ? kBroken : "";
}

std::string request_error(std::string_view encoded) {
  const std::string text = base64_decoded(encoded);
  const PemBlock block = first_block(text);
  if (block.type != kRequestType) return "PEM block type must be CERTIFICATE REQUEST";
  return asn1_error(block.bytes);
}

void check_usages(FieldErrors& errors, const Json& usages, const Path& path) {
  if (usages.empty()) errors.required(path, "usages must contain at least one value");
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < usages.size(); ++i) {
    const std::string_view usage = as_text(usages[i]);
    if (std::find(kUsages.begin(), kUsages.end(), usage) == kUsages.end()) {
      errors.invalid(path.index(i), usage, "unknown usage");
    }
    if (!seen.insert(usage).second) errors.duplicate(path.index(i), usage);
  }
}

void check_signer_name(FieldErrors& errors, std::string_view name, const Path& path) {
  if (name.empty()) {
    errors.required(path);
    return;
  }
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos || name.find('/', slash + 1) != std::string_view::npos) {
    errors.invalid(path, name,
                   "must be a fully qualified domain and path of the form 'example.com/signer-"
                   "name'");
    return;
  }
  const std::string_view domain = name.substr(0, slash), rest = name.substr(slash + 1);
  for (const std::string& message : dns_subdomain_messages(domain)) {
    errors.invalid(path, domain, "validating domain segment: " + message);
  }
  if (std::count(domain.begin(), domain.end(), '.') < 1) {
    errors.invalid(path, name, "should be a domain with at least two segments separated by dots");
  }
  for (const std::string& message : dns_subdomain_messages(rest)) {
    errors.invalid(path, rest, "validating path segment: " + message);
  }
}

void check_conditions(FieldErrors& errors, const Json& request) {
  const Json& conditions = array(object(request, "status"), "conditions");
  const Path path("status.conditions");
  bool approved = false, denied = false;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const std::string_view type = text(conditions[i], "type");
    const std::string_view status = text(conditions[i], "status");
    const Path at = path.index(i);
    if (type.empty()) errors.required(at.child("type"));
    const bool sticky = type == "Approved" || type == "Denied" || type == "Failed";
    if (status.empty()) {
      errors.required(at.child("status"));
    } else if (sticky && status != "True") {
      errors.not_supported(at.child("status"), status, {"True"});
    }
    approved = approved || type == "Approved";
    denied = denied || type == "Denied";
    if (!seen.insert(type).second) errors.duplicate(at.child("type"), type);
  }
  if (approved && denied) {
    errors.invalid(path, "", "Approved and Denied conditions are mutually exclusive");
  }
}

void check_request(FieldErrors& errors, const Json& request) {
  const Json& spec = object(request, "spec");
  const Path path("spec");
  const std::string_view body = text(spec, "request");
  const std::string error = request_error(body);
  if (!error.empty()) errors.invalid(path.child("request"), body, error);
  check_usages(errors, array(spec, "usages"), path.child("usages"));
  check_signer_name(errors, text(spec, "signerName"), path.child("signerName"));
  const auto seconds = maybe_integer(spec, "expirationSeconds");
  if (seconds && *seconds < kSecondsMin) {
    errors.invalid(path.child("expirationSeconds"), *seconds,
                   "may not specify a duration less than 600 seconds (10 minutes)");
  }
  check_conditions(errors, request);
}

}  // namespace

void prepare_signing_request(Json& request) {
  if (!has(request, "status")) request["status"] = Json::object();
}

void check_signing_request(FieldErrors& errors, const Json& request) {
  check_object_meta(errors, request, Scope::kCluster, no_name_rule);
  check_request(errors, request);
}

void check_signing_request_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_request(errors, now);
}

void check_signing_request_status(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_conditions(errors, now);
  const Path path("status.conditions");
  for (const Json& condition : array(object(old, "status"), "conditions")) {
    const std::string_view type = text(condition, "type");
    if (type != "Approved" && type != "Denied" && type != "Failed") continue;
    const Json& conditions = array(object(now, "status"), "conditions");
    const bool kept = std::any_of(conditions.begin(), conditions.end(),
                                  [&](const Json& c) { return text(c, "type") == type; });
    if (kept) continue;
    errors.forbidden(path, "updates may not remove a condition of type " + quoted(type));
  }
}

}  // namespace orrery::api
