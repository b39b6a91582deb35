// The options of requests, from query parameters and bodies: ListOptions, DeleteOptions,
// Create/Update/PatchOptions, with upstream's checks and texts.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "core/apiserver/wire/request_info.h"
#include "core/base/result.h"
#include "core/ports/client.h"

namespace orrery::apiserver {

struct WatchOptions {
  bool wanted = false;
  bool bookmarks = false;
  std::optional<bool> send_initial;
  std::optional<std::int64_t> timeout_seconds;
};

struct CollectionOptions {
  ListOptions list;
  WatchOptions watch;
};

/// Of list, watch and deletecollection.
Result<CollectionOptions> read_collection_options(const RequestInfo& info, const Query& query);

/// dryRun, fieldManager, fieldValidation, force into `request`; checked as `kind` ("CreateOptions",
/// "UpdateOptions", "PatchOptions").
Status read_write_options(const Query& query, std::string_view kind, std::string_view user_agent,
                          Request& request);

/// DeleteOptions of the query, for deletes without a body.
Status read_delete_query(const Query& query, Request& request);
/// DeleteOptions as a document; the query then counts for nothing.
Status read_delete_options(const nlohmann::json& options, Request& request);

/// resourceVersion of a watch. BadRequest in upstream's words.
Result<api::Revision> parse_revision(const std::string& text);

/// What of a User-Agent names a field manager: "kubectl/v1.32" -> "kubectl".
std::string manager_of(std::string_view user_agent);

}  // namespace orrery::apiserver
