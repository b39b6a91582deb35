#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/network_checks.h"

namespace orrery::api {
namespace {

constexpr std::size_t kControllerMax = 250;
constexpr char kClassMark[] = "kubernetes.io/ingress.class";
constexpr char kWildcardText[] =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which "
    "must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric "
    "character (e.g. '*.example.com', regex used for validation is "
    "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

void check_host(FieldErrors& errors, std::string_view host, const Path& path) {
  if (host.find('*') == std::string_view::npos) {
    check_dns_subdomain(errors, host, path);
  } else if (!host.starts_with("*.") || !dns_subdomain_messages(host.substr(2)).empty()) {
    errors.invalid(path, host, kWildcardText);
  }
}

void check_reference(FieldErrors& errors, const Json& reference, const Path& path) {
  if (const auto group = maybe_text(reference, "apiGroup")) {
    check_dns_subdomain(errors, *group, path.child("apiGroup"));
  }
  for (const char* key : {"kind", "name"}) {
    const std::string_view value = text(reference, key);
    if (value.empty()) errors.required(path.child(key));
    errors.invalid_each(path.child(key), value, path_segment_name(value, false));
  }
}

void check_service_backend(FieldErrors& errors, const Json& service, const Path& path) {
  const std::string_view name = text(service, "name");
  if (name.empty()) {
    errors.required(path.child("service.name"));
  } else {
    errors.invalid_each(path.child("service.name"), name, dns_1035_label_messages(name));
  }
  const Json& port = object(service, "port");
  const std::string_view port_name = text(port, "name");
  const std::int64_t number = integer(port, "number");
  if (!port_name.empty() && number != 0) {
    errors.invalid(path, "", "cannot set both port name & port number");
  } else if (!port_name.empty()) {
    errors.invalid_each(path.child("service.port.name"), port_name, port_name_messages(port_name));
  } else if (number != 0) {
    for (const std::string& message : port_number_messages(number)) {
      errors.invalid(path.child("service.port.number"), number, message);
    }
  } else {
    errors.required(path, "port name or number is required");
  }
}

void check_backend(FieldErrors& errors, const Json& backend, const Path& path) {
  const Json *resource = member(backend, "resource"), *service = member(backend, "service");
  if (resource && service) {
    errors.invalid(path, "", "cannot set both resource and service backends");
  } else if (resource) {
    check_reference(errors, *resource, path.child("resource"));
  } else if (service) {
    check_service_backend(errors, *service, path);
  } else {
    errors.invalid(path, "", "resource or service backend is required");
  }
}

void check_exact_path(FieldErrors& errors, std::string_view value, const Path& path) {
  if (!value.starts_with('/')) errors.invalid(path, value, "must be an absolute path");
  for (const char* sequence : {"//", "/./", "/../", "%2f", "%2F"}) {
    if (value.find(sequence) != std::string_view::npos) {
      errors.invalid(path, value, std::string("must not contain '") + sequence + "'");
    }
  }
  for (const char* suffix : {"/..", "/."}) {
    if (value.ends_with(suffix)) {
      errors.invalid(path, value, std::string("cannot end with '") + suffix + "'");
    }
  }
}

void check_http_path(FieldErrors& errors, const Json& http_path, const Path& path) {
  const auto type = maybe_text(http_path, "pathType");
  const std::string_view value = text(http_path, "path");
  if (!type) {
    errors.required(path.child("pathType"), "pathType must be specified");
    return;
  }
  if (*type == "Exact" || *type == "Prefix") {
    check_exact_path(errors, value, path.child("path"));
  } else if (*type != "ImplementationSpecific") {
    errors.not_supported(path.child("pathType"), *type,
                         {"Exact", "ImplementationSpecific", "Prefix"});
  } else if (!value.empty() && !value.starts_with('/')) {
    errors.invalid(path.child("path"), value, "must be an absolute path");
  }
  check_backend(errors, object(http_path, "backend"), path.child("backend"));
}

void check_rule(FieldErrors& errors, const Json& rule, const Path& path) {
  const std::string_view host = text(rule, "host");
  if (!host.empty()) {
    if (parse_ip(host).valid) {
      errors.invalid(path.child("host"), host, "must be a DNS name, not an IP address");
    }
    check_host(errors, host, path.child("host"));
  }
  const Json* http = member(rule, "http");
  if (!http) return;
  const Path at = path.child("http");
  const Json& paths = array(*http, "paths");
  if (paths.empty()) errors.required(at.child("paths"));
  for (std::size_t i = 0; i < paths.size(); ++i) {
    check_http_path(errors, paths[i], at.at("paths", i));
  }
}

void check_tls(FieldErrors& errors, const Json& tls, const Path& path) {
  const Json& hosts = array(tls, "hosts");
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    check_host(errors, as_text(hosts[i]), path.at("hosts", i));
  }
  const std::string_view secret = text(tls, "secretName");
  if (!secret.empty()) check_dns_subdomain(errors, secret, path.child("secretName"));
}

void check_spec(FieldErrors& errors, const Json& spec) {
  const Path path("spec");
  const Json* backend = member(spec, "defaultBackend");
  const Json &rules = array(spec, "rules"), &tls = array(spec, "tls");
  if (rules.empty() && !backend) {
    errors.invalid_raw(path, json_text(member(spec, "rules")),
                       "either `defaultBackend` or `rules` must be specified");
  }
  if (backend) check_backend(errors, *backend, path.child("defaultBackend"));
  for (std::size_t i = 0; i < rules.size(); ++i) check_rule(errors, rules[i], path.at("rules", i));
  for (std::size_t i = 0; i < tls.size(); ++i) check_tls(errors, tls[i], path.at("tls", i));
  if (const auto name = maybe_text(spec, "ingressClassName")) {
    check_dns_subdomain(errors, *name, path.child("ingressClassName"));
  }
}

void check_parameters(FieldErrors& errors, const Json& parameters, const Path& path) {
  check_reference(errors, parameters, path);
  const auto scope = maybe_text(parameters, "scope");
  const auto space = maybe_text(parameters, "namespace");
  if (!scope) {
    errors.required(path.child("scope"));
  } else if (*scope != "Cluster" && *scope != "Namespace") {
    errors.not_supported(path.child("scope"), *scope, {"Cluster", "Namespace"});
  } else if (*scope == "Namespace") {
    if (!space) {
      errors.required(path.child("namespace"),
                      "`parameters.scope` is set to 'Namespace'");
    } else {
      check_dns_label(errors, *space, path.child("namespace"));
    }
  } else if (space) {
    errors.forbidden(path.child("namespace"), "`parameters.scope` is set to 'Cluster'");
  }
}

void check_class_spec(FieldErrors& errors, const Json& ingress_class) {
  const Json& spec = object(ingress_class, "spec");
  const Path path("spec");
  const std::string_view controller = text(spec, "controller");
  if (controller.size() > kControllerMax) {
    errors.too_long(path.child("controller"), kControllerMax);
  }
  if (controller.empty()) {
    errors.required(path.child("controller"));
  } else {
    errors.invalid_each(path.child("controller"), controller, domain_path_messages(controller));
  }
  if (const Json* parameters = member(spec, "parameters")) {
    check_parameters(errors, *parameters, path.child("parameters"));
  }
}

}  // namespace

