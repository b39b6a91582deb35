#include "sim/storage/memory_storage.h"

#include <fmt/format.h>

namespace orrery::sim {

void MemoryStorage::commit(StorageWrite write, Callback<void(Result<api::Revision>)> done) {
  if (options_.commit_latency == Duration{0}) {
    const api::Revision revision = write.revision;
    if (options_.keep) keep(write);
    done(revision);
    return;
  }
  env_.loop.after(options_.commit_latency, [this, epoch = epoch_, write = std::move(write),
                                            done = std::move(done)]() mutable {
    if (epoch != epoch_) return;
    if (options_.keep) keep(write);
    done(write.revision);
  });
}

void MemoryStorage::load(Callback<void(Result<Snapshot>)> done) {
  Snapshot snapshot;
  for (const auto& [key, object] : objects_) snapshot.objects.push_back(object);
  snapshot.revision = revision_;
  env_.loop.post([snapshot = std::move(snapshot), done = std::move(done)]() mutable {
    done(std::move(snapshot));
  });
}

void MemoryStorage::keep(const StorageWrite& write) {
  revision_ = write.revision;
  const std::string key = fmt::format("{}/{}/{}", static_cast<int>(write.kind),
                                      write.namespace_.view(), write.name.view());
  if (write.object) {
    objects_[key] = write.object;
  } else {
    objects_.erase(key);
  }
}

}  // namespace orrery::sim
