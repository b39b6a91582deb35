// ServiceAddresses: cluster IPs (10.96.0.0/16) and node ports (30000-32767) of Services. What is in
// use follows the stored Services; addresses of writes under way are reserved. The API server calls
// allocate() before a write, record() after one that succeeded and give_back() after one that
// failed. As upstream, an address that is not asked for comes from the upper part of its range, so
// that the lower part stays for those who name one.
#pragma once

#include <vector>

#include "core/api/kind_registry.h"
#include "core/api/service.h"
#include "core/base/random.h"
#include "core/store/store.h"

namespace orrery::apiserver {

class ServiceAddresses {
 public:
  ServiceAddresses(const api::Kinds& kinds, store::Store& store, RandomStream& stream)
      : kinds_(kinds), store_(store), stream_(stream), ips_(kIpCount), ports_(kPortCount) {}

  /// The service with every address that its type needs, all reserved. Invalid, in upstream's
  /// words, for addresses out of range or taken. `old` is the stored object of an update, or null.
  /// A dry run reserves nothing and takes every address as free.
  Result<Ref<api::Object>> allocate(const Ref<api::Object>& service, const api::Object* old,
                                    bool dry_run);
  /// Frees what `service` reserved and the stored one does not have.
  void give_back(const api::Object& service);
  /// Writes or removes the IPAddress objects of a service that changed (either may be null), if the
  /// cluster has that kind.
  void record(const api::Object* old, const api::Object* now);
  /// Every stored change of a Service.
  void follow(const store::Change& change);

 private:
  static constexpr std::uint32_t kIpBase = 10u << 24 | 96u << 16;
  static constexpr std::size_t kIpCount = 1u << 16;
  static constexpr std::size_t kIpBand = 256;  // min(max(16, size/16), 256)
  static constexpr std::int32_t kPortBase = 30000;
  static constexpr std::size_t kPortCount = 2768;
  static constexpr std::size_t kPortBand = 86;  // min(max(16, size/32), 128)

  using Used = std::vector<bool>;
  void read_stored();
  void mark(const api::Object& service, bool used);
  std::size_t draw(Used& used, std::size_t band, std::size_t last);
  Status place_ip(api::Service& service, const api::Service* old, bool dry_run);
  Status place_ports(api::Service& service, const api::Service* old, bool dry_run);
  Status reserve_port(const api::Service& service, std::int32_t port, std::size_t index);
  Status place_health_check_port(api::Service& service, const api::Service* old);

  const api::Kinds& kinds_;
  store::Store& store_;
  RandomStream& stream_;
  bool has_read_ = false;
  Used ips_, ports_;  // by offset from the base
};

}  // namespace orrery::apiserver
