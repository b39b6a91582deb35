#include "core/scheduler/plugins/default_binder.h"

#include "core/client/typed_client.h"

namespace orrery::scheduler {

bool DefaultBinder::bind(CycleState&, const Ref<const api::Pod>& pod, Symbol node,
                         Completion done) {
  static const Symbol kAgent{"kube-scheduler"};
  Request request = detail::about(Verb::kCreate, *pod, Subresource::kBinding);
  request.node = node;
  request.remove.uid = pod->meta.uid;
  request.user_agent = kAgent;
  client_.call(std::move(request), [done](Response response) {
    if (response.status.ok()) {
      done({});
    } else {
      done({Code::kError}, response.status.message());
    }
  });
  return true;
}

}  // namespace orrery::scheduler
