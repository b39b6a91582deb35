#include <algorithm>
#include <charconv>

#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/network_checks.h"

namespace orrery::api {
namespace {

constexpr std::size_t kTypesMax = 2;

void check_port(FieldErrors& errors, const Json& port, const Path& path) {
  const auto protocol = maybe_text(port, "protocol");
  if (protocol && *protocol != "TCP" && *protocol != "UDP" && *protocol != "SCTP") {
    errors.not_supported(path.child("protocol"), *protocol, {"TCP", "UDP", "SCTP"});
  }
  const Json* number = member(port, "port");
  const auto end = maybe_integer(port, "endPort");
  if (!number) {
    if (end) {
      errors.invalid(path.child("endPort"), *end,
                     "may not be specified when `port` is not specified");
    }
  } else if (number->is_number()) {
    const std::int64_t first = as_integer(*number);
    for (const std::string& message : port_number_messages(first)) {
      errors.invalid(path.child("port"), first, message);
    }
    if (!end) return;
    if (*end < first) {
      errors.invalid(path.child("endPort"), first, "must be greater than or equal to `port`");
    }
    for (const std::string& message : port_number_messages(*end)) {
      errors.invalid(path.child("endPort"), *end, message);
    }
  } else {
    if (end) {
      errors.invalid(path.child("endPort"), *end,
                     "may not be specified when `port` is non-numeric");
    }
    errors.invalid_each(path.child("port"), as_text(*number), port_name_messages(as_text(*number)));
  }
}

// The first `bits` bits of an address.
bool same_prefix(const IpAddress& a, const IpAddress& b, int bits) {
  for (int i = 0; i < bits; ++i) {
    const unsigned mask = 0x80u >> (i % 8);
    if ((a.bytes[i / 8] & mask) != (b.bytes[i / 8] & mask)) return false;
  }
  return true;
}

int prefix_length(std::string_view cidr) {
  int bits = 0;
  const std::string_view digits = cidr.substr(cidr.find('/') + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  return bits;
}

bool is_strictly_inside(std::string_view inner, std::string_view outer) {
  const IpAddress a = parse_ip(inner.substr(0, inner.find('/')));
  const IpAddress b = parse_ip(outer.substr(0, outer.find('/')));
  const int bits = prefix_length(outer);
  return a.v6 == b.v6 && prefix_length(inner) > bits && same_prefix(a, b, bits);
}

void check_block(FieldErrors& errors, const Json& block, const Path& path) {
  const std::string_view cidr = text(block, "cidr");
  if (cidr.empty()) {
    errors.required(path.child("cidr"));
    return;
  }
  check_cidr(errors, cidr, path.child("cidr"));
  if (!is_cidr(cidr)) return;
  const Json& excepted = array(block, "except");
  for (std::size_t i = 0; i < excepted.size(); ++i) {
    const std::string_view one = as_text(excepted[i]);
    check_cidr(errors, one, path.at("except", i));
    if (is_cidr(one) && !is_strictly_inside(one, cidr)) {
      errors.invalid(path.at("except", i), one, "must be a strict subset of `cidr`");
    }
  }
}

void check_peer(FieldErrors& errors, const Json& peer, const Path& path) {
  int peers = 0;
  for (const char* key : {"podSelector", "namespaceSelector"}) {
    if (!has(peer, key)) continue;
    ++peers;
    check_label_selector(errors, member(peer, key), path.child(key));
  }
  const Json* block = member(peer, "ipBlock");
  if (block) {
    ++peers;
    check_block(errors, *block, path.child("ipBlock"));
  }
  if (peers == 0) {
    errors.required(path, "must specify a peer");
  } else if (peers > 1 && block) {
    errors.forbidden(path, "may not specify both ipBlock and another peer");
  }
}

void check_rules(FieldErrors& errors, const Json& spec, const char* direction, const char* peers,
                 const Path& path) {
  const Json& rules = array(spec, direction);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Path at = path.at(direction, i);
    const Json &ports = array(rules[i], "ports"), &others = array(rules[i], peers);
    for (std::size_t j = 0; j < ports.size(); ++j) check_port(errors, ports[j], at.at("ports", j));
    for (std::size_t j = 0; j < others.size(); ++j) check_peer(errors, others[j], at.at(peers, j));
  }
}

}  // namespace

void default_network_policy(Json& policy) {
  Json& spec = make_object(policy, "spec");
  make_object(spec, "podSelector");
  for (const char* direction : {"ingress", "egress"}) {
    for (Json& rule : items_of(spec, direction)) {
      for (Json& port : items_of(rule, "ports")) set_if_absent(port, "protocol", "TCP");
    }
  }
  if (!array(spec, "policyTypes").empty()) return;
  spec["policyTypes"] = Json::array({"Ingress"});
  if (!array(spec, "egress").empty()) spec["policyTypes"].push_back("Egress");
}

void check_network_policy(FieldErrors& errors, const Json& policy) {
  check_object_meta(errors, policy, Scope::kNamespaced, subdomain_name);
  const Json& spec = object(policy, "spec");
  const Path path("spec");
  check_label_selector(errors, member(spec, "podSelector"), path.child("podSelector"));
  check_rules(errors, spec, "ingress", "from", path);
  check_rules(errors, spec, "egress", "to", path);
  const Json& types = array(spec, "policyTypes");
  if (types.size() > kTypesMax) {
    errors.invalid_raw(path.child("policyTypes"), types.dump(),
                       "may not specify more than two policyTypes");
    return;
  }
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i] == "Ingress" || types[i] == "Egress") continue;
    errors.not_supported(path.at("policyTypes", i), as_text(types[i]), {"Ingress", "Egress"});
  }
}

}  // namespace orrery::api
