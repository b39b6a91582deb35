// Warnings about services, volumes and their like; warnings.cpp names them.
#include <fmt/format.h>

#include "core/api/checks/amount.h"
#include "core/api/checks/core_checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/warning_rows.h"
#include "core/api/values/quoted.h"

namespace orrery::api {
namespace {

struct Row {
  const char* member;
  const char* shown;
  const char* text;
};
constexpr Row kVolumes[] = {
    {"photonPersistentDisk", "photonPersistentDisk",
     "deprecated in v1.11, non-functional in v1.16+"},
    {"scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"},
    {"storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"},
    {"flocker", "flocker", "deprecated in v1.22, non-functional in v1.25+"},
    {"quobyte", "quobyte", "deprecated in v1.22, non-functional in v1.25+"},
    {"glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"},
    {"cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"},
    {"rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"},
};

constexpr char kClassAnnotation[] = "volume.beta.kubernetes.io/storage-class";
constexpr char kMountAnnotation[] = "volume.beta.kubernetes.io/mount-options";

bool is_annotated(const Json& object_json, const char* key) {
  return has(object(object(object_json, "metadata"), "annotations"), key);
}

void class_annotation_warning(WarningTexts& out, const Json& object_json) {
  if (!is_annotated(object_json, kClassAnnotation)) return;
  out.push_back(fmt::format("metadata.annotations[{}]: deprecated since v1.8; use "
                            "\"storageClassName\" attribute instead",
                            kClassAnnotation));
}

// The base64 text of the header of any PEM block starts so, wherever the block begins.
bool has_pem(const Json& data, const char* key) {
  const std::string_view encoded = text(data, key);
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (const char c : encoded) {
    const std::size_t digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) continue;
    bits = bits << 6 | static_cast<unsigned>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(bits >> count & 0xff));
  }
  return bytes.find("-----BEGIN ") != std::string::npos;
}

}  // namespace

void service_warnings(WarningTexts& out, const Json& service) {
  const Json& spec = object(service, "spec");
  const std::string_view type = text(spec, "type");
  const bool external = type == "ExternalName";
  if (!array(spec, "externalIPs").empty()) {
    out.emplace_back(
        "spec.externalIPs is deprecated and may no longer be implemented in some clusters");
    if (external) {
      out.emplace_back("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
    }
  }
  if (!external && !text(spec, "externalName").empty()) {
    out.emplace_back("spec.externalName is ignored when spec.type is not \"ExternalName\"");
  }
  if (text(spec, "trafficDistribution") == "PreferClose") {
    out.emplace_back(
        "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
  }
  if (!is_headless(service)) return;
  if (!text(spec, "loadBalancerIP").empty()) {
    out.emplace_back("spec.loadBalancerIP is ignored for headless services");
  }
  if (!array(spec, "externalIPs").empty()) {
    out.emplace_back("spec.externalIPs is ignored for headless services");
  }
  if (text(spec, "sessionAffinity") == "ClientIP") {
    out.emplace_back("spec.SessionAffinity is ignored for headless services");
  }
}

void volume_object_warnings(WarningTexts& out, const Json& volume) {
  class_annotation_warning(out, volume);
  if (is_annotated(volume, kMountAnnotation)) {
    out.push_back(fmt::format("metadata.annotations[{}]: deprecated since v1.31; use "
                              "\"mountOptions\" attribute instead",
                              kMountAnnotation));
  }
  const Json& spec = object(volume, "spec");
  if (text(spec, "persistentVolumeReclaimPolicy") == "Recycle") {
    out.emplace_back(
        "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, "
        "the recommended approach is to use dynamic provisioning.");
  }
  for (const Row& row : kVolumes) {
    if (has(spec, row.member)) out.push_back(fmt::format("spec.{}: {}", row.shown, row.text));
  }
}

void claim_warnings(WarningTexts& out, const Json& claim) {
  class_annotation_warning(out, claim);
  const Json& resources = object(object(claim, "spec"), "resources");
  for (const char* list : {"requests", "limits"}) {
    const Json* amount = member(object(resources, list), "storage");
    if (!amount || is_whole_amount(*amount)) continue;
    out.push_back(fmt::format("spec.resources.{}[storage]: fractional byte value {} is invalid, "
                              "must be an integer",
                              list, api::quoted(amount_text(amount))));
  }
}

// As tls.X509KeyPair reads a pair, as far as finding the blocks goes.
void secret_warnings(WarningTexts& out, const Json& secret) {
  if (text(secret, "type") != "kubernetes.io/tls") return;
  const Json& data = object(secret, "data");
  if (!has_pem(data, "tls.crt")) {
    out.emplace_back("tls: failed to find any PEM data in certificate input");
  } else if (!has_pem(data, "tls.key")) {
    out.emplace_back("tls: failed to find any PEM data in key input");
  }
}

void csi_driver_warnings(WarningTexts& out, const Json& driver) {
  const Json& spec = object(driver, "spec");
  if (array(spec, "tokenRequests").empty() || has(spec, "serviceAccountTokenInSecrets")) return;
  out.emplace_back(
      "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to "
      "prevent possible logging of tokens in volume attributes");
}

void ingress_warnings(WarningTexts& out, const Json& ingress) {
  if (!is_annotated(ingress, "kubernetes.io/ingress.class")) return;
  out.emplace_back(
      "annotation \"kubernetes.io/ingress.class\" is deprecated, please use "
      "'spec.ingressClassName' instead");
}

}  // namespace orrery::api
