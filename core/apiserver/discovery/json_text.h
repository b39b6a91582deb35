// JsonText: writes JSON straight as text, member by member; commas and quoting are its business.
// Discovery and OpenAPI use it: their documents are megabytes that nobody needs as a tree. The
// caller keeps begin and end in pairs, and gives each member of an object its key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::apiserver {

class JsonText {
 public:
  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);
  void string(std::string_view value);
  void boolean(bool value) { raw(value ? "true" : "false"); }
  void number(std::int64_t value) { raw(std::to_string(value)); }
  /// A value that is JSON already.
  void raw(std::string_view json);

  void begin_object(std::string_view name) { key(name), begin_object(); }
  void begin_array(std::string_view name) { key(name), begin_array(); }
  void member(std::string_view name, std::string_view value) { key(name), string(value); }
  void member_raw(std::string_view name, std::string_view json) { key(name), raw(json); }
  void member_bool(std::string_view name, bool value) { key(name), boolean(value); }
  void strings(std::string_view name, const std::vector<std::string_view>& values);

  /// The text so far; the writer is empty afterwards.
  std::string take();

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();
  void quote(std::string_view text);

  std::string text_;
  bool needs_comma_ = false;
};

}  // namespace orrery::apiserver
