// ObjectFilter: the label and field selectors and the namespace of a list or watch, made once and
// asked for each object.
#pragma once

#include <string>
#include <vector>

#include "core/api/kind_registry.h"
#include "core/api/values/field_selector.h"
#include "core/api/values/selector.h"
#include "core/base/result.h"

namespace orrery::apiserver {

class ObjectFilter {
 public:
  /// BadRequest in apiserver's words for bad selectors and unsupported field labels.
  static Result<ObjectFilter> make(const api::KindInfo& kind, Symbol ns,
                                   const std::string& label_selector,
                                   const std::string& field_selector);
  bool matches(const api::Object& object) const;
  /// Neither labels nor fields narrow it down.
  bool has_selectors() const { return labels_.has_value() || fields_.has_value(); }

 private:
  Symbol namespace_;
  std::optional<api::Selector> labels_;
  std::optional<api::FieldSelector> fields_;
};

}  // namespace orrery::apiserver
