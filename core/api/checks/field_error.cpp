#include "core/api/checks/field_error.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace orrery::api {
namespace {

struct TypeText {
  std::string_view text;
  std::string_view cause;
  bool shows_value;
};

// In the order of FieldError::Type.
constexpr std::array<TypeText, 10> kTypeTexts{{
    {"Required value", "FieldValueRequired", false},
    {"Invalid value", "FieldValueInvalid", true},
    {"Unsupported value", "FieldValueNotSupported", true},
    {"Duplicate value", "FieldValueDuplicate", true},
    {"Forbidden", "FieldValueForbidden", false},
    {"Too long", "FieldValueTooLong", false},
    {"Too many", "FieldValueTooMany", true},
    {"Not found", "FieldValueNotFound", true},
    {"Invalid value", "FieldValueTypeInvalid", true},
    {"Internal error", "InternalError", false},
}};

const TypeText& text_of(FieldError::Type type) {
  return kTypeTexts[static_cast<std::size_t>(type)];
}

std::string supported_values(FieldErrors::Names supported) {
  std::string out = "supported values: ";
  bool first = true;
  for (const std::string_view name : supported) {
    if (!first) out += ", ";
    out += quoted(name);
    first = false;
  }
  return out;
}

}  // namespace

std::string_view FieldError::cause() const { return text_of(type).cause; }

std::string FieldError::body() const {
  std::string out(text_of(type).text);
  if (text_of(type).shows_value && !bad_value.empty()) out.append(": ").append(bad_value);
  if (!detail.empty()) out.append(": ").append(detail);
  return out;
}

std::string FieldError::text() const { return field + ": " + body(); }

void FieldErrors::push(FieldError::Type type, const Path& path, std::string value,
                       std::string_view detail) {
  list_.push_back({type, path.text(), std::move(value), std::string(detail)});
}

void FieldErrors::required(const Path& path, std::string_view detail) {
  push(FieldError::Type::kRequired, path, {}, detail);
}
void FieldErrors::invalid(const Path& path, std::string_view value, std::string_view detail) {
  push(FieldError::Type::kInvalid, path, quoted(value), detail);
}
void FieldErrors::invalid(const Path& path, std::int64_t value, std::string_view detail) {
  push(FieldError::Type::kInvalid, path, std::to_string(value), detail);
}
void FieldErrors::invalid_raw(const Path& path, std::string value, std::string_view detail) {
  push(FieldError::Type::kInvalid, path, std::move(value), detail);
}
void FieldErrors::invalid_each(const Path& path, std::string_view value,
                               const std::vector<std::string>& messages) {
  for (const std::string& message : messages) invalid(path, value, message);
}
void FieldErrors::not_supported(const Path& path, std::string_view value, Names supported) {
  push(FieldError::Type::kNotSupported, path, quoted(value), supported_values(supported));
}
void FieldErrors::not_supported_raw(const Path& path, std::string value, Names supported) {
  push(FieldError::Type::kNotSupported, path, std::move(value), supported_values(supported));
}
void FieldErrors::duplicate(const Path& path, std::string_view value) {
  push(FieldError::Type::kDuplicate, path, quoted(value), {});
}
void FieldErrors::duplicate_raw(const Path& path, std::string value, std::string_view detail) {
  push(FieldError::Type::kDuplicate, path, std::move(value), detail);
}
void FieldErrors::forbidden(const Path& path, std::string_view detail) {
  push(FieldError::Type::kForbidden, path, {}, detail);
}
void FieldErrors::not_found(const Path& path, std::string_view value, std::string_view detail) {
  push(FieldError::Type::kNotFound, path, quoted(value), detail);
}
void FieldErrors::too_long(const Path& path, std::size_t bytes_max) {
  push(FieldError::Type::kTooLong, path, {},
       "may not be more than " + std::to_string(bytes_max) + " bytes");
}
void FieldErrors::too_many(const Path& path, std::size_t actual, std::size_t items_max) {
  push(FieldError::Type::kTooMany, path, std::to_string(actual),
       "must have at most " + std::to_string(items_max) + " items");
}
void FieldErrors::append(FieldErrors other) {
  list_.insert(list_.end(), std::make_move_iterator(other.list_.begin()),
               std::make_move_iterator(other.list_.end()));
}

std::string FieldErrors::message() const {
  std::vector<std::string> texts;
  for (const FieldError& error : list_) {
    std::string text = error.text();
    if (std::find(texts.begin(), texts.end(), text) == texts.end())
      texts.push_back(std::move(text));
  }
  if (texts.empty()) return {};
  if (texts.size() == 1) return texts.front();
  std::string out = "[";
  for (std::size_t i = 0; i < texts.size(); ++i) out.append(i ? ", " : "").append(texts[i]);
  return out + "]";
}

Status invalid_status(std::string_view kind, std::string_view group, std::string_view name,
                      const FieldErrors& errors) {
  std::string message(kind);
  if (!group.empty()) message.append(".").append(group);
  message.append(" ").append(quoted(name)).append(" is invalid");
  if (!errors.empty()) message.append(": ").append(errors.message());
  StatusDetails details;
  details.name = name;
  details.group = group;
  details.kind = kind;
  for (const FieldError& error : errors.list()) {
    details.causes.push_back({std::string(error.cause()), error.body(), error.field});
  }
  return Status(Reason::kInvalid, std::move(message), std::move(details));
}

}  // namespace orrery::api
