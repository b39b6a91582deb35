// EquivalenceCache: finds the class of a pod: by the identity of its shared parts (pods of one
// template cost one lookup), else by its signature. Holds a bounded amount of memory; the classes
// that were not used for longest go first.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/scheduler/equivalence_class.h"

namespace orrery::scheduler {

class EquivalenceCache {
 public:
  /// At most this many bytes of scores and this many classes, but always at least four.
  static constexpr std::size_t kBytesMax = 64u << 20;
  static constexpr std::size_t kClassesMax = 4096;
  /// At most this many remembered identities; all are forgotten when there are more.
  static constexpr std::size_t kIdentitiesMax = 16384;

  /// The pod's class, or null: it must take the plain path. `nodes`: size of the cluster.
  EquivalenceClass* find(const Framework& framework, const Ref<const api::Pod>& pod,
                         std::size_t nodes);
  std::size_t size() const { return classes_.size(); }

 private:
  /// Shared parts by address; held below, so that an address means one value.
  struct Identity {
    const void* spec;
    const void* labels;
    const void* annotations;
    const void* owners;
    const Framework* framework;
    std::uint32_t namespace_id;
    bool operator==(const Identity&) const = default;
  };
  struct IdentityHash {
    std::size_t operator()(const Identity& i) const;
  };
  struct Known {
    api::Shared<api::PodSpec> spec;
    api::LabelSet labels;
    api::TextMap annotations;
    api::List<api::OwnerReference> owners;
    std::uint64_t class_id = 0;  // 0: plain path
  };

  std::uint64_t find_by_signature(const Framework& framework, const Ref<const api::Pod>& pod,
                                  std::size_t nodes);
  void evict(std::uint64_t keep, std::size_t nodes);

  std::unordered_map<Identity, Known, IdentityHash> identities_;                  // lookup only
  std::unordered_map<std::string, std::uint64_t> by_signature_;                   // lookup only
  std::unordered_map<std::uint64_t, std::unique_ptr<EquivalenceClass>> classes_;  // lookup only
  struct Listed {
    std::uint64_t id;
    std::string signature;
  };
  std::vector<Listed> listed_;  // all classes
  Signature signature_;
  std::uint64_t last_id_ = 0;
  std::uint64_t uses_ = 0;
};

}  // namespace orrery::scheduler
