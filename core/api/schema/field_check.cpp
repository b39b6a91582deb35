#include "core/api/schema/field_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/api/schema/go_print.h"
#include "core/api/schema/scalar_text.h"

namespace orrery::api {
namespace {

using nlohmann::json;
using Kind = FieldFault::Kind;

constexpr std::size_t kStrictErrorsMax = 100;  // upstream stops collecting there

bool fits_integer(const json& value, bool is_32_bit) {
  if (!value.is_number_integer()) return false;  // 1.0 does not fit either
  using Limits = std::numeric_limits<std::int64_t>;
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() > static_cast<std::uint64_t>(Limits::max())) {
    return false;
  }
  const auto number = value.get<std::int64_t>();
  return !is_32_bit || (number >= std::numeric_limits<std::int32_t>::min() &&
                        number <= std::numeric_limits<std::int32_t>::max());
}

std::string number_text(const json& value) {
  return value.is_number_float() ? go_float(value.get<double>()) : value.dump();
}

class FieldChecker {
 public:
  explicit FieldChecker(const ApiTable& table) : table_(table) {}

  void check(TypeUse use, const json& value);
  std::vector<FieldFault> take() { return std::move(faults_); }

 private:
  void check_struct(const TypeRow& type, const json& value);
  void check_list(TypeUse use, const json& value);
  void check_map(TypeUse use, const json& value);
  void check_integer(TypeUse use, const json& value);
  void check_text(TypeUse use, const json& value);
  void check_int_or_string(const json& value);
  void mismatch(TypeUse use, std::string json_type);
  void malformed(std::string message);

  const ApiTable& table_;
  std::vector<FieldFault> faults_;
  std::string path_;                 // spec.containers[0].image
  std::string go_path_;              // spec.containers.image
  const TypeRow* struct_ = nullptr;  // whose field is being read
};

void FieldChecker::mismatch(TypeUse use, std::string json_type) {
  const std::string type = go_type(table_, use);
  std::string target = struct_ == nullptr ? fmt::format("Go value of type {}", type)
                                          : fmt::format("Go struct field {}.{} of type {}",
                                                        struct_->name, go_path_, type);
  faults_.push_back({Kind::kMismatch, path_, std::move(json_type), std::move(target), {}});
}

void FieldChecker::malformed(std::string message) {
  faults_.push_back({Kind::kMalformed, path_, {}, {}, std::move(message)});
}

void FieldChecker::check(TypeUse use, const json& value) {
  if (value.is_null()) return;  // every type reads null as "not set"
  const auto expect = [&](bool fits) {
    if (!fits) mismatch(use, go_json_type_of(value));
  };
  switch (use.shape) {
    case Shape::kString:
      return expect(value.is_string());
    case Shape::kBool:
      return expect(value.is_boolean());
    case Shape::kDouble:
      return expect(value.is_number());
    case Shape::kInt32:
    case Shape::kInt64:
      return check_integer(use, value);
    case Shape::kBytes:
    case Shape::kTime:
    case Shape::kMicroTime:
    case Shape::kQuantity:
      return check_text(use, value);
    case Shape::kIntOrString:
      return check_int_or_string(value);
    case Shape::kOpaque:
      return;
    case Shape::kStruct:
      if (value.is_object()) return check_struct(table_.type(use.index), value);
      return expect(false);
    case Shape::kList:
      if (value.is_array()) return check_list(use, value);
      return expect(false);
    case Shape::kMap:
      if (value.is_object()) return check_map(use, value);
      return expect(false);
  }
}

void FieldChecker::check_struct(const TypeRow& type, const json& value) {
  const std::size_t path_size = path_.size();
  const std::size_t go_size = go_path_.size();
  const TypeRow* outer = struct_;
  for (auto it = value.begin(); it != value.end(); ++it) {
    if (!path_.empty()) path_ += '.';
    path_ += it.key();
    if (const FieldRow* field = table_.find_field(type, it.key()); field == nullptr) {
      faults_.push_back({Kind::kUnknownField, path_, {}, {}, {}});
    } else {
      struct_ = &type;
      if (!go_path_.empty()) go_path_ += '.';
      go_path_.append(field->embedded).append(field->name);
      check(field->use, it.value());
    }
    path_.resize(path_size);
    go_path_.resize(go_size);
  }
  struct_ = outer;
}

void FieldChecker::check_list(TypeUse use, const json& value) {
  const std::size_t path_size = path_.size();
  const TypeUse element = table_.element(use);
  for (std::size_t i = 0; i < value.size(); ++i) {
    path_ += fmt::format("[{}]", i);
    check(element, value[i]);
    path_.resize(path_size);
  }
}

void FieldChecker::check_map(TypeUse use, const json& value) {
  const std::size_t path_size = path_.size();
  const TypeUse element = table_.element(use);
  for (auto it = value.begin(); it != value.end(); ++it) {
    path_.append(".").append(it.key());
    check(element, it.value());
    path_.resize(path_size);
  }
}

void FieldChecker::check_integer(TypeUse use, const json& value) {
  if (!value.is_number()) return mismatch(use, go_json_type_of(value));
  if (!fits_integer(value, use.shape == Shape::kInt32))
    mismatch(use, "number " + number_text(value));
}

void FieldChecker::check_text(TypeUse use, const json& value) {
  if (use.shape == Shape::kQuantity) {  // its decoder reads any JSON as text
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (std::string error = quantity_text_error(text); !error.empty()) malformed(std::move(error));
    return;
  }
  if (!value.is_string()) {
    if (use.shape == Shape::kBytes) return mismatch(use, go_json_type_of(value));
    return malformed(fmt::format("json: cannot unmarshal {} into Go value of type string",
                                 go_json_type_of(value)));
  }
  const auto& text = value.get_ref<const std::string&>();
  std::string error = use.shape == Shape::kBytes
                          ? base64_text_error(text)
                          : time_text_error(text, use.shape == Shape::kMicroTime);
  if (!error.empty()) malformed(std::move(error));
}

void FieldChecker::check_int_or_string(const json& value) {
  if (value.is_string()) return;
  std::string json_type = go_json_type_of(value);
  if (value.is_number()) {
    if (fits_integer(value, true)) return;
    json_type = "number " + number_text(value);
  }
  malformed(fmt::format("json: cannot unmarshal {} into Go value of type int32", json_type));
}

}  // namespace

