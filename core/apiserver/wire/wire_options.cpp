#include "core/apiserver/wire/wire_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/api/checks/checks.h"
#include "core/api/checks/field_error.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

constexpr std::size_t kManagerMax = 128;

Result<std::int64_t> parse_int(const std::string& text) {
  std::int64_t value = 0;
  const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
  const auto r = std::from_chars(begin, text.data() + text.size(), value);
  if (!text.empty() && r.ec == std::errc() && r.ptr == text.data() + text.size()) return value;
  const char* why =
      r.ec == std::errc::result_out_of_range ? "value out of range" : "invalid syntax";
  return bad_request(fmt::format("strconv.ParseInt: parsing \"{}\": {}", text, why));
}

// conversion.Convert_Slice_string_To_bool: "false" and "0" are false, all else is true.
bool parse_bool(const std::string& text) {
  return text != "false" && text != "0" && text != "False" && text != "FALSE";
}

Result<std::optional<std::int64_t>> int_parameter(const Query& query, std::string_view name) {
  if (!query.has(name) || query.get(name).empty()) return std::optional<std::int64_t>();
  Result<std::int64_t> value = parse_int(query.get(name));
  if (!value.ok()) return value.status();
  return std::optional<std::int64_t>(*value);
}

Status check_list_options(const CollectionOptions& options) {
  const ListOptions& list = options.list;
  const WatchOptions& watch = options.watch;
  api::FieldErrors errors;
  if (watch.send_initial) {
    if (!watch.wanted) {
      errors.forbidden(api::Path("sendInitialEvents"), "sendInitialEvents is forbidden for list");
    } else if (list.resource_version_match != "NotOlderThan") {
      errors.forbidden(api::Path("resourceVersionMatch"),
                       "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    }
  } else if (watch.wanted && !list.resource_version_match.empty()) {
    errors.forbidden(api::Path("resourceVersionMatch"),
                     "resourceVersionMatch is forbidden for watch unless sendInitialEvents is "
                     "provided");
  } else if (!list.resource_version_match.empty()) {
    if (list.resource_version.empty()) {
      errors.forbidden(api::Path("resourceVersionMatch"),
                       "resourceVersionMatch is forbidden unless resourceVersion is provided");
    }
    if (!list.continue_token.empty()) {
      errors.forbidden(api::Path("resourceVersionMatch"),
                       "resourceVersionMatch is forbidden when continue is provided");
    }
    if (list.resource_version_match == "Exact" && list.resource_version == "0") {
      errors.forbidden(api::Path("resourceVersionMatch"),
                       "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
    }
  }
  const std::string& match = list.resource_version_match;
  if (!match.empty() && match != "Exact" && match != "NotOlderThan") {
    errors.not_supported(api::Path("resourceVersionMatch"), match, {"Exact", "NotOlderThan", ""});
  }
  if (errors.empty()) return Status();
  return api::invalid_status("ListOptions", "meta.k8s.io", "", errors);
}

FieldValidation validation_of(const std::string& text) {
  if (text == "Strict") return FieldValidation::kStrict;
  return text == "Ignore" ? FieldValidation::kIgnore : FieldValidation::kWarn;
}

// The byte that a field manager's name may not have, or npos.
std::size_t unprintable(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == 0x7f) return i;
  }
  return std::string_view::npos;
}

Result<Propagation> propagation_of(const std::string& text) {
  if (text.empty()) return Propagation::kDefault;
  if (text == "Background") return Propagation::kBackground;
  if (text == "Foreground") return Propagation::kForeground;
  if (text == "Orphan") return Propagation::kOrphan;
  api::FieldErrors errors;
  errors.not_supported(api::Path("propagationPolicy"), text,
                       {"Foreground", "Background", "Orphan", "nil"});
  return api::invalid_status("DeleteOptions", "meta.k8s.io", "", errors);
}

Status check_dry_run(const std::vector<std::string>& values, std::string_view kind) {
  api::FieldErrors errors;
  for (const std::string& value : values) {
    if (value != "All") errors.not_supported(api::Path("dryRun"), value, {"All"});
  }
  if (errors.empty()) return Status();
  return api::invalid_status(kind, "meta.k8s.io", "", errors);
}

Status both_propagations(const std::string& policy) {
  api::FieldErrors errors;
  errors.invalid(api::Path("propagationPolicy"), policy,
                 "orphanDependents and deletionPropagation cannot be both set");
  return api::invalid_status("DeleteOptions", "meta.k8s.io", "", errors);
}

Status undecodable_delete(std::string_view why) {
  return bad_request(
      fmt::format("DeleteOptions in version \"v1\" cannot be handled as a DeleteOptions: {}", why));
}

}  // namespace

Result<CollectionOptions> read_collection_options(const RequestInfo& info, const Query& query) {
  CollectionOptions out;
  ListOptions& list = out.list;
  list.label_selector = query.get("labelSelector");
  list.field_selector = query.get("fieldSelector");
  list.continue_token = query.get("continue");
  list.resource_version = query.get("resourceVersion");
  list.resource_version_match = query.get("resourceVersionMatch");
  Result<std::optional<std::int64_t>> limit = int_parameter(query, "limit");
  if (!limit.ok()) return limit.status();
  list.limit = limit->value_or(0);
  Result<std::optional<std::int64_t>> timeout = int_parameter(query, "timeoutSeconds");
  if (!timeout.ok()) return timeout.status();
  out.watch.timeout_seconds = *timeout;
  out.watch.wanted = info.verb == "watch";
  out.watch.bookmarks =
      query.has("allowWatchBookmarks") && parse_bool(query.get("allowWatchBookmarks"));
  if (query.has("sendInitialEvents")) {
    out.watch.send_initial = parse_bool(query.get("sendInitialEvents"));
  }
  RETURN_IF_ERROR(check_list_options(out));
  return out;
}

