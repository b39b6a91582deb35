// ListPages: consistent pages of long lists. The first page takes a sorted snapshot (Refs, no
// copies) that the following pages read; a snapshot that was dropped ends in 410 Expired with a
// token that continues inconsistently, as etcd's compaction does.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/api/object.h"
#include "core/base/result.h"

namespace orrery::apiserver {

class ListPages {
 public:
  static constexpr std::size_t kSnapshotsMax = 8;

  struct Snapshot {
    api::KindId kind;
    Symbol namespace_;
    api::Revision revision;
    std::vector<api::ObjectRef> items;  // by namespace, name
  };
  const Snapshot& add(Snapshot snapshot);
  const Snapshot* find(api::KindId kind, Symbol ns, api::Revision revision) const;

  /// apiserver's opaque token: base64 of {"v":"meta.k8s.io/v1","rv":R,"start":"ns/name\u0000"}.
  static std::string encode_token(api::Revision revision, std::string_view start);
  struct Token {
    api::Revision revision = 0;
    std::string start;
  };
  static Result<Token> decode_token(std::string_view token);

 private:
  std::deque<Snapshot> snapshots_;
};

}  // namespace orrery::apiserver
