#include "core/apiserver/auth/policy_rule.h"

#include <algorithm>

#include "core/api/values/quoted.h"

namespace orrery::apiserver {
namespace {

using Texts = std::vector<std::string>;

bool has(const Texts& texts, std::string_view wanted) {
  for (const std::string& text : texts) {
    if (text == wanted) return true;
  }
  return false;
}

bool has_all(const Texts& texts, const Texts& wanted) {
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](const std::string& text) { return has(texts, text); });
}

bool has_or_star(const Texts& texts, std::string_view wanted) {
  for (const std::string& text : texts) {
    if (text == "*" || text == wanted) return true;
  }
  return false;
}

bool is_resource_with(std::string_view text, std::string_view resource, std::string_view sub) {
  return text.size() == resource.size() + 1 + sub.size() && text.starts_with(resource) &&
         text[resource.size()] == '/' && text.ends_with(sub);
}

bool matches_resource(const Texts& resources, const RequestAttributes& a) {
  for (const std::string& text : resources) {
    if (text == "*") return true;
    if (a.subresource.empty()) {
      if (text == a.resource) return true;
    } else if (is_resource_with(text, a.resource, a.subresource) ||
               is_resource_with(text, "*", a.subresource)) {
      return true;
    }
  }
  return false;
}

bool covers_url(std::string_view rule, std::string_view url) {
  if (rule == url) return true;
  if (!rule.ends_with('*')) return false;
  rule = rule.substr(0, rule.find_last_not_of('*') + 1);
  return url.starts_with(rule);
}

bool covers_any_url(const Texts& rules, std::string_view url) {
  return std::any_of(rules.begin(), rules.end(),
                     [&](const std::string& rule) { return covers_url(rule, url); });
}

bool covers_resources(const Texts& held, const Texts& wanted) {
  if (has(held, "*") || has_all(held, wanted)) return true;
  for (const std::string& path : wanted) {
    if (has(held, path)) continue;
    const auto slash = path.find('/');
    if (slash == std::string::npos) return false;
    if (!has(held, "*" + path.substr(slash))) return false;
  }
  return true;
}

bool covers(const PolicyRule& held, const PolicyRule& wanted) {
  const bool names =
      held.resource_names.empty() ||
      (!wanted.resource_names.empty() && has_all(held.resource_names, wanted.resource_names));
  return names && (has(held.verbs, "*") || has_all(held.verbs, wanted.verbs)) &&
         (has(held.api_groups, "*") || has_all(held.api_groups, wanted.api_groups)) &&
         covers_resources(held.resources, wanted.resources) &&
         std::all_of(
             wanted.non_resource_urls.begin(), wanted.non_resource_urls.end(),
             [&](const std::string& url) { return covers_any_url(held.non_resource_urls, url); });
}

void break_down(const PolicyRule& rule, std::vector<PolicyRule>& out) {
  for (const std::string& group : rule.api_groups) {
    for (const std::string& resource : rule.resources) {
      for (const std::string& verb : rule.verbs) {
        if (rule.resource_names.empty()) out.push_back({{verb}, {group}, {resource}, {}, {}});
        for (const std::string& name : rule.resource_names) {
          out.push_back({{verb}, {group}, {resource}, {name}, {}});
        }
      }
    }
  }
  for (const std::string& url : rule.non_resource_urls) {
    for (const std::string& verb : rule.verbs) out.push_back({{verb}, {}, {}, {}, {url}});
  }
}

bool is_simple(const PolicyRule& rule) {
  return rule.resource_names.size() <= 1 && rule.non_resource_urls.empty() &&
         rule.api_groups.size() == 1 && rule.resources.size() == 1;
}

}  // namespace

bool PolicyRule::allows(const RequestAttributes& a) const {
  if (!has_or_star(verbs, a.verb)) return false;
  if (!a.is_resource) return covers_any_url(non_resource_urls, a.path);
  return has_or_star(api_groups, a.api_group) && matches_resource(resources, a) &&
         (resource_names.empty() || has(resource_names, a.name));
}

std::vector<PolicyRule> missing_rules(const std::vector<const PolicyRule*>& held,
                                      const std::vector<PolicyRule>& wanted) {
  std::vector<PolicyRule> parts;
  for (const PolicyRule& rule : wanted) break_down(rule, parts);
  std::erase_if(parts, [&](const PolicyRule& part) {
    return std::any_of(held.begin(), held.end(),
                       [&](const PolicyRule* rule) { return covers(*rule, part); });
  });
  return parts;
}

std::vector<PolicyRule> compact(const std::vector<PolicyRule>& rules) {
  std::vector<PolicyRule> out;
  for (const PolicyRule& rule : rules) {
    const auto same = std::find_if(out.begin(), out.end(), [&](const PolicyRule& o) {
      return is_simple(o) && is_simple(rule) && o.api_groups == rule.api_groups &&
             o.resources == rule.resources && o.resource_names == rule.resource_names;
    });
    if (same == out.end()) {
      out.push_back(rule);
      continue;
    }
    for (const std::string& verb : rule.verbs) {
      if (!has(same->verbs, verb)) same->verbs.push_back(verb);
    }
  }
  return out;
}

std::string quoted_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ' ';
    out += api::quoted(text);
  }
  return out + "]";
}

std::string compact_text(const PolicyRule& rule) {
  std::string out = "{";
  const auto add = [&](std::string_view name, const Texts& texts) {
    if (texts.empty()) return;
    if (out.size() > 1) out += ", ";
    out.append(name).append(":").append(quoted_list(texts));
  };
  add("APIGroups", rule.api_groups);
  add("Resources", rule.resources);
  add("NonResourceURLs", rule.non_resource_urls);
  add("ResourceNames", rule.resource_names);
  add("Verbs", rule.verbs);
  return out + "}";
}

}  // namespace orrery::apiserver
