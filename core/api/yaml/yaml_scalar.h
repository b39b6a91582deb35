// The plain scalars of YAML as kubectl and the API server read them (sigs.k8s.io/yaml, which is
// go-yaml v2): yes, on and y are booleans, 0644 is octal, 1_000 is a number, a timestamp stays
// text. Called by the YAML readers, and by the writer to see what needs quotes.
#pragma once

#include <cstdint>
#include <string_view>

namespace orrery::api {

struct YamlScalar {
  enum class Kind : std::uint8_t {
    kText,
    kNull,
    kBool,
    kInt,
    kUint,  // past the signed numbers; `integer` holds the bits
    kReal,
    kNotFinite,  // .inf, .nan: JSON has no such number
  };
  Kind kind = Kind::kText;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;
};

/// What an unquoted scalar means; for kText it stands for itself.
YamlScalar resolve_yaml_scalar(std::string_view scalar);

}  // namespace orrery::api