Result<api::Revision> parse_revision(const std::string& text) {
  api::Revision revision = 0;
  const auto r = std::from_chars(text.data(), text.data() + text.size(), revision);
  if (r.ec == std::errc() && r.ptr == text.data() + text.size()) return revision;
  return bad_request(fmt::format(
      "invalid resource version: resourceVersion: Invalid value: \"{}\": strconv.ParseUint: "
      "parsing \"{}\": invalid syntax",
      text, text));
}

std::string manager_of(std::string_view user_agent) {
  std::string_view name = user_agent.substr(0, user_agent.find('/'));
  if (name.empty()) return "unknown";
  return std::string(name.substr(0, kManagerMax));
}

Status read_write_options(const Query& query, std::string_view kind, std::string_view user_agent,
                          Request& request) {
  const std::vector<std::string> dry_run = query.all("dryRun");
  RETURN_IF_ERROR(check_dry_run(dry_run, kind));
  request.dry_run = !dry_run.empty();
  const bool applies = request.verb == Verb::kPatch && request.patch_type == PatchType::kApply;
  const std::string& manager = query.get("fieldManager");
  api::FieldErrors errors;
  if (query.has("force")) {
    request.force = parse_bool(query.get("force"));
    if (request.verb == Verb::kPatch && !applies) {
      errors.forbidden(api::Path("force"), "may not be specified for non-apply patch");
    }
  }
  if (applies && manager.empty()) {
    errors.required(api::Path("fieldManager"), "is required for apply patch");
  }
  if (manager.size() > kManagerMax) errors.too_long(api::Path("fieldManager"), kManagerMax);
  if (const std::size_t at = unprintable(manager); at != std::string_view::npos) {
    errors.invalid(api::Path("fieldManager"), manager,
                   fmt::format("invalid character U+{:04X} (at position {})",
                               static_cast<unsigned char>(manager[at]), at));
  }
  const std::string& validation = query.get("fieldValidation");
  if (!validation.empty() && validation != "Strict" && validation != "Warn" &&
      validation != "Ignore") {
    errors.not_supported(api::Path("fieldValidation"), validation,
                         {"", "Ignore", "Strict", "Warn"});
  }
  if (!errors.empty()) return api::invalid_status(kind, "meta.k8s.io", "", errors);
  request.field_validation = validation_of(validation);
  request.field_manager = Text(manager.empty() ? manager_of(user_agent) : manager);
  return Status();
}

Status read_delete_query(const Query& query, Request& request) {
  Result<std::optional<std::int64_t>> grace = int_parameter(query, "gracePeriodSeconds");
  if (!grace.ok()) return grace.status();
  request.remove.grace_period_seconds = *grace;
  Result<Propagation> propagation = propagation_of(query.get("propagationPolicy"));
  if (!propagation.ok()) return propagation.status();
  request.remove.propagation = *propagation;
  if (query.has("orphanDependents")) {
    if (query.has("propagationPolicy")) return both_propagations(query.get("propagationPolicy"));
    request.remove.propagation =
        parse_bool(query.get("orphanDependents")) ? Propagation::kOrphan : Propagation::kBackground;
  }
  const std::vector<std::string> dry_run = query.all("dryRun");
  RETURN_IF_ERROR(check_dry_run(dry_run, "DeleteOptions"));
  request.dry_run = !dry_run.empty();
  return Status();
}

Status read_delete_options(const json& options, Request& request) {
  if (!options.is_object()) return undecodable_delete("it is not an object");
  const auto member = [&](const char* name) {
    const auto it = options.find(name);
    return it == options.end() ? json() : *it;
  };
  const json grace = member("gracePeriodSeconds");
  if (grace.is_number_integer()) {
    request.remove.grace_period_seconds = grace.get<std::int64_t>();
  } else if (!grace.is_null()) {
    return undecodable_delete("gracePeriodSeconds must be an integer");
  }
  const json policy = member("propagationPolicy");
  Result<Propagation> propagation =
      propagation_of(policy.is_string() ? policy.get<std::string>() : "");
  if (!propagation.ok()) return propagation.status();
  request.remove.propagation = *propagation;
  if (const json orphan = member("orphanDependents"); orphan.is_boolean()) {
    if (policy.is_string()) return both_propagations(policy.get<std::string>());
    request.remove.propagation =
        orphan.get<bool>() ? Propagation::kOrphan : Propagation::kBackground;
  }
  if (const json wanted = member("preconditions"); wanted.is_object()) {
    const auto text = [&](const char* name) {
      const auto it = wanted.find(name);
      return it != wanted.end() && it->is_string() ? it->get<std::string>() : std::string();
    };
    request.remove.uid = Uid::parse(text("uid"));
    const std::string version = text("resourceVersion");
    std::from_chars(version.data(), version.data() + version.size(),
                    request.remove.resource_version);
  }
  request.dry_run = false;
  const json dry_run = member("dryRun");
  if (dry_run.is_array() && !dry_run.empty()) {
    std::vector<std::string> values;
    for (const json& v : dry_run) values.push_back(v.is_string() ? v.get<std::string>() : v.dump());
    RETURN_IF_ERROR(check_dry_run(values, "DeleteOptions"));
    request.dry_run = true;
  }
  return Status();
}

}  // namespace orrery::apiserver