std::string go_type(const ApiTable& table, TypeUse use) {
  switch (use.shape) {
    case Shape::kString:
      return "string";
    case Shape::kBool:
      return "bool";
    case Shape::kInt32:
      return "int32";
    case Shape::kInt64:
      return "int64";
    case Shape::kDouble:
      return "float64";
    case Shape::kBytes:
      return "[]uint8";
    case Shape::kTime:
      return "v1.Time";
    case Shape::kMicroTime:
      return "v1.MicroTime";
    case Shape::kQuantity:
      return "resource.Quantity";
    case Shape::kIntOrString:
      return "intstr.IntOrString";
    case Shape::kOpaque:
      return "runtime.RawExtension";
    case Shape::kStruct:
      return table.type(use.index).go_name();
    case Shape::kList:
      return "[]" + go_type(table, table.element(use));
    case Shape::kMap:
      break;
  }
  const TypeUse element = table.element(use);
  if (element.shape == Shape::kQuantity) return "v1.ResourceList";
  return "map[string]" + go_type(table, element);
}

std::vector<FieldFault> check_value(const ApiTable& table, TypeUse use, const json& value) {
  FieldChecker checker(table);
  checker.check(use, value);
  return checker.take();
}

std::vector<FieldFault> check_fields(const ApiTable& table, std::size_t type, const json& value) {
  return check_value(table, struct_use(type), value);
}

std::string decode_error(std::span<const FieldFault> faults) {
  const FieldFault* first_mismatch = nullptr;
  for (const FieldFault& fault : faults) {
    if (fault.kind == Kind::kMalformed) return fault.message;
    if (fault.kind == Kind::kMismatch && first_mismatch == nullptr) first_mismatch = &fault;
  }
  if (first_mismatch == nullptr) return {};
  return fmt::format("json: cannot unmarshal {} into {}", first_mismatch->value,
                     first_mismatch->target);
}

std::vector<std::string> strict_errors(std::span<const FieldFault> faults) {
  std::vector<std::string> errors;
  for (const FieldFault& fault : faults) {
    if (errors.size() == kStrictErrorsMax) break;
    if (fault.kind != Kind::kUnknownField && fault.kind != Kind::kDuplicateField) continue;
    const char* what = fault.kind == Kind::kUnknownField ? "unknown" : "duplicate";
    std::string text = fmt::format("{} field \"{}\"", what, fault.path);
    if (std::find(errors.begin(), errors.end(), text) == errors.end())
      errors.push_back(std::move(text));
  }
  return errors;
}

std::string strict_decoding_error(const std::vector<std::string>& errors) {
  return fmt::format("strict decoding error: {}", fmt::join(errors, ", "));
}

bool is_known_path(const ApiTable& table, std::size_t type, std::span<const std::string> path) {
  TypeUse use = struct_use(type);
  for (const std::string& step : path) {
    if (use.shape == Shape::kStruct) {
      const FieldRow* field = table.find_field(use.index, step);
      if (field == nullptr) return false;
      use = field->use;
    } else if (use.shape == Shape::kList || use.shape == Shape::kMap) {
      use = table.element(use);
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace orrery::api
