// Where a simulated process reads and writes: the session's stdin, a pipe, a file; the session, a
// buffer, a file. For Shell only.
#pragma once

#include <string>
#include <string_view>

#include "sim/pod_console/file_tree.h"

namespace orrery::sim {

/// Text that a process reads. For the session it grows while the client sends; else it is whole.
struct ShellInput {
  std::string buffer;
  bool eof = true;
  bool tty = false;  // an end of file (ctrl-D) counts once
};

class ShellOutput {
 public:
  virtual void write(std::string_view bytes) = 0;

 protected:
  ~ShellOutput() = default;
};

/// A pipe or a command substitution; what does not fit is lost.
class TextOutput final : public ShellOutput {
 public:
  static constexpr std::size_t kBytesMax = 16 << 20;
  void write(std::string_view bytes) override {
    text += bytes.substr(0, kBytesMax - std::min(kBytesMax, text.size()));
  }
  std::string text;
};

class FileOutput final : public ShellOutput {
 public:
  FileOutput(FileTree& files, std::string path) : files_(files), path_(std::move(path)) {}
  void write(std::string_view bytes) override { (void)files_.write(path_, bytes, true); }

 private:
  FileTree& files_;
  std::string path_;
};

struct ShellIo {
  ShellInput* in;
  ShellOutput* out;
  ShellOutput* err;
};

}  // namespace orrery::sim
