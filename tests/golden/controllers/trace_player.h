// TracePlayer: replays one recorded trace: sends each step's requests, lets the scripted kubelet
// act, waits as the recording did, and compares the state.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tests/golden/controllers/scripted_kubelet.h"
#include "tests/golden/controllers/trace_world.h"

namespace orrery::golden {

class TracePlayer {
 public:
  explicit TracePlayer(const nlohmann::json& trace);
  ~TracePlayer();
  /// What differs, each line with its step; empty: the trace is equal.
  std::vector<std::string> play();

 private:
  void act(const nlohmann::json& action);
  void send(const nlohmann::json& action);
  void create_config_map(const std::string& name, const nlohmann::json& owners,
                         const nlohmann::json& finalizers);
  std::string uid_of_config_map(const std::string& name) const;
  void wait(const nlohmann::json& step);
  void complain(std::string what) { problems_.push_back(std::move(what)); }

  const nlohmann::json& trace_;
  std::string name_;
  TraceWorld world_;
  ScriptedKubelet kubelet_;
  std::vector<std::string> problems_;
};

}  // namespace orrery::golden
