#include "core/api/custom/definition_status.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

using Names = std::set<std::string, std::less<>>;

struct TakenNames {
  Names resources, kinds;
};

TakenNames taken_names(std::string_view group, std::span<const Json* const> definitions) {
  TakenNames out;
  for (const Json* definition : definitions) {
    if (text(object(*definition, "spec"), "group") != group) continue;
    const Json& names = object(object(*definition, "status"), "acceptedNames");
    for (const char* key : {"plural", "singular"}) out.resources.emplace(text(names, key));
    for (const Json& name : array(names, "shortNames")) out.resources.emplace(as_text(name));
    for (const char* key : {"kind", "listKind"}) out.kinds.emplace(text(names, key));
  }
  return out;
}

struct Condition {
  std::string type, status, reason, message;
};

Json* find_condition(Json& status, std::string_view type) {
  for (Json& condition : items_of(status, "conditions")) {
    if (text(condition, "type") == type) return &condition;
  }
  return nullptr;
}

void set_condition(Json& status, const Condition& condition, Time now) {
  if (!member(status, "conditions")) status["conditions"] = Json::array();
  Json* found = find_condition(status, condition.type);
  if (!found) {
    status["conditions"].push_back(Json{{"type", condition.type}});
    found = &status["conditions"].back();
  }
  if (text(*found, "status") != condition.status) {
    (*found)["lastTransitionTime"] = format_rfc3339(now);
  }
  (*found)["status"] = condition.status;
  (*found)["reason"] = condition.reason;
  (*found)["message"] = condition.message;
}

// Go's aggregate of errors: one plain, several as "[a, b]", equal ones once.
std::string aggregate(std::vector<std::string> messages) {
  std::vector<std::string> unique;
  for (std::string& message : messages) {
    if (std::find(unique.begin(), unique.end(), message) == unique.end()) {
      unique.push_back(std::move(message));
    }
  }
  if (unique.size() == 1) return unique.front();
  return fmt::format("[{}]", fmt::join(unique, ", "));
}

class Naming {
 public:
  Naming(const Json& wanted, const Json& accepted, const TakenNames& taken)
      : wanted_(wanted), accepted_(accepted), taken_(taken), names_(accepted) {
    if (!names_.is_object()) names_ = Json::object();
  }

  Condition run() {
    settle("plural", taken_.resources, "PluralConflict");
    settle("singular", taken_.resources, "SingularConflict");
    settle_short_names();
    settle("kind", taken_.kinds, "KindConflict");
    settle("listKind", taken_.kinds, "ListKindConflict");
    if (const Json* categories = member(wanted_, "categories")) {
      names_["categories"] = *categories;
    } else {
      names_.erase("categories");
    }
    for (const char* key : {"plural", "kind"}) {  // no omitempty in Go
      if (!member(names_, key)) names_[key] = "";
    }
    return condition_;
  }
  const Json& names() const { return names_; }

 private:
  void refuse(const char* reason, std::string message) {
    condition_ = {"NamesAccepted", "False", reason, std::move(message)};
  }
  void settle(const char* key, const Names& taken, const char* reason) {
    const std::string_view wanted = text(wanted_, key);
    if (wanted != text(accepted_, key) && taken.contains(wanted)) {
      refuse(reason, fmt::format("\"{}\" is already in use", wanted));
    } else if (!wanted.empty()) {
      names_[key] = wanted;
    }
  }
  void settle_short_names() {
    const Json& wanted = array(wanted_, "shortNames");
    const Json& accepted = array(accepted_, "shortNames");
    if (wanted == accepted) return;
    std::vector<std::string> conflicts;
    for (const Json& name : wanted) {
      const bool ours = std::find(accepted.begin(), accepted.end(), name) != accepted.end();
      if (!ours && taken_.resources.contains(as_text(name))) {
        conflicts.push_back(fmt::format("\"{}\" is already in use", as_text(name)));
      }
    }
    if (!conflicts.empty()) return refuse("ShortNamesConflict", aggregate(std::move(conflicts)));
    names_["shortNames"] = wanted;
    if (wanted.empty()) names_.erase("shortNames");
  }

  const Json& wanted_;
  const Json& accepted_;
  const TakenNames& taken_;
  Json names_;
  Condition condition_{"NamesAccepted", "True", "NoConflicts", "no conflicts found"};
};

}  // namespace

bool is_condition_true(const Json& definition, std::string_view type) {
  for (const Json& condition : array(object(definition, "status"), "conditions")) {
    if (text(condition, "type") == type) return text(condition, "status") == "True";
  }
  return false;
}

Json accepted_status(const Json& definition, std::span<const Json* const> others, Time now) {
  const Json& spec = object(definition, "spec");
  const Json* wanted = member(spec, "names");
  Json status = object(definition, "status");
  if (!wanted) return status;
  const Json accepted = object(status, "acceptedNames");
  const bool settled =
      same(wanted, &accepted) && find_condition(status, "NamesAccepted") != nullptr;
  if (!settled) {
    const TakenNames taken = taken_names(text(spec, "group"), others);
    Naming naming(*wanted, accepted, taken);
    const Condition condition = naming.run();
    status["acceptedNames"] = naming.names();
    set_condition(status, condition, now);
    if (!find_condition(status, "Established")) {
      set_condition(status, {"Established", "False", "NotAccepted", "not all names are accepted"},
                    now);
    }
  }
  Json with_status = {{"status", status}};
  if (is_condition_true(with_status, "NamesAccepted") &&
      !is_condition_true(with_status, "Established")) {
    set_condition(
        status,
        {"Established", "True", "InitialNamesAccepted", "the initial names have been accepted"},
        now);
  }
  return status;
}

}  // namespace orrery::api
