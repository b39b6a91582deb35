// ApiServer: get, list, watch.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/apiserver/api_server.h"
#include "core/apiserver/scale.h"

namespace orrery::apiserver {
namespace {

std::string sort_key(const api::Object& o) { return api::key_of(o); }

// resourceVersion of a list request: 0 when absent.
Result<api::Revision> revision_of(const ListOptions& options) {
  const std::string& text = options.resource_version;
  if (text.empty()) return api::Revision{0};
  api::Revision revision = 0;
  const auto r = std::from_chars(text.data(), text.data() + text.size(), revision);
  if (r.ec != std::errc() || r.ptr != text.data() + text.size()) {
    return bad_request(fmt::format("resourceVersion: Invalid value: \"{}\": must be a number", text));
  }
  return revision;
}

}  // namespace

void ApiServer::get(const Request& request, Done& done) {
  const api::ObjectRef* found = find(request);
  if (!found) return done(not_found_response(request));
  if (request.subresource == Subresource::kScale) {
    Response response;
    Result<api::RawRef> scale = scale_of(kinds_, **found);
    if (!scale.ok()) return done(failed(scale.status()));
    response.document = *scale;
    return done(std::move(response));
  }
  done(succeeded(*found));
}

void ApiServer::list(const Request& request, Done& done) {
  const api::KindInfo& info = kinds_.info(request.kind);
  const ListOptions& options = request.list;
  Result<ObjectFilter> filter = ObjectFilter::make(info, request.namespace_, options.label_selector,
                                                   options.field_selector);
  if (!filter.ok()) return done(failed(filter.status()));
  Result<api::Revision> wanted = revision_of(options);
  if (!wanted.ok()) return done(failed(wanted.status()));
  if (*wanted > store_.revision()) {
    StatusDetails details;
    details.causes.push_back({"ResourceVersionTooLarge", "Too large resource version", ""});
    details.retry_after_seconds = 1;
    return done(failed(Status(Reason::kTimeout,
                              fmt::format("Too large resource version: {}, current: {}", *wanted,
                                          store_.revision()),
                              details)));
  }
  const ListPages::Snapshot* snapshot = nullptr;
  ListPages::Snapshot whole{request.kind, request.namespace_, store_.revision(), {}};
  std::string start;
  if (!options.continue_token.empty()) {
    Result<ListPages::Token> token = ListPages::decode_token(options.continue_token);
    if (!token.ok()) return done(failed(token.status()));
    start = token->start;
    snapshot = pages_.find(request.kind, request.namespace_, token->revision);
    if (!snapshot) {
      Response response = failed(Status(
          Reason::kExpired,
          "The provided continue parameter is too old to display a consistent list result. You can "
          "start a new list without the continue parameter, or use the continue token in this "
          "response to retrieve the remainder of the results. Continuing with the provided token "
          "results in an inconsistent list - objects that were created, modified, or deleted between "
          "the time the first chunk was returned and now may show up in the list."));
      response.continue_token = ListPages::encode_token(store_.revision(), start);
      pages_.add({request.kind, request.namespace_, store_.revision(),
                  store_.table(request.kind).sorted()});
      return done(std::move(response));
    }
  } else {
    whole.items = store_.table(request.kind).sorted();
    snapshot = &whole;
  }
  Response response;
  response.revision = snapshot->revision;
  const auto& items = snapshot->items;
  auto it = items.begin();
  if (!start.empty()) {
    it = std::find_if(items.begin(), items.end(),
                      [&](const api::ObjectRef& o) { return sort_key(*o) > start; });
  }
  const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(options.limit, 0));
  for (; it != items.end(); ++it) {
    if (!filter->matches(**it)) continue;
    if (limit != 0 && response.items.size() == limit) {
      response.continue_token =
          ListPages::encode_token(snapshot->revision, sort_key(*response.items.back()));
      if (!filter->has_selectors()) {
        response.remaining_items = std::count_if(
            it, items.end(), [&](const api::ObjectRef& o) { return filter->matches(*o); });
      }
      break;
    }
    response.items.push_back(*it);
  }
  if (!response.continue_token.empty() && snapshot == &whole) pages_.add(std::move(whole));
  done(std::move(response));
}

Result<std::unique_ptr<ServerWatch>> ApiServer::watch(WatchRequest request,
                                                      Callback<void()> wake) {
  Result<ObjectFilter> filter =
      ObjectFilter::make(kinds_.info(request.kind), request.namespace_, request.label_selector,
                         request.field_selector);
  if (!filter.ok()) return filter.status();
  auto changes = store_.subscribe(request.kind, request.from, std::move(wake));
  if (!changes.ok()) return changes.status();
  return std::make_unique<ServerWatch>(std::move(*changes), std::move(*filter));
}

}  // namespace orrery::apiserver
