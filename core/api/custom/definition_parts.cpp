// Names, printer columns, subresources and conversion of a CRD.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "core/api/checks/formats.h"
#include "core/api/checks/json_view.h"
#include "core/api/custom/definition_spec.h"

namespace orrery::api {
namespace {

std::string joined(const Messages& messages) { return fmt::format("{}", fmt::join(messages, ",")); }

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

void check_lower_name(FieldErrors& errors, std::string_view name, const Path& path) {
  const Messages messages = dns_1035_label_messages(name);
  if (!name.empty() && !messages.empty()) errors.invalid(path, name, joined(messages));
}
void check_mixed_name(FieldErrors& errors, std::string_view name, const Path& path) {
  const Messages messages = dns_1035_label_messages(lower_case(name));
  if (name.empty() || messages.empty()) return;
  errors.invalid(path, name,
                 "may have mixed case, but should otherwise match: " + joined(messages));
}

// A list element may not be empty either.
void check_listed_names(FieldErrors& errors, const Json& names, const char* key, const Path& path) {
  const Json& list = array(names, key);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Messages messages = dns_1035_label_messages(as_text(list[i]));
    if (!messages.empty()) errors.invalid(path.at(key, i), as_text(list[i]), joined(messages));
  }
}

void check_scale_path(FieldErrors& errors, const Json& scale, const char* key,
                      std::string_view prefix, const Path& path) {
  const std::string_view value = text(scale, key);
  const Path key_path = path.child(key);
  if (value.empty()) {
    errors.required(key_path);
  } else if (value.front() != '.') {
    errors.invalid(key_path, value, "must be a simple json path starting with .");
  } else if (!value.starts_with(std::string(prefix) + ".")) {
    errors.invalid(key_path, value, fmt::format("should be a json path under {}", prefix));
  }
}

void check_webhook_url(FieldErrors& errors, std::string_view url, const Path& path) {
  constexpr std::string_view kForm = "; desired format: https://host[/path]";
  const std::size_t colon = url.find("://");
  const std::string_view scheme = colon == std::string_view::npos ? "" : url.substr(0, colon);
  if (scheme != "https") {
    errors.invalid(path, scheme, fmt::format("'https' is the only allowed URL scheme{}", kForm));
  }
  std::string_view rest = colon == std::string_view::npos ? "" : url.substr(colon + 3);
  std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  const std::size_t at = host.rfind('@');
  const std::string_view user = at == std::string_view::npos ? "" : host.substr(0, at);
  if (at != std::string_view::npos) host.remove_prefix(at + 1);
  if (host.empty()) errors.invalid(path, "", fmt::format("host must be specified{}", kForm));
  if (!user.empty()) errors.invalid(path, user, "user information is not permitted in the URL");
  const std::size_t hash = rest.find('#');
  if (hash != std::string_view::npos && hash + 1 < rest.size()) {
    errors.invalid(path, rest.substr(hash + 1), "fragments are not permitted in the URL");
    rest = rest.substr(0, hash);
  }
  const std::size_t question = rest.find('?');
  if (question != std::string_view::npos && question + 1 < rest.size()) {
    errors.invalid(path, rest.substr(question + 1),
                   "query parameters are not permitted in the URL");
  }
}

void check_webhook_client(FieldErrors& errors, const Json& client, const Path& path) {
  const Json* service = member(client, "service");
  const auto url = maybe_text(client, "url");
  if (url.has_value() == (service != nullptr)) {
    errors.required(path, "exactly one of url or service is required");
  } else if (url) {
    check_webhook_url(errors, *url, path.child("url"));
  } else {
    const Path service_path = path.child("service");
    if (text(*service, "name").empty()) {
      errors.required(service_path.child("name"), "service name is required");
    }
    if (text(*service, "namespace").empty()) {
      errors.required(service_path.child("namespace"), "service namespace is required");
    }
    const std::int64_t port = maybe_integer(*service, "port").value_or(443);
    for (const std::string& message : port_number_messages(port)) {
      errors.invalid(service_path.child("port"), port, "port is not valid: " + message);
    }
  }
}

void check_review_versions(FieldErrors& errors, const Json& versions, bool known,
                           const Path& path) {
  if (versions.empty()) {
    errors.required(path);
    return;
  }
  std::set<std::string_view> seen;
  bool accepted = false;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const std::string_view version = as_text(versions[i]);
    if (!seen.insert(version).second) {
      errors.invalid(path.index(i), version, "duplicate version");
      continue;
    }
    errors.invalid_each(path.index(i), version, dns_1035_label_messages(version));
    accepted = accepted || version == "v1" || version == "v1beta1";
  }
  if (known && !accepted) {
    errors.invalid_raw(path, versions.dump(), "must include at least one of v1, v1beta1");
  }
}

}  // namespace

