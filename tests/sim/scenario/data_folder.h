// Where tests find the real data: the folder in ORRERY_DATA, by default ../shared/data.
#pragma once

#include <cstdlib>
#include <string>

namespace orrery::sim {

inline std::string data_folder() {
  const char* folder = std::getenv("ORRERY_DATA");
  return folder ? folder : "../shared/data";
}

}  // namespace orrery::sim
