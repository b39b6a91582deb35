// ApiServer: the warnings that the checks of a written document give.
#include <memory>

#include "core/apiserver/api_server.h"

namespace orrery::apiserver {

// The checks run before `handle` returns; `done` may be called long after.
ApiServer::Done ApiServer::with_checks_warnings(const Request& request, Done done) {
  const bool writes = request.verb == Verb::kCreate || request.verb == Verb::kUpdate ||
                      request.verb == Verb::kPatch;
  if (!writes) return done;
  auto warnings = std::make_shared<Warnings>();
  checks_warnings_ = warnings;
  return [warnings, done = std::move(done)](Response response) mutable {
    if (response.status.ok()) {
      for (std::string& w : *warnings) response.warnings.push_back(std::move(w));
    }
    done(std::move(response));
  };
}

void ApiServer::note_warnings(const Request& request, Warnings warnings) const {
  if (request.object || !checks_warnings_) return;
  for (std::string& w : warnings) checks_warnings_->push_back(std::move(w));
}

}  // namespace orrery::apiserver
