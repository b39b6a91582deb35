#include "core/base/log.h"

#include <fmt/format.h>

namespace orrery {
namespace {

// One event, one line: a value cannot end its quotes or its line.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

void Log::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  static constexpr char kLetters[] = {'E', 'W', 'I', 'D'};
  std::string line = fmt::format("{}{} {}", kLetters[static_cast<int>(level)],
                                 format_rfc3339_micro(now_ ? *now_ : Time{}), quoted(event));
  for (const LogField& field : fields)
    line += fmt::format(" {}={}", field.key, quoted(field.value));
  sink_(level, line);
}

}  // namespace orrery
