// MemoryStorage: Storage that keeps nothing but the newest objects, in memory. With no latency a
// commit is answered at once; with one, through the loop, in call order. crash() loses what was not
// yet synced, as a pulled plug does: the unanswered tail.
#pragma once

#include <map>
#include <string>

#include "core/ports/storage.h"
#include "core/runtime/env.h"

namespace orrery::sim {

class MemoryStorage final : public Storage {
 public:
  struct Options {
    Duration commit_latency{};
    bool keep = false;  // keep objects for load(); off: the store's own tables are the only copy
  };
  MemoryStorage(Env& env, Options options) : env_(env), options_(options) {}

  void commit(StorageWrite write, Callback<void(Result<api::Revision>)> done) override;
  void load(Callback<void(Result<Snapshot>)> done) override;
  /// Every commit not yet answered is lost and never answered.
  void crash() { ++epoch_; }

 private:
  void keep(const StorageWrite& write);
  Env& env_;
  Options options_;
  std::uint64_t epoch_ = 0;
  api::Revision revision_ = 0;
  std::map<std::string, api::ObjectRef> objects_;  // by kind/namespace/name
};

}  // namespace orrery::sim