void check_ingress(FieldErrors& errors, const Json& ingress) {
  check_object_meta(errors, ingress, Scope::kNamespaced, subdomain_name);
  const Json& spec = object(ingress, "spec");
  check_spec(errors, spec);
  const auto mark = maybe_text(object(object(ingress, "metadata"), "annotations"), kClassMark);
  const auto name = maybe_text(spec, "ingressClassName");
  if (mark && name && *mark != *name) {
    errors.invalid(Path("annotations").child(kClassMark), *mark,
                   "must match `ingressClassName` when both are specified");
  }
}

void check_ingress_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_spec(errors, object(now, "spec"));
}

void check_ingress_status(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  const Json& list = array(object(object(now, "status"), "loadBalancer"), "ingress");
  const Path path("status.loadBalancer");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Path at = path.at("ingress", i);
    const std::string_view ip = text(list[i], "ip"), host = text(list[i], "hostname");
    if (!ip.empty()) check_ip(errors, ip, at.child("ip"));
    if (host.empty()) continue;
    check_dns_subdomain(errors, host, at.child("hostname"));
    if (parse_ip(host).valid) {
      errors.invalid(at.child("hostname"), host, "must be a DNS name, not an IP address");
    }
  }
}

void default_ingress_class(Json& ingress_class) {
  Json& spec = make_object(ingress_class, "spec");
  if (has(spec, "parameters")) set_if_absent(spec["parameters"], "scope", "Cluster");
}

void check_ingress_class(FieldErrors& errors, const Json& ingress_class) {
  check_object_meta(errors, ingress_class, Scope::kCluster, subdomain_name);
  check_class_spec(errors, ingress_class);
}

void check_ingress_class_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_immutable(errors, member(object(now, "spec"), "controller"),
                  member(object(old, "spec"), "controller"), Path("spec.controller"));
  check_class_spec(errors, now);
}

}  // namespace orrery::api
