// Field tables of metav1 types and the small shared ones.
#include "core/api/codec.h"
#include "core/api/config.h"
#include "core/api/managed_entries.h"
#include "core/api/service.h"

namespace orrery::api::codec {
namespace {

bool is_managed_fields(std::string_view key, const Json& value) {
  return key == kManagedFields && value.is_array();
}

void keep_managed_fields(const Json& from, void* object) {
  const auto it = from.find(kManagedFields);
  if (it != from.end() && it->is_array()) set_managers(*static_cast<ObjectMeta*>(object), *it);
}

void write_managed_fields(const void*, Json& to) {
  if (const auto it = to.find(kManagedFields); it != to.end()) unpack_managers(*it);
}

}  // namespace

template <>
const Structure& structure<OwnerReference>() {
  using T = OwnerReference;
  static const Structure kTable = make_with_extra<&T::extra>({
      always<&T::api_version>("apiVersion"), always<&T::kind>("kind"), always<&T::name>("name"),
      always<&T::uid>("uid"), field<&T::controller>("controller"),
      field<&T::block_owner_deletion>("blockOwnerDeletion")});
  return kTable;
}

template <>
const Structure& structure<ObjectMeta>() {
  using T = ObjectMeta;
  static const Structure kTable = [] {
    Structure s = make_with_extra<&T::extra>({
        field<&T::name>("name"), field<&T::generate_name>("generateName"),
        field<&T::namespace_>("namespace"), field<&T::uid>("uid"),
        field_as<&T::resource_version>("resourceVersion", kRevision),
        field<&T::generation>("generation"), field<&T::creation_timestamp>("creationTimestamp"),
        field<&T::deletion_timestamp>("deletionTimestamp"),
        field<&T::deletion_grace_period_seconds>("deletionGracePeriodSeconds"),
        field<&T::labels>("labels"), field<&T::annotations>("annotations"),
        field<&T::owner_references>("ownerReferences"), field<&T::finalizers>("finalizers")});
    s.skips = is_managed_fields;
    s.after_decode = keep_managed_fields;
    s.after_encode = write_managed_fields;
    return s;
  }();
  return kTable;
}

template <>
const Structure& structure<ObjectReference>() {
  using T = ObjectReference;
  static const Structure kTable = make({
      field<&T::api_version>("apiVersion"), field<&T::kind>("kind"),
      field<&T::namespace_>("namespace"), field<&T::name>("name"), field<&T::uid>("uid"),
      field_as<&T::resource_version>("resourceVersion", kRevision),
      field<&T::field_path>("fieldPath")});
  return kTable;
}

template <>
const Structure& structure<MetaCondition>() {
  using T = MetaCondition;
  static const Structure kTable = make({
      always<&T::type>("type"), always<&T::status>("status"),
      field<&T::observed_generation>("observedGeneration"),
      field<&T::last_transition_time>("lastTransitionTime"), always<&T::reason>("reason"),
      always<&T::message>("message")});
  return kTable;
}

template <>
const Structure& structure<ResourceRequirements>() {
  using T = ResourceRequirements;
  static const Structure kTable = make_with_extra<&T::extra>(
      {field<&T::limits>("limits"), field<&T::requests>("requests")});
  return kTable;
}

}  // namespace orrery::api::codec
