#include "core/api/checks/flow_checks.h"

#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

constexpr std::int64_t kPrecedenceMax = 10'000;
constexpr std::int64_t kQueuesMax = 10'000'000;

void check_subject(FieldErrors& errors, const Json& subject, const Path& path) {
  const std::string_view kind = text(subject, "kind");
  const auto must_have = [&](const char* key) {
    if (!has(subject, key)) {
      errors.required(path.child(key),
                      std::string(key) + " is required when subject kind is '" +
                          std::string(kind) + "'");
    } else if (text(subject[key], "name").empty()) {
      errors.required(path.child(key).child("name"));
    }
  };
  if (kind == "ServiceAccount") {
    must_have("serviceAccount");
    if (has(subject, "serviceAccount") && text(subject["serviceAccount"], "namespace").empty()) {
      errors.required(path.child("serviceAccount.namespace"),
                      "must specify namespace for service account");
    }
  } else if (kind == "User") {
    must_have("user");
  } else if (kind == "Group") {
    must_have("group");
  } else {
    errors.not_supported(path.child("kind"), kind, {"Group", "ServiceAccount", "User"});
  }
}

void check_lists(FieldErrors& errors, const Json& rule, std::initializer_list<const char*> keys,
                 const Path& path) {
  for (const char* key : keys) {
    if (array(rule, key).empty()) errors.required(path.child(key));
  }
}

void check_rule(FieldErrors& errors, const Json& rule, const Path& path) {
  const Json& subjects = array(rule, "subjects");
  if (subjects.empty()) {
    errors.required(path.child("subjects"), "subjects must contain at least one value");
  }
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    check_subject(errors, subjects[i], path.at("subjects", i));
  }
  const Json& resources = array(rule, "resourceRules");
  const Json& urls = array(rule, "nonResourceRules");
  if (resources.empty() && urls.empty()) {
    errors.required(path, "at least one of resourceRules and nonResourceRules has to be non-empty");
  }
  for (std::size_t i = 0; i < resources.size(); ++i) {
    const Path at = path.at("resourceRules", i);
    check_lists(errors, resources[i], {"verbs", "apiGroups", "resources"}, at);
    if (array(resources[i], "namespaces").empty() && !flag(resources[i], "clusterScope")) {
      errors.required(at.child("namespaces"),
                      "resource rules that are not cluster scoped must supply at least one "
                      "namespace");
    }
  }
  for (std::size_t i = 0; i < urls.size(); ++i) {
    check_lists(errors, urls[i], {"verbs", "nonResourceURLs"}, path.at("nonResourceRules", i));
  }
}

void check_queuing(FieldErrors& errors, const Json& queuing, const Path& path) {
  const std::int64_t limit = integer(queuing, "queueLengthLimit");
  const std::int64_t queues = integer(queuing, "queues"), hand = integer(queuing, "handSize");
  if (limit <= 0) errors.invalid(path.child("queueLengthLimit"), limit, "must be positive");
  if (queues <= 0) {
    errors.invalid(path.child("queues"), queues, "must be positive");
  } else if (queues > kQueuesMax) {
    errors.invalid(path.child("queues"), queues, "must not be greater than 10000000");
  }
  if (hand <= 0) {
    errors.invalid(path.child("handSize"), hand, "must be positive");
  } else if (hand > queues) {
    errors.invalid(path.child("handSize"), hand,
                   "should not be greater than queues (" + std::to_string(queues) + ")");
  }
}

