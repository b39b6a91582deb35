// PodSelection: which pods a person means who asks for an explanation. Called by DecisionLog and
// the CLI. Without a namespace, pods of any namespace are meant.
//
//   [NAMESPACE/]NAME       that pod; * stands for any text: web-*
//   [NAMESPACE/]KIND/NAME  the pods of a deploy, rs, sts, ds or job of this name
//   a regular expression   (has one of ^$[]{}()|+?\ or .*), found in NAME or NAMESPACE/NAME
#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/pod.h"
#include "core/base/result.h"
#include "core/store/store.h"

namespace orrery::sim {

class PodSelection {
 public:
  /// One or more, separated by commas (outside of brackets). BadRequest says what is wrong.
  static Result<PodSelection> parse(std::string_view text);

  /// `store` knows which Deployment a ReplicaSet belongs to.
  bool matches(const api::Pod& pod, const store::Store& store) const;
  const std::string& text() const { return text_; }

  /// The matching pods that exist, the oldest first, then by namespace and name.
  std::vector<Ref<const api::Pod>> find_in(const store::Store& store) const;

 private:
  struct Item {
    std::string name_space;  // empty: any
    std::string owner_kind;  // "Deployment"; empty: `name` is of the pod itself
    std::string name;        // may hold *
    std::optional<std::regex> expression;
  };
  static Result<Item> parse_item(std::string_view text);

  std::string text_;
  std::vector<Item> items_;
};

/// The names that look most like what was asked for, best first; at most `count`.
std::vector<std::string> nearest_names(std::string_view asked, std::vector<std::string> names,
                                       std::size_t count);

}  // namespace orrery::sim
