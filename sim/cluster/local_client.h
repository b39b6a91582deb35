// LocalClient: a component's way to the API server inside one process: objects pass by reference,
// over a link with latency. Requests of one client arrive in the order they were sent, and so do
// its watch events. Destroying the client drops its callbacks and watches: a crashed process hears
// nothing.
#pragma once

#include <memory>

#include "core/apiserver/api_server.h"
#include "core/ports/client.h"
#include "core/runtime/env.h"

namespace orrery::sim {

/// One way; the answer takes as long again.
struct LinkModel {
  LatencyModel request{500us, 500us};
  LatencyModel watch{1ms, 1ms};
};

class LocalClient final : public Client {
 public:
  /// `name` is the component's: it goes out as the user agent and names the random stream.
  LocalClient(Env& env, apiserver::ApiServer& server, LinkModel link, std::string_view name);
  ~LocalClient() override;

  void call(Request request, Callback<void(Response)> done) override;
  std::unique_ptr<Watch> watch(WatchRequest request, WatchSink& sink) override;

 private:
  struct Line;
  class LocalWatch;
  std::shared_ptr<Line> line_;
};

}  // namespace orrery::sim
