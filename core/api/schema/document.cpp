#include "core/api/schema/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "core/api/schema/json_syntax.h"

namespace orrery::api {
namespace {

using nlohmann::json;

/// Where something stands in the text, and how a number was written there.
struct Place {
  std::size_t sequence = 0;
  std::string number;
};

using Places = std::map<std::string, std::optional<Place>>;

/// Builds the value, notes duplicate keys and, on request, the places of some paths.
class DocumentBuilder final : public nlohmann::json_sax<json> {
 public:
  explicit DocumentBuilder(Places* places = nullptr) : places_(places) {}

  ParsedDocument take() { return std::move(document_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add_number(value, {}); }
  bool number_unsigned(number_unsigned_t value) override { return add_number(value, {}); }
  bool number_float(number_float_t value, const string_t& text) override {
    return add_number(value, text);
  }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

  bool key(string_t& name) override {
    ++sequence_;
    Frame& frame = frames_.back();
    auto& members = frame.container->get_ref<json::object_t&>();
    const auto [it, inserted] = members.emplace(name, nullptr);
    frame.key = &it->first;
    frame.slot = &it->second;
    if (!inserted) document_.duplicates.push_back(path());
    note();
    return true;
  }

 private:
  struct Frame {
    json* container = nullptr;
    const std::string* key = nullptr;  // objects: of the member being read
    json* slot = nullptr;
  };

  json* next_slot() {
    ++sequence_;
    if (frames_.empty()) return &document_.value;
    Frame& frame = frames_.back();
    if (frame.container->is_object()) return frame.slot;
    frame.container->push_back(nullptr);
    return &frame.container->back();
  }

  bool add(json value) {
    *next_slot() = std::move(value);
    note();
    return true;
  }

  bool add_number(json value, const std::string& text) {
    *next_slot() = std::move(value);
    note(text);
    return true;
  }

  bool open(json container) {
    if (frames_.size() == kJsonDepthMax) return false;
    json* slot = next_slot();
    *slot = std::move(container);
    note();
    frames_.push_back({slot, nullptr, nullptr});
    return true;
  }

  bool close() {
    frames_.pop_back();
    return true;
  }

  JsonPath path() const {
    JsonPath steps;
    for (const Frame& frame : frames_) {
      if (frame.container->is_object()) {
        steps.push_back(*frame.key);
      } else {
        steps.push_back(fmt::format("[{}]", frame.container->size() - 1));
      }
    }
    return steps;
  }

  void note(const std::string& number = {}) {
    if (places_ == nullptr) return;
    const auto it = places_->find(to_string(path()));
    if (it == places_->end()) return;
    if (!it->second) it->second = Place{sequence_, {}};
    if (!number.empty()) it->second->number = number;
  }

  Places* places_;
  ParsedDocument document_;
  std::vector<Frame> frames_;
  std::size_t sequence_ = 0;
};

Status unrecognized(const TypeRow& type, std::string_view text, std::string_view why) {
  // Upstream shows the first 30 bytes of JSON, other data in hex.
  constexpr std::size_t kShownMax = 30;
  std::string shown = text.empty() ? "<empty>" : "";
  for (const char c : text.substr(0, kShownMax)) {
    if (text.front() == '{') {
      shown += c;
    } else {
      shown += fmt::format("{:02x}", static_cast<unsigned char>(c));
    }
  }
  if (text.size() > kShownMax) shown += " ...";
  return bad_request(
      fmt::format("the object provided is unrecognized (must be of type {}): couldn't "
                  "get version/kind; json parse error: {} ({})",
                  type.kind.empty() ? type.name : type.kind, why, shown));
}

}  // namespace

std::string to_string(const JsonPath& path) {
  std::string text;
  for (const std::string& step : path) {
    if (!text.empty() && !step.starts_with('[')) text += '.';
    text += step;
  }
  return text;
}

Result<ParsedDocument> parse_document(std::string_view text) {
  DocumentBuilder builder;
  if (json::sax_parse(text, &builder)) return builder.take();
  std::string error = json_syntax_error(text);
  return bad_request(error.empty() ? "invalid UTF-8 in JSON text" : std::move(error));
}

std::vector<FieldFault> check_document(const ApiTable& table, std::size_t type,
                                       std::string_view text, const ParsedDocument& document) {
  std::vector<FieldFault> faults = check_fields(table, type, document.value);
  for (const JsonPath& path : document.duplicates) {
    if (!is_known_path(table, type, path)) continue;
    faults.push_back({FieldFault::Kind::kDuplicateField, to_string(path), {}, {}, {}});
  }
  if (faults.empty()) return faults;
  Places places;
  for (const FieldFault& fault : faults) places[fault.path] = std::nullopt;
  DocumentBuilder locator(&places);
  CHECK(json::sax_parse(text, &locator));
  for (FieldFault& fault : faults) {
    const auto& place = places[fault.path];
    if (place && !place->number.empty() && fault.value.starts_with("number ")) {
      fault.value = "number " + place->number;
    }
  }
  std::stable_sort(faults.begin(), faults.end(), [&](const FieldFault& a, const FieldFault& b) {
    const auto& place_a = places[a.path];
    const auto& place_b = places[b.path];
    return (place_a ? place_a->sequence : 0) < (place_b ? place_b->sequence : 0);
  });
  return faults;
}

Status undecodable(const TypeRow& type, std::string_view why) {
  const std::string_view kind = type.has_kind ? type.kind : type.name;
  return bad_request(fmt::format("{} in version \"{}\" cannot be handled as a {}: {}", kind,
                                 type.version, kind, why));
}

namespace {

// Versions that the scheme still knows but that are served no more.
bool is_retired(std::string_view api_version) {
  static constexpr std::string_view kRetired[] = {
      "apps/v1beta1",   "apps/v1beta2",          "extensions/v1beta1",
      "batch/v1beta1",  "policy/v1beta1",        "networking.k8s.io/v1beta1",
      "autoscaling/v2beta1", "autoscaling/v2beta2", "rbac.authorization.k8s.io/v1beta1",
      "rbac.authorization.k8s.io/v1alpha1", "storage.k8s.io/v1beta1", "storage.k8s.io/v1alpha1",
      "coordination.k8s.io/v1beta1", "discovery.k8s.io/v1beta1", "events.k8s.io/v1beta1",
      "scheduling.k8s.io/v1beta1", "scheduling.k8s.io/v1alpha1", "node.k8s.io/v1beta1"};
  return std::find(std::begin(kRetired), std::end(kRetired), api_version) != std::end(kRetired);
}

std::string text_member(const json& document, const char* name) {
  const auto it = document.find(name);
  return it != document.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// "core" of "", "apps" of "apps", "rbac" of "rbac.authorization.k8s.io": the internal package.
std::string internal_package(std::string_view group) {
  return group.empty() ? "core" : std::string(group.substr(0, group.find('.')));
}

}  // namespace

Status check_type_meta(const ApiTable& table, std::size_t type, const nlohmann::json& document) {
  const TypeRow& row = table.type(type);
  if (!row.has_kind || !document.is_object()) return Status();
  const std::string wanted = row.group.empty() ? std::string(row.version)
                                               : fmt::format("{}/{}", row.group, row.version);
  std::string api_version = text_member(document, "apiVersion");
  std::string kind = text_member(document, "kind");
  if (api_version.empty()) api_version = wanted;
  if (kind.empty()) kind = row.kind;
  if (api_version == wanted && kind == row.kind) return Status();
  const auto [group, version] = split_api_version(api_version);
  const auto cannot = [&](const std::string& why) {
    return bad_request(fmt::format("{} in version \"{}\" cannot be handled as a {}: {}", kind,
                                   version, row.kind, why));
  };
  const int known = table.find_kind_type(group, version, kind);
  if (known < 0 && !is_retired(api_version)) {
    return cannot(fmt::format("no kind \"{}\" is registered for version \"{}\" in scheme "
                              "\"pkg/api/legacyscheme/scheme.go:30\"",
                              kind, api_version));
  }
  if (api_version != wanted) {
    return bad_request(fmt::format("the API version in the data ({}) does not match the expected "
                                   "API version ({})",
                                   api_version, wanted));
  }
  return cannot(fmt::format("converting ({}.{}) to ({}.{}): unknown conversion", version, kind,
                            internal_package(row.group), row.kind));
}

Result<DecodedObject> decode_object(const ApiTable& table, std::size_t type, std::string_view text,
                                    FieldValidation validation) {
  const TypeRow& row = table.type(type);
  Result<ParsedDocument> parsed = parse_document(text);
  if (!parsed.ok()) return unrecognized(row, text, parsed.status().message());
  RETURN_IF_ERROR(check_type_meta(table, type, parsed->value));
  const std::vector<FieldFault> faults = check_document(table, type, text, *parsed);
  if (const std::string error = decode_error(faults); !error.empty())
    return undecodable(row, error);
  DecodedObject decoded;
  if (validation != FieldValidation::kIgnore) decoded.warnings = strict_errors(faults);
  if (validation == FieldValidation::kStrict && !decoded.warnings.empty()) {
    return undecodable(row, strict_decoding_error(decoded.warnings));
  }
  decoded.value = std::move(parsed->value);
  prune_unknown(table, type, decoded.value);
  drop_nulls(table, type, decoded.value);
  return decoded;
}

}  // namespace orrery::api
