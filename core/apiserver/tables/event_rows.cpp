// Rows of events: core/v1 and events.k8s.io/v1 are two forms of the same object.
#include <fmt/format.h>

#include "core/api/checks/json_view.h"
#include "core/apiserver/tables/age.h"
#include "core/apiserver/tables/row_printers.h"
#include "core/apiserver/tables/row_text.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

/// What the two forms call their fields.
struct EventFields {
  const char *object, *message, *source, *controller, *first, *last, *count;
};
constexpr EventFields kCore = {"involvedObject", "message",       "source", "reportingComponent",
                               "firstTimestamp", "lastTimestamp", "count"};
constexpr EventFields kEvents = {"regarding",
                                 "note",
                                 "deprecatedSource",
                                 "reportingController",
                                 "deprecatedFirstTimestamp",
                                 "deprecatedLastTimestamp",
                                 "deprecatedCount"};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string source_text(const Json& o, const EventFields& fields) {
  const Json& source = object(o, fields.source);
  std::string_view component = text(source, "component");
  std::string_view host = text(source, "host");
  if (component.empty()) component = text(o, fields.controller);
  if (host.empty()) host = text(o, "reportingInstance");
  return host.empty() ? std::string(component) : fmt::format("{}, {}", component, host);
}

std::string target_text(const Json& target) {
  std::string out = lower_case(text(target, "kind"));
  if (!text(target, "name").empty()) out.append("/").append(text(target, "name"));
  return out;
}

void print_event(const Json& o, const EventFields& fields, Time now, RowCells& cells) {
  const Json* series = member(o, "series");
  Time first = time_at(o, fields.first);
  if (!is_set(first)) first = time_at(o, "eventTime");
  Time last = time_at(o, fields.last);
  if (!is_set(last)) last = first;
  std::int64_t count = integer(o, fields.count);
  if (series) {
    last = time_at(*series, "lastObservedTime");
    count = integer(*series, "count");
  } else if (count == 0) {
    count = 1;
  }
  cells.text(age_text(last, now));
  cells.text(text(o, "type"));
  cells.text(text(o, "reason"));
  cells.text(target_text(object(o, fields.object)));
  cells.text(text(object(o, fields.object), "fieldPath"));
  cells.text(source_text(o, fields));
  cells.text(trimmed(text(o, fields.message)));
  cells.text(age_text(first, now));
  cells.integer(count);
  cells.text(name_of(o));
}

void print_core_event(const Json& o, Time now, RowCells& cells) {
  print_event(o, kCore, now, cells);
}

void print_new_event(const Json& o, Time now, RowCells& cells) {
  print_event(o, kEvents, now, cells);
}

}  // namespace

std::span<const RowPrinterEntry> event_row_printers() {
  static constexpr RowPrinterEntry kEntries[] = {
      {"", "Event", print_core_event},
      {"events.k8s.io", "Event", print_new_event},
  };
  return kEntries;
}

}  // namespace orrery::apiserver
