#include "core/api/object.h"

namespace orrery::api {

std::string key_of(const Object& object) {
  std::string key;
  if (!object.meta.namespace_.empty()) key = object.meta.namespace_.str() + "/";
  return key += object.meta.name.view();
}

}  // namespace orrery::api
