// ApiServer: list: at the newest revision, at a given one, or page by page at that of the first
// page.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/api/key_order.h"
#include "core/apiserver/api_server.h"

namespace orrery::apiserver {
namespace {

std::string sort_key(const api::Object& o) { return api::key_of(o); }

// Whether the object's key is behind the key `start` ("namespace/name" or "name").
bool is_after(const api::ObjectMeta& meta, std::string_view start) {
  if (meta.namespace_.empty()) return meta.name.view() > start;
  const std::size_t slash = start.find('/');
  if (slash == std::string_view::npos) return true;  // no key of ours
  return api::comes_before(start.substr(0, slash), start.substr(slash + 1),
                           meta.namespace_.view(), meta.name.view());
}

// resourceVersion of a list request: 0 when absent.
Result<api::Revision> revision_of(const ListOptions& options) {
  const std::string& text = options.resource_version;
  if (text.empty()) return api::Revision{0};
  api::Revision revision = 0;
  const auto r = std::from_chars(text.data(), text.data() + text.size(), revision);
  if (r.ec != std::errc() || r.ptr != text.data() + text.size()) {
    return bad_request(
        fmt::format("invalid resource version: resourceVersion: Invalid value: \"{0}\": "
                    "strconv.ParseUint: parsing \"{0}\": invalid syntax",
                    text));
  }
  return revision;
}

// A list at a revision that is not the newest: asked for, or a page's first (legacy exact).
bool is_exact(const ListOptions& options, api::Revision wanted) {
  if (wanted == 0) return false;
  return options.resource_version_match == "Exact" ||
         (options.resource_version_match.empty() && options.limit > 0);
}

// Objects of the snapshot after `start`, as far as the limit goes.
void fill_page(const ListPages::Snapshot& snapshot, const std::string& start,
               const ObjectFilter& filter, std::size_t limit, Response& response) {
  const auto& items = snapshot.items;
  auto it = items.begin();
  if (!start.empty()) {
    it = std::partition_point(items.begin(), items.end(), [&](const api::ObjectRef& o) {
      return !is_after(o->meta, start);
    });
  }
  if (limit == 0) response.items.reserve(static_cast<std::size_t>(items.end() - it));
  for (; it != items.end(); ++it) {
    if (!filter.matches(**it)) continue;
    if (limit == 0 || response.items.size() < limit) {
      response.items.push_back(*it);
      continue;
    }
    response.continue_token =
        ListPages::encode_token(snapshot.revision, sort_key(*response.items.back()));
    if (!filter.has_selectors()) {
      const auto rest = std::partition_point(it, items.end(), [&](const api::ObjectRef& o) {
        return filter.matches(*o);  // by namespace alone: those that match stand together
      });
      response.remaining_items = rest - it;
    }
    return;
  }
}

Status too_large(api::Revision wanted, api::Revision current) {
  StatusDetails details;
  details.causes.push_back({"ResourceVersionTooLarge", "Too large resource version", ""});
  details.retry_after_seconds = 1;
  return Status(Reason::kTimeout,
                fmt::format("Too large resource version: {}, current: {}", wanted, current),
                details);
}

}  // namespace

Result<ListPages::Snapshot> ApiServer::snapshot_for(const Request& request,
                                                    api::Revision wanted) const {
  ListPages::Snapshot whole{request.kind, request.namespace_, store_.revision(), {}};
  if (!is_exact(request.list, wanted)) {
    whole.items = store_.table(request.kind).sorted();
    return whole;
  }
  auto items = store_.sorted_at(request.kind, wanted);
  if (!items.ok()) return items.status();
  whole.items = std::move(*items);
  whole.revision = wanted;
  return whole;
}

// 410 with a token that goes on at the newest revision, as after etcd's compaction.
Response ApiServer::expired_page(const Request& request, const std::string& start) {
  Response response = failed(Status(
      Reason::kExpired,
      "The provided continue parameter is too old to display a consistent list result. You can "
      "start a new list without the continue parameter, or use the continue token in this response "
      "to retrieve the remainder of the results. Continuing with the provided token results in an "
      "inconsistent list - objects that were created, modified, or deleted between the time the "
      "first chunk was returned and now may show up in the list."));
  response.continue_token = ListPages::encode_token(store_.revision(), start);
  pages_.add({request.kind, request.namespace_, store_.revision(),
              store_.table(request.kind).sorted()});
  return response;
}

void ApiServer::list(const Request& request, Done& done) {
  const ListOptions& options = request.list;
  Result<ObjectFilter> filter =
      ObjectFilter::make(kinds_.info(request.kind), request.namespace_, options.label_selector,
                         options.field_selector);
  if (!filter.ok()) return done(failed(filter.status()));
  Result<api::Revision> wanted = revision_of(options);
  if (!wanted.ok()) return done(failed(wanted.status()));
  if (*wanted > store_.revision()) {
    return done(failed(too_large(*wanted, store_.revision())));
  }
  Response response;
  auto limit = static_cast<std::size_t>(std::max<std::int64_t>(options.limit, 0));
  if (!options.continue_token.empty()) {
    if (*wanted != 0) {
      return done(failed(
          bad_request("specifying resource version is not allowed when using continue")));
    }
    Result<ListPages::Token> token = ListPages::decode_token(options.continue_token);
    if (!token.ok()) return done(failed(token.status()));
    const ListPages::Snapshot* page =
        pages_.find(request.kind, request.namespace_, token->revision);
    if (!page) return done(expired_page(request, token->start));
    response.revision = page->revision;
    fill_page(*page, token->start, *filter, limit, response);
    return done(std::move(response));
  }
  Result<ListPages::Snapshot> whole = snapshot_for(request, *wanted);
  if (!whole.ok()) return done(failed(whole.status()));
  // resourceVersion "0" is served from a cache that has all: no pages.
  if (options.resource_version == "0") limit = 0;
  response.revision = whole->revision;
  fill_page(*whole, "", *filter, limit, response);
  if (!response.continue_token.empty()) pages_.add(std::move(*whole));
  done(std::move(response));
}

}  // namespace orrery::apiserver
