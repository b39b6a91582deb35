// Random nodes and pods that touch every plugin: zones, labels, hard and soft taints, images, GPUs,
// host ports, selectors, affinities, tolerations, spreading, services. The same stream gives the
// same objects.
#pragma once

#include "core/api/service.h"
#include "core/base/random.h"
#include "core/scheduler/profile.h"
#include "tests/core/scheduler/builders.h"

namespace orrery::scheduler::test {

Ref<api::Node> random_node(RandomStream& random, const std::string& name);
api::Shared<api::PodSpec> random_spec(RandomStream& random);
/// One of four values of "app".
api::LabelSet random_labels(RandomStream& random);
/// One of four services, which selects by "app".
Ref<api::Service> random_service(RandomStream& random);
Profile random_profile(RandomStream& random);

}  // namespace orrery::scheduler::test
