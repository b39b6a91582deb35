// Storage: the durable floor under the store: the subset of etcd v3 that an API server needs. The
// store decides order and conflicts; storage makes a commit survive. MemoryStorage (sim),
// SqliteStorage and EtcdStorage (live) implement it.
#pragma once

#include <vector>

#include "core/api/object.h"
#include "core/base/callback.h"
#include "core/base/result.h"

namespace orrery {

struct StorageWrite {
  api::KindId kind = api::KindId::kNone;
  Symbol namespace_;
  Text name;
  api::ObjectRef object;       // null = delete
  api::Revision expected = 0;  // the revision it replaces; 0 = must not exist
  api::Revision revision = 0;  // proposed by the store; a shared storage may answer another
};

class Storage {
 public:
  virtual ~Storage() = default;
  /// Makes the write durable, in call order, then calls `done` with its revision: through the event
  /// loop, or at once from within commit() where durability costs nothing.
  virtual void commit(StorageWrite write, Callback<void(Result<api::Revision>)> done) = 0;
  /// All live objects and the newest revision, at start.
  struct Snapshot {
    std::vector<api::ObjectRef> objects;
    api::Revision revision = 0;
  };
  virtual void load(Callback<void(Result<Snapshot>)> done) = 0;
};

}  // namespace orrery