void check_limited(FieldErrors& errors, const Json& limited, const Path& path) {
  const std::int64_t shares = integer(limited, "nominalConcurrencyShares");
  if (shares < 0) {
    errors.invalid(path.child("nominalConcurrencyShares"), shares,
                   "must be a non-negative integer");
  }
  const Json& response = object(limited, "limitResponse");
  const std::string_view type = text(response, "type");
  const Path at = path.child("limitResponse");
  const Json* queuing = member(response, "queuing");
  if (type == "Reject") {
    if (queuing) {
      errors.forbidden(at.child("queuing"), "must be nil if limited.limitResponse.type is not "
                                            "Limited");
    }
  } else if (type == "Queue") {
    if (queuing) {
      check_queuing(errors, *queuing, at.child("queuing"));
    } else {
      errors.required(at.child("queuing"), "must not be empty if limited.limitResponse.type is "
                                           "Limited");
    }
  } else {
    errors.not_supported(at.child("type"), type, {"Queue", "Reject"});
  }
  const auto lendable = maybe_integer(limited, "lendablePercent");
  if (lendable && (*lendable < 0 || *lendable > 100)) {
    errors.invalid(path.child("lendablePercent"), *lendable,
                   "must be between 0 and 100, inclusive");
  }
  const auto borrowing = maybe_integer(limited, "borrowingLimitPercent");
  if (borrowing && *borrowing < 0) {
    errors.invalid(path.child("borrowingLimitPercent"), *borrowing,
                   "if specified, must be a non-negative integer");
  }
}

}  // namespace

void default_flow_schema(Json& schema) {
  set_if_zero(make_object(schema, "spec"), "matchingPrecedence", 1000);
}

void check_flow_schema(FieldErrors& errors, const Json& schema) {
  check_object_meta(errors, schema, Scope::kCluster, subdomain_name);
  const Json& spec = object(schema, "spec");
  const Path path("spec");
  const std::int64_t precedence = integer(spec, "matchingPrecedence");
  if (precedence <= 0) {
    errors.invalid(path.child("matchingPrecedence"), precedence, "must be a positive value");
  }
  if (precedence > kPrecedenceMax) {
    errors.invalid(path.child("matchingPrecedence"), precedence,
                   "must not be greater than 10000");
  }
  if (precedence == 1 && text(object(schema, "metadata"), "name") != "exempt") {
    errors.invalid(path.child("matchingPrecedence"), precedence,
                   "only the schema named 'exempt' may have matchingPrecedence 1");
  }
  if (const Json* method = member(spec, "distinguisherMethod")) {
    const std::string_view type = text(*method, "type");
    if (type != "ByUser" && type != "ByNamespace") {
      errors.not_supported(path.child("distinguisherMethod"), type, {"ByNamespace", "ByUser"});
    }
  }
  const std::string_view level = text(object(spec, "priorityLevelConfiguration"), "name");
  if (level.empty()) {
    errors.required(path.child("priorityLevelConfiguration.name"),
                    "must reference a priority level");
  } else {
    check_dns_subdomain(errors, level, path.child("priorityLevelConfiguration.name"));
  }
  const Json& rules = array(spec, "rules");
  for (std::size_t i = 0; i < rules.size(); ++i) check_rule(errors, rules[i], path.at("rules", i));
}

void default_priority_level(Json& level) {
  Json& spec = make_object(level, "spec");
  if (has(spec, "exempt")) {
    set_if_absent(spec["exempt"], "nominalConcurrencyShares", 0);
    set_if_absent(spec["exempt"], "lendablePercent", 0);
  }
  if (!has(spec, "limited")) return;
  Json& limited = spec["limited"];
  set_if_absent(limited, "nominalConcurrencyShares", 30);
  set_if_absent(limited, "lendablePercent", 0);
  Json& response = make_object(limited, "limitResponse");
  if (!has(response, "queuing")) return;
  set_if_zero(response["queuing"], "handSize", 8);
  set_if_zero(response["queuing"], "queues", 64);
  set_if_zero(response["queuing"], "queueLengthLimit", 50);
}

void check_priority_level(FieldErrors& errors, const Json& level) {
  check_object_meta(errors, level, Scope::kCluster, subdomain_name);
  const Json& spec = object(level, "spec");
  const Path path("spec");
  const std::string_view type = text(spec, "type");
  const Json* limited = member(spec, "limited");
  if (type == "Exempt") {
    if (limited) {
      errors.forbidden(path.child("limited"), "must be nil if the type is not Limited");
    }
  } else if (type == "Limited") {
    if (limited) {
      check_limited(errors, *limited, path.child("limited"));
    } else {
      errors.required(path.child("limited"), "must not be empty when type is Limited");
    }
  } else {
    errors.not_supported(path.child("type"), type, {"Exempt", "Limited"});
  }
}

}  // namespace orrery::api
