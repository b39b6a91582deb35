// User: who sends a request, as upstream's user.Info: made by authentication or impersonation,
// asked about by authorization, written into events, reviews and managed fields.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::apiserver {

struct User {
  std::string name;
  std::string uid;
  std::vector<std::string> groups;
  std::map<std::string, std::vector<std::string>> extra;

  bool is_in(std::string_view group) const {
    for (const std::string& g : groups) {
      if (g == group) return true;
    }
    return false;
  }
};

}  // namespace orrery::apiserver
