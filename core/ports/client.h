// Client: what core asks of the API server; the only way that controllers, scheduler and kubelets
// see the cluster. One request struct for all verbs, so that decorators (audit, faults, metrics)
// stay small. Rules: `done` and watch events come through the event loop, never before the call
// returns; a client belongs to one component and destroying it drops the component's callbacks and
// watches.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/api/object.h"
#include "core/base/callback.h"
#include "core/base/status.h"

namespace orrery {

enum class Verb : std::uint8_t {
  kGet,
  kList,
  kCreate,
  kUpdate,
  kPatch,
  kDelete,
  kDeleteCollection
};

enum class Subresource : std::uint8_t {
  kNone,
  kStatus,
  kScale,
  kBinding,
  kEviction,
  kFinalize,
  kEphemeralContainers,
  kResize,
  kApproval
};

enum class PatchType : std::uint8_t { kJson, kMerge, kStrategic, kApply };

enum class Propagation : std::uint8_t { kDefault, kBackground, kForeground, kOrphan };

/// What unknown and duplicate fields of a document are: nothing, a warning, an error.
enum class FieldValidation : std::uint8_t { kIgnore, kWarn, kStrict };

struct DeleteOptions {
  std::optional<std::int64_t> grace_period_seconds;
  Propagation propagation = Propagation::kDefault;
  Uid uid;                             // precondition; empty = none
  api::Revision resource_version = 0;  // precondition; 0 = none
};

struct ListOptions {
  std::string label_selector;
  std::string field_selector;
  std::int64_t limit = 0;  // 0 = all
  std::string continue_token;
  std::string resource_version;        // "", "0" or a number
  std::string resource_version_match;  // "", "Exact", "NotOlderThan"
};

struct Request {
  Verb verb = Verb::kGet;
  api::KindId kind = api::KindId::kNone;
  Symbol namespace_;
  Text name;
  Subresource subresource = Subresource::kNone;
  api::ObjectRef object;  // create, update: the new object
  api::RawRef document;   // patch body; Scale; or an undecoded object (create, update)
  std::string body;       // the same as JSON text, as it came over a wire; counts where not empty
  PatchType patch_type = PatchType::kStrategic;
  Symbol node;  // binding: the target node
  DeleteOptions remove;
  ListOptions list;
  bool dry_run = false;
  FieldValidation field_validation = FieldValidation::kIgnore;  // of documents and bodies
  Symbol user_agent;  // who asks: "deployment-controller", "kube-scheduler", ...
  Symbol api_version;    // of documents, bodies and answers; empty: the version that is stored
  Text field_manager;    // whose change this is, in managedFields; empty: they are not kept up
  bool force = false;    // apply: takes fields over from other managers
};

struct Response {
  Status status;
  api::ObjectRef object;  // the object after the call
  api::RawRef document;   // scale and eviction answers
  std::vector<api::ObjectRef> items;
  api::Revision revision = 0;  // of a list
  std::string continue_token;
  std::optional<std::int64_t> remaining_items;
  std::vector<std::string> warnings;
  bool created = false;  // an apply made the object
  bool deleted = false;  // a delete left nothing behind: `object` is the last state
};

enum class WatchType : std::uint8_t { kAdded, kModified, kDeleted, kBookmark };

struct WatchEvent {
  WatchType type;
  api::ObjectRef object;   // DELETED carries the last state
  api::Revision revision;  // of the change
};

class WatchSink {
 public:
  /// Events in revision order; a span only for the length of the call.
  virtual void on_events(std::span<const WatchEvent> events) = 0;
  /// The watch is over (Expired: 410, list again). No call comes after it.
  virtual void on_closed(const Status& why) = 0;

 protected:
  ~WatchSink() = default;
};

struct WatchRequest {
  api::KindId kind = api::KindId::kNone;
  Symbol namespace_;  // empty = all
  std::string label_selector;
  std::string field_selector;  // "spec.nodeName=x" and "metadata.name=x" are indexed by the server
  Symbol api_version;          // that selectors are written for; empty: the one that is stored
  api::Revision from = 0;      // changes after this revision
  bool initial = false;        // instead of `from`: what is there now comes first, as ADDED
};

/// A running watch; destroying it ends it.
class Watch {
 public:
  virtual ~Watch() = default;
};

class Client {
 public:
  virtual ~Client() = default;
  virtual void call(Request request, Callback<void(Response)> done) = 0;
  virtual std::unique_ptr<Watch> watch(WatchRequest request, WatchSink& sink) = 0;
};

}  // namespace orrery
