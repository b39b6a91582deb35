#include "core/apiserver/streams/stream_options.h"

#include <fmt/format.h>

#include "core/api/values/quoted.h"

namespace orrery::apiserver {
namespace {

constexpr std::size_t kPortsMax = 64;

class FieldErrors {
 public:
  void invalid(std::string field, std::int64_t value, std::string_view detail) {
    add("FieldValueInvalid", std::move(field), fmt::format("Invalid value: {}: {}", value, detail));
  }
  void forbidden(std::string field, std::string_view detail) {
    add("FieldValueForbidden", std::move(field), fmt::format("Forbidden: {}", detail));
  }
  /// apierrors.NewInvalid of kind PodLogOptions; ok where nothing was added.
  Status status(std::string_view name) const {
    if (causes_.empty()) return {};
    std::string list;
    for (const StatusCause& cause : causes_) {
      if (!list.empty()) list += ", ";
      list += cause.field + ": " + cause.message;
    }
    if (causes_.size() > 1) list = "[" + list + "]";
    StatusDetails details;
    details.name = name;
    details.kind = "PodLogOptions";
    details.causes = causes_;
    return Status(Reason::kInvalid,
                  fmt::format("PodLogOptions {} is invalid: {}", api::quoted(name), list), details);
  }

 private:
  void add(std::string reason, std::string field, std::string message) {
    causes_.push_back({std::move(reason), std::move(message), std::move(field)});
  }
  std::vector<StatusCause> causes_;
};

Status check(const LogOptions& options, std::string_view pod) {
  FieldErrors errors;
  if (options.tail_lines && *options.tail_lines < 0) {
    errors.invalid("tailLines", *options.tail_lines, "must be greater than or equal to 0");
  }
  if (options.limit_bytes && *options.limit_bytes < 1) {
    errors.invalid("limitBytes", *options.limit_bytes, "must be greater than 0");
  }
  if (options.since_seconds && options.since_time) {
    errors.forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified");
  } else if (options.since_seconds && *options.since_seconds < 1) {
    errors.invalid("sinceSeconds", *options.since_seconds, "must be greater than 0");
  }
  return errors.status(pod);
}

}  // namespace

Result<LogQuery> read_log_query(const QueryValues& query, std::string_view pod) {
  LogQuery out;
  out.container = query.first("container");
  out.options.follow = query.flag("follow");
  out.options.previous = query.flag("previous");
  out.options.timestamps = query.flag("timestamps");
  const auto read = [&](std::string_view name, std::optional<std::int64_t>& to) -> Status {
    Result<std::optional<std::int64_t>> number = query.number(name);
    if (!number.ok()) return number.status();
    to = *number;
    return {};
  };
  RETURN_IF_ERROR(read("sinceSeconds", out.options.since_seconds));
  RETURN_IF_ERROR(read("tailLines", out.options.tail_lines));
  RETURN_IF_ERROR(read("limitBytes", out.options.limit_bytes));
  if (const std::string_view text = query.first("sinceTime"); !text.empty()) {
    Result<Time> time = parse_rfc3339(text);
    if (!time.ok()) return time.status();
    out.options.since_time = *time;
  }
  RETURN_IF_ERROR(check(out.options, pod));
  return out;
}

ExecQuery read_exec_query(const QueryValues& query) {
  ExecQuery out;
  out.container = query.first("container");
  out.command = query.all("command");
  out.streams.stdin_ = query.flag("stdin");
  out.streams.stdout_ = query.flag("stdout");
  out.streams.tty = query.flag("tty");
  out.streams.stderr_ = query.flag("stderr") && !out.streams.tty;
  return out;
}

Status check_streams(const ExecStreams& streams) {
  if (streams.stdin_ || streams.stdout_ || streams.stderr_) return {};
  return bad_request("you must specify at least 1 of stdin, stdout, stderr");
}

Result<std::vector<int>> read_ports(const QueryValues& query) {
  std::vector<std::string> texts = query.all("ports");
  if (texts.empty()) texts = query.all("port");
  if (texts.empty()) return bad_request("query parameter \"port\" is required");
  std::vector<int> ports;
  for (const std::string& text : texts) {
    if (text.empty()) return bad_request("query parameter \"port\" cannot be empty");
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t comma = std::min(text.find(',', at), text.size());
      const std::string one = text.substr(at, comma - at);
      const Result<std::int64_t> port = parse_go_int(one, 32);
      if (!port.ok() || *port > 65535 || *port < 0) {
        return bad_request(fmt::format("unable to parse {} as a port", api::quoted(one)));
      }
      if (*port < 1) return bad_request(fmt::format("port {} must be > 0", api::quoted(one)));
      ports.push_back(static_cast<int>(*port));
      if (ports.size() > kPortsMax) return bad_request("too many ports: at most 64 are forwarded");
      at = comma + 1;
    }
  }
  return ports;
}

}  // namespace orrery::apiserver
