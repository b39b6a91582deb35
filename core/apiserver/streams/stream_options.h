// The options of the pod subresources log, exec, attach and portforward, read from their query.
// Called by PodStreamEndpoints, and by whoever wants to refuse a bad query before it looks up the
// pod. Rule: messages are upstream's (validation.ValidatePodLogOptions, remotecommand.NewOptions,
// portforward.NewV4Options).
#pragma once

#include <string>
#include <vector>

#include "core/apiserver/streams/query_values.h"
#include "core/ports/pod_streams.h"

namespace orrery::apiserver {

struct LogQuery {
  std::string container;
  LogOptions options;
};
/// `pod` is named in the Invalid status of kind PodLogOptions.
Result<LogQuery> read_log_query(const QueryValues& query, std::string_view pod);

struct ExecQuery {
  std::string container;
  std::vector<std::string> command;
  ExecStreams streams;
};
/// Any combination of streams; check_streams() refuses what cannot run.
ExecQuery read_exec_query(const QueryValues& query);
/// BadRequest `you must specify at least 1 of stdin, stdout, stderr`.
Status check_streams(const ExecStreams& streams);

/// `ports=`, repeated or with commas; for the WebSocket form of port-forward. At most 64.
Result<std::vector<int>> read_ports(const QueryValues& query);

}  // namespace orrery::apiserver
