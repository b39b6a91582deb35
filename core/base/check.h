// CHECK(condition): what only a bug can make false. On in every build; ends the process with the
// place and the text. Never CHECK what a client, a file or the network sent: that is a Status.
#pragma once

namespace orrery {

[[noreturn]] void check_failed(const char* file, int line, const char* condition);

}  // namespace orrery

#define CHECK(condition)                        \
  (__builtin_expect(!!(condition), 1) ? void(0) \
                                      : ::orrery::check_failed(__FILE__, __LINE__, #condition))