void check_definition_names(FieldErrors& errors, const Json& names, const Path& path) {
  check_lower_name(errors, text(names, "plural"), path.child("plural"));
  check_lower_name(errors, text(names, "singular"), path.child("singular"));
  const std::string_view kind = text(names, "kind");
  const std::string_view list_kind = text(names, "listKind");
  check_mixed_name(errors, kind, path.child("kind"));
  check_mixed_name(errors, list_kind, path.child("listKind"));
  check_listed_names(errors, names, "shortNames", path);
  if (!kind.empty() && kind == list_kind) {
    errors.invalid(path.child("listKind"), list_kind, "kind and listKind may not be the same");
  }
  check_listed_names(errors, names, "categories", path);
}

void check_printer_column(FieldErrors& errors, const Json& column, const Path& path) {
  constexpr std::string_view kTypes[] = {"boolean", "date", "integer", "number", "string"};
  constexpr std::string_view kFormats[] = {"byte",  "date",  "date-time", "double",
                                           "float", "int32", "int64",     "password"};
  const auto one_of = [](auto& list, std::string_view value) {
    return std::find(std::begin(list), std::end(list), value) != std::end(list);
  };
  if (text(column, "name").empty()) errors.required(path.child("name"));
  const std::string_view type = text(column, "type");
  const std::string why = fmt::format("must be one of {}", fmt::join(kTypes, ","));
  if (type.empty()) {
    errors.required(path.child("type"), why);
  } else if (!one_of(kTypes, type)) {
    errors.invalid(path.child("type"), type, why);
  }
  const std::string_view format = text(column, "format");
  if (!format.empty() && !one_of(kFormats, format)) {
    errors.invalid(path.child("format"), format,
                   fmt::format("must be one of {}", fmt::join(kFormats, ",")));
  }
  const std::string_view json_path = text(column, "jsonPath");
  if (json_path.empty()) {
    errors.required(path.child("JSONPath"));
  } else if (json_path.front() != '.') {
    errors.invalid(path.child("JSONPath"), json_path, "must be a simple json path starting with .");
  }
}

void check_custom_subresources(FieldErrors& errors, const Json* subresources, const Path& path) {
  const Json* scale = subresources ? member(*subresources, "scale") : nullptr;
  if (!scale) return;
  const Path scale_path = path.child("scale");
  check_scale_path(errors, *scale, "specReplicasPath", ".spec", scale_path);
  check_scale_path(errors, *scale, "statusReplicasPath", ".status", scale_path);
  const std::string_view selector = text(*scale, "labelSelectorPath");
  if (selector.empty()) return;
  const Path selector_path = scale_path.child("labelSelectorPath");
  if (selector.front() != '.') {
    errors.invalid(selector_path, selector, "must be a simple json path starting with .");
  } else if (!selector.starts_with(".spec.") && !selector.starts_with(".status.")) {
    errors.invalid(selector_path, selector, "should be a json path under either .spec or .status");
  }
}

void check_conversion(FieldErrors& errors, const Json& conversion, bool known_versions,
                      const Path& path) {
  const std::string_view strategy = text(conversion, "strategy");
  const Path strategy_path = path.child("strategy");
  if (strategy.empty()) {
    errors.required(strategy_path);
  } else if (strategy != "None" && strategy != "Webhook") {
    errors.not_supported(strategy_path, strategy, {"None", "Webhook"});
  }
  const Json& webhook = object(conversion, "webhook");
  const Json* client = member(webhook, "clientConfig");
  const Json& versions = array(webhook, "conversionReviewVersions");
  const Path client_path = path.child("webhookClientConfig");
  const Path versions_path = path.child("conversionReviewVersions");
  if (strategy == "Webhook") {
    if (client) {
      check_webhook_client(errors, *client, client_path);
    } else {
      errors.required(client_path, "required when strategy is set to Webhook");
    }
    check_review_versions(errors, versions, known_versions, versions_path);
    return;
  }
  constexpr std::string_view kWhy = "should not be set when strategy is not set to Webhook";
  if (client) errors.forbidden(client_path, kWhy);
  if (!versions.empty()) errors.forbidden(versions_path, kWhy);
}

}  // namespace orrery::api
