// ConsoleBox: what one run of a virtual container keeps between sessions: its files and how many
// requests it has answered. It lasts until the container restarts. Held by PodConsole and sessions.
#pragma once

#include "core/base/ref.h"
#include "sim/pod_console/file_tree.h"

namespace orrery::sim {

struct ConsoleBox final : RefCounted {
  FileTree files;
  std::int32_t restart = 0;
  std::uint64_t requests = 0;
};

}  // namespace orrery::sim
