// ApiServer: get and watch.
#include "core/apiserver/api_server.h"
#include "core/apiserver/scale.h"

namespace orrery::apiserver {

void ApiServer::get(const Request& request, Done& done) {
  const api::ObjectRef* found = find(request);
  if (!found) return done(not_found_response(request));
  if (request.subresource == Subresource::kScale) {
    Response response;
    Result<api::RawRef> scale = read_scale(request, **found);
    if (!scale.ok()) return done(failed(scale.status()));
    response.document = *scale;
    return done(std::move(response));
  }
  done(succeeded(*found));
}

Result<std::unique_ptr<ServerWatch>> ApiServer::watch(WatchRequest request,
                                                      Callback<void()> wake) {
  Result<ObjectFilter> filter =
      ObjectFilter::make(kinds_.info(request.kind), request.namespace_, request.label_selector,
                         request.field_selector);
  if (!filter.ok()) return filter.status();
  std::vector<api::ObjectRef> initial;
  if (request.initial) {
    for (api::ObjectRef& object : store_.table(request.kind).sorted()) {
      if (filter->matches(*object)) initial.push_back(std::move(object));
    }
    request.from = store_.revision();
  }
  auto changes = store_.subscribe(request.kind, request.from, std::move(wake));
  if (!changes.ok()) return changes.status();
  return std::make_unique<ServerWatch>(std::move(*changes), std::move(*filter),
                                       std::move(initial));
}

}  // namespace orrery::apiserver
