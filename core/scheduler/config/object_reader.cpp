#include "core/scheduler/config/object_reader.h"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>

namespace orrery::scheduler::config {
namespace {

using Json = nlohmann::json;

const Json& empty_object() {
  static const Json kEmpty = Json::object();
  return kEmpty;
}

/// Standard base64 with padding; nothing where the text is none.
std::optional<std::string> from_base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = static_cast<std::size_t>(
      std::count(text.end() - static_cast<std::ptrdiff_t>(std::min<std::size_t>(2, text.size())),
                 text.end(), '='));
  for (const char c : text.substr(0, text.size() - padding)) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>(bits >> count & 0xff));
  }
  return out;
}

}  // namespace

ObjectReader::ObjectReader(const Json& value, std::string path, Mistakes& mistakes)
    : value_(&value), path_(std::move(path)), mistakes_(&mistakes) {
  if (!value.is_object() && !value.is_null()) {
    mistakes_->push_back({path_, std::string("must be an object, got ") + value.type_name()});
  }
  if (!value.is_object()) value_ = &empty_object();
}

std::string ObjectReader::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

const Json* ObjectReader::member(std::string_view name) {
  asked_.push_back(name);
  const auto it = value_->find(name);
  return it == value_->end() || it->is_null() ? nullptr : &*it;
}

void ObjectReader::mistake(std::string_view name, std::string what) {
  mistakes_->push_back({path_of(name), std::move(what)});
}

void ObjectReader::wrong_type(std::string_view name, const Json& value, std::string_view wanted) {
  mistake(name, "must be " + std::string(wanted) + ", got " +
                    value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

bool ObjectReader::has(std::string_view name) { return member(name) != nullptr; }

void ObjectReader::read(std::string_view name, std::string& out) {
  const Json* value = member(name);
  if (!value) return;
  if (!value->is_string()) return wrong_type(name, *value, "a string");
  out = value->get_ref<const std::string&>();
}

void ObjectReader::read(std::string_view name, Symbol& out) {
  std::string text = out.str();
  read(name, text);
  out = Symbol(text);
}

void ObjectReader::read(std::string_view name, bool& out) {
  const Json* value = member(name);
  if (!value) return;
  if (!value->is_boolean()) return wrong_type(name, *value, "true or false");
  out = value->get<bool>();
}

bool ObjectReader::read_integer(std::string_view name, std::int64_t min, std::int64_t max,
                                std::int64_t& out) {
  const Json* value = member(name);
  if (!value) return false;
  const bool past = value->is_number_unsigned() &&
                    value->get<std::uint64_t>() >
                        static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!value->is_number_integer() || past || value->get<std::int64_t>() < min ||
      value->get<std::int64_t>() > max) {
    wrong_type(name, *value,
               max > std::numeric_limits<std::int32_t>::max() ? "an integer"
                                                              : "an integer of 32 bits");
    return false;
  }
  out = value->get<std::int64_t>();
  return true;
}

void ObjectReader::read(std::string_view name, std::int64_t& out) {
  using Limits = std::numeric_limits<std::int64_t>;
  read_integer(name, Limits::min(), Limits::max(), out);
}

void ObjectReader::read(std::string_view name, std::optional<std::int32_t>& out) {
  using Limits = std::numeric_limits<std::int32_t>;
  std::int64_t value = 0;
  if (read_integer(name, Limits::min(), Limits::max(), value)) {
    out = static_cast<std::int32_t>(value);
  }
}

void ObjectReader::read(std::string_view name, std::int32_t& out) {
  std::optional<std::int32_t> value;
  read(name, value);
  if (value) out = *value;
}

void ObjectReader::read(std::string_view name, std::optional<std::string>& out) {
  const Json* value = member(name);
  if (!value) return;
  if (!value->is_string()) return wrong_type(name, *value, "a string");
  out = value->get_ref<const std::string&>();
}

void ObjectReader::read(std::string_view name, std::optional<Duration>& out) {
  const Json* value = member(name);
  if (!value) return;
  if (!value->is_string()) return wrong_type(name, *value, "a duration such as \"5s\"");
  auto duration = parse_duration(value->get_ref<const std::string&>());
  if (!duration.ok()) return wrong_type(name, *value, "a duration such as \"5s\"");
  out = *duration;
}

void ObjectReader::read(std::string_view name, std::vector<std::string>& out) {
  const Json* value = member(name);
  if (!value) return;
  if (!value->is_array()) return wrong_type(name, *value, "a list of strings");
  for (const Json& item : *value) {
    if (!item.is_string()) return wrong_type(name, *value, "a list of strings");
    out.push_back(item.get_ref<const std::string&>());
  }
}

void ObjectReader::read_bytes(std::string_view name, std::string& out) {
  std::string text;
  read(name, text);
  if (auto bytes = from_base64(text)) {
    out = std::move(*bytes);
  } else {
    mistake(name, "must be base64 text");
  }
}

void ObjectReader::skip_number(std::string_view name) {
  const Json* value = member(name);
  if (value && !value->is_number()) wrong_type(name, *value, "a number");
}

ObjectReader ObjectReader::object(std::string_view name) {
  const Json* value = member(name);
  return ObjectReader(value ? *value : empty_object(), path_of(name), *mistakes_);
}

std::vector<ObjectReader> ObjectReader::objects(std::string_view name) {
  std::vector<ObjectReader> out;
  const Json* value = member(name);
  if (!value) return out;
  if (!value->is_array()) {
    wrong_type(name, *value, "a list");
    return out;
  }
  for (std::size_t i = 0; i < value->size(); ++i) {
    out.emplace_back((*value)[i], path_of(name) + "[" + std::to_string(i) + "]", *mistakes_);
  }
  return out;
}

void ObjectReader::finish() {
  for (const auto& [name, value] : value_->items()) {
    if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) {
      mistake(name, "unknown field");
    }
  }
}

}  // namespace orrery::scheduler::config
