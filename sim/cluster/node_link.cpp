#include "sim/cluster/node_link.h"

namespace orrery::sim {

void NodeLink::call(Request request, Callback<void(Response)> done) {
  state();
  if (!state_->up) {
    env_.loop.after(kTimeout, [state = state_, done = std::move(done)]() mutable {
      if (!state->alive || !done) return;
      Response response;
      response.status = Status(Reason::kTimeout, "dial tcp: i/o timeout");
      done(std::move(response));
    });
    return;
  }
  shared_.call(
      std::move(request), [state = state_, done = std::move(done)](Response response) mutable {
        if (!state->alive || !done) return;
        if (!state->up)
          response = {Status(Reason::kTimeout, "read tcp: i/o timeout"), {}, {}, {}, 0, {}, {}, {}};
        done(std::move(response));
      });
}

}  // namespace orrery::sim
