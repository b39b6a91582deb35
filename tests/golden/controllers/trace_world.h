// TraceWorld: a cluster for replaying recorded controller traces: API server, store and all
// controllers on a virtual clock, three nodes, no scheduler and no kubelets (ScriptedKubelet stands
// in).
#pragma once

#include <optional>
#include <string>

#include "core/api/object_codec.h"
#include "core/api/schema/api_table.h"
#include "core/apiserver/api_server.h"
#include "core/controller/controllers.h"
#include "sim/clock/sim_driver.h"
#include "sim/cluster/local_client.h"
#include "sim/storage/memory_storage.h"

namespace orrery::golden {

class TraceWorld {
 public:
  explicit TraceWorld(std::string ns);

  /// Sends the request as a user and runs the world until it is answered.
  Response call(Request request);
  void run_for(Duration d) { loop.run(loop.now() + d); }
  /// A request about an object of the trace's namespace.
  Request about(Verb verb, api::KindId kind, std::string_view name) const;
  api::KindId kind(std::string_view api_version, std::string_view kind_name) const;
  /// All of one kind in the trace's namespace, by name.
  std::vector<api::ObjectRef> list(api::KindId kind) const;

  const std::string ns;
  sim::SimDriver driver{Time{std::chrono::seconds(1'767'225'600)}};
  EventLoop loop{driver};
  Random random{1};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  api::ApiTable table = api::ApiTable::built_in();
  api::Kinds kinds = all_kinds();
  sim::MemoryStorage storage{env, {}};
  store::Store store{env, kinds, storage, {}};
  apiserver::ApiServer server{env, kinds, table, store};

 private:
  static api::Kinds all_kinds();
  void start_controllers();
  sim::LocalClient user_;
  sim::LocalClient client_;
  Informers informers_;
  std::unique_ptr<controller::ControllerManager> controllers_;
};

}  // namespace orrery::golden
