#include "core/scheduler/config/configuration.h"

#include <algorithm>

#include "core/scheduler/config/extender_reader.h"
#include "core/scheduler/config/profile_reader.h"

namespace orrery::scheduler {
namespace {

using config::Findings;
using config::Mistake;
using config::Mistakes;
using config::ObjectReader;

constexpr std::string_view kVersion = "kubescheduler.config.k8s.io/v1";
constexpr std::string_view kKind = "KubeSchedulerConfiguration";

void read_type(ObjectReader& from, Mistakes& mistakes) {
  std::string version, kind;
  from.read("apiVersion", version);
  from.read("kind", kind);
  if (version == kVersion && kind == kKind) return;
  const bool is_version = version != kVersion;
  mistakes.push_back({is_version ? "apiVersion" : "kind",
                      "must be \"" + std::string(is_version ? kVersion : kKind) + "\", got \"" +
                          (is_version ? version : kind) + "\""});
}

/// Settings of the kube-scheduler process, which this scheduler has no use for.
void read_process_settings(ObjectReader& from, Findings& findings) {
  for (const char* name : {"leaderElection", "clientConnection", "enableProfiling",
                           "enableContentionProfiling", "delayCacheUntilActive"}) {
    if (from.has(name)) findings.notes.push_back(std::string(name) + " has no effect");
  }
  ObjectReader election = from.object("leaderElection");
  bool flag = false;
  std::string lock = "leases", text;
  std::optional<Duration> duration;
  election.read("leaderElect", flag);
  election.read("resourceLock", lock);
  for (const char* name : {"leaseDuration", "renewDeadline", "retryPeriod"}) {
    election.read(name, duration);
  }
  for (const char* name : {"resourceName", "resourceNamespace"}) election.read(name, text);
  election.finish();
  if (flag && lock != "leases") {
    findings.errors.invalid(api::Path("leaderElection.resourceLock"), lock,
                            "resourceLock value must be \"leases\"");
  }
  ObjectReader connection = from.object("clientConnection");
  for (const char* name : {"kubeconfig", "acceptContentTypes", "contentType"}) {
    connection.read(name, text);
  }
  for (const char* name : {"qps", "burst"}) connection.skip_number(name);
  connection.finish();
  for (const char* name :
       {"enableProfiling", "enableContentionProfiling", "delayCacheUntilActive"}) {
    from.read(name, flag);
  }
}

std::int32_t read_numbers(ObjectReader& from, SchedulerConfiguration& out, Findings& findings) {
  std::int32_t percentage = 0;
  std::int64_t initial = 1, most = 10;
  from.read("parallelism", out.parallelism);
  from.read("percentageOfNodesToScore", percentage);
  from.read("podInitialBackoffSeconds", initial);
  from.read("podMaxBackoffSeconds", most);
  using api::Path;
  if (out.parallelism <= 0) {
    findings.errors.invalid(Path("parallelism"), std::int64_t{out.parallelism},
                            "should be an integer value greater than zero");
  }
  if (percentage < 0 || percentage > 100) {
    findings.errors.invalid(Path("percentageOfNodesToScore"), std::int64_t{percentage},
                            "not in valid range [0-100]");
  }
  if (initial <= 0) {
    findings.errors.invalid(Path("podInitialBackoffSeconds"), initial, "must be greater than 0");
  }
  if (most < initial) {
    findings.errors.invalid(Path("podMaxBackoffSeconds"), most,
                            "must be greater than or equal to PodInitialBackoffSeconds");
  }
  // Past this a Duration overflows; no pod waits for a hundred years.
  constexpr std::int64_t kSecondsMax = std::int64_t{100} * 365 * 24 * 3600;
  out.pod_initial_backoff = std::chrono::seconds(std::clamp<std::int64_t>(initial, 1, kSecondsMax));
  out.pod_max_backoff = std::chrono::seconds(std::clamp<std::int64_t>(most, 1, kSecondsMax));
  return percentage;
}

/// Resources that extenders manage alone are added to NodeResourcesFit's ignoredResources.
void ignore_managed_resources(SchedulerConfiguration& configuration) {
  std::vector<Symbol> ignored;
  for (const ExtenderConfig& extender : configuration.extenders) {
    for (const ManagedResource& resource : extender.managed_resources) {
      if (resource.ignored_by_scheduler) ignored.push_back(resource.name);
    }
  }
  if (ignored.empty()) return;
  for (Profile& profile : configuration.profiles) {
    auto fit = std::get_if<NodeResourcesFitArgs>(&profile.args["NodeResourcesFit"]);
    if (!fit) fit = &profile.args["NodeResourcesFit"].emplace<NodeResourcesFitArgs>();
    fit->ignored_resources.insert(fit->ignored_resources.end(), ignored.begin(), ignored.end());
  }
}

Status invalid(std::string_view file, const Mistakes& mistakes, const LineOf& line_of) {
  struct Placed {
    int line;
    const Mistake* mistake;
  };
  std::vector<Placed> placed;
  for (const Mistake& m : mistakes) placed.push_back({line_of ? line_of(m.path) : 0, &m});
  std::stable_sort(placed.begin(), placed.end(),
                   [](const Placed& a, const Placed& b) { return a.line < b.line; });
  StatusDetails details;
  details.name = file;
  std::string message;
  for (const auto& [line, mistake] : placed) {
    std::string text(file);
    if (line > 0) text += ":" + std::to_string(line);
    if (!text.empty()) text += ": ";
    if (!mistake->path.empty()) text += mistake->path + ": ";
    text += mistake->what;
    if (!message.empty()) message += '\n';
    message += text;
    details.causes.push_back({"FieldValueInvalid", std::move(text), mistake->path});
  }
  return Status(Reason::kInvalid, std::move(message), std::move(details));
}

/// Mistakes of form hide mistakes of value, as upstream's decoder goes before its validation.
Status status_of(const Mistakes& mistakes, const Findings& findings, std::string_view file,
                 const LineOf& line_of) {
  if (!mistakes.empty()) return invalid(file, mistakes, line_of);
  Mistakes values;
  for (const api::FieldError& error : findings.errors.list()) {
    values.push_back({error.field, error.body()});
  }
  return values.empty() ? Status() : invalid(file, values, line_of);
}

}  // namespace

Result<SchedulerConfiguration> parse_scheduler_configuration(const nlohmann::json& document,
                                                             std::string_view file,
                                                             const LineOf& line_of,
                                                             const PluginRegistry& registry) {
  Mistakes mistakes;
  Findings findings;
  SchedulerConfiguration out;
  ObjectReader from(document, "", mistakes);
  read_type(from, mistakes);
  read_process_settings(from, findings);
  const std::int32_t percentage = read_numbers(from, out, findings);
  auto drafts = config::read_profiles(from.objects("profiles"), registry, findings);
  out.extenders = config::read_extenders(from.objects("extenders"), findings.errors);
  from.finish();
  RETURN_IF_ERROR(status_of(mistakes, findings, file, line_of));
  out.profiles = config::finish_profiles(std::move(drafts), percentage, registry, findings);
  RETURN_IF_ERROR(status_of(mistakes, findings, file, line_of));
  ignore_managed_resources(out);
  out.notes = std::move(findings.notes);
  return out;
}

}  // namespace orrery::scheduler
