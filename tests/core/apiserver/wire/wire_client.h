// WireClient: short calls into a WireWorld, for tests of the wire.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "tests/golden/api/wire_world.h"

namespace orrery::test {

class WireClient {
 public:
  /// As `user`: "admin", "alice", "bob".
  explicit WireClient(std::string user = "admin") : user_(std::move(user)) {}

  std::shared_ptr<WireAnswer> send(const std::string& method, const std::string& target,
                                   const std::string& body = "", const std::string& type = "",
                                   const std::string& accept = "");
  std::shared_ptr<WireAnswer> get(const std::string& target, const std::string& accept = "") {
    return send("GET", target, "", "", accept);
  }
  std::shared_ptr<WireAnswer> post(const std::string& target, const std::string& body) {
    return send("POST", target, body, "application/json");
  }
  void run(int milliseconds) { world_.run(milliseconds); }
  void act_as(std::string user) { user_ = std::move(user); }

  /// A ConfigMap in namespace default.
  void make_config(const std::string& name, const std::string& value = "1");

 private:
  WireWorld world_;
  std::string user_;
};

}  // namespace orrery::test
