// The scale subresource (autoscaling/v1 Scale) of Deployment, ReplicaSet and StatefulSet.
#pragma once

#include "core/api/kind_registry.h"
#include "core/base/result.h"

namespace orrery::apiserver {

/// The Scale document of an object; NotFound for kinds that have none.
Result<api::RawRef> scale_of(const api::Kinds& kinds, const api::Object& object);
/// A copy of the object with the replicas of a Scale document. BadRequest or Invalid on a bad one.
Result<Ref<api::Object>> with_scale(const api::Kinds& kinds, const api::Object& object,
                                    const api::RawRef& scale);

}  // namespace orrery::apiserver
