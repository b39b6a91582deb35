// CustomFacts: what discovery and OpenAPI must know of a custom resource beyond its table. They ask
// it only for a Served that is custom. CustomResourceFacts answers from the definitions; tests
// bring their own.
#pragma once

#include <string>

#include "core/apiserver/catalog.h"
#include "core/apiserver/discovery/openapi_flavor.h"

namespace orrery::apiserver {

/// The schemas of a kind and of its list kind: names ("com.example.v1.Foo") and JSON. Of other
/// schemas they may refer to ObjectMeta and ListMeta only.
struct CustomSchemas {
  std::string name, schema;
  std::string list_name, list_schema;
};

class CustomFacts {
 public:
  virtual ~CustomFacts() = default;
  /// The version that objects are stored in, e.g. "v1".
  virtual std::string storage_version(const Served& served) const = 0;
  virtual CustomSchemas schemas(const Served& served, OpenApiFlavor flavor) const = 0;
};

class CustomResourceFacts final : public CustomFacts {
 public:
  std::string storage_version(const Served& served) const override;
  CustomSchemas schemas(const Served& served, OpenApiFlavor flavor) const override;
};

}  // namespace orrery::apiserver
