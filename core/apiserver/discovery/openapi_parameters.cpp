#include "core/apiserver/discovery/openapi_parameters.h"

namespace orrery::apiserver {
namespace {

constexpr OpenApiParameter kList[] = {
    {"allowWatchBookmarks", "boolean"},
    {"continue", "string"},
    {"fieldSelector", "string"},
    {"labelSelector", "string"},
    {"limit", "integer"},
    {"resourceVersion", "string"},
    {"resourceVersionMatch", "string"},
    {"sendInitialEvents", "boolean"},
    {"timeoutSeconds", "integer"},
    {"watch", "boolean"},
};
constexpr OpenApiParameter kDeleteCollection[] = {
    {"continue", "string"},
    {"dryRun", "string"},
    {"fieldSelector", "string"},
    {"gracePeriodSeconds", "integer"},
    {"ignoreStoreReadErrorWithClusterBreakingPotential", "boolean"},
    {"labelSelector", "string"},
    {"limit", "integer"},
    {"orphanDependents", "boolean"},
    {"propagationPolicy", "string"},
    {"resourceVersion", "string"},
    {"resourceVersionMatch", "string"},
    {"sendInitialEvents", "boolean"},
    {"timeoutSeconds", "integer"},
};
constexpr OpenApiParameter kWrite[] = {
    {"dryRun", "string"}, {"fieldManager", "string"}, {"fieldValidation", "string"}};
constexpr OpenApiParameter kPatch[] = {{"dryRun", "string"},
                                       {"fieldManager", "string"},
                                       {"fieldValidation", "string"},
                                       {"force", "boolean"}};
constexpr OpenApiParameter kDelete[] = {
    {"dryRun", "string"},
    {"gracePeriodSeconds", "integer"},
    {"ignoreStoreReadErrorWithClusterBreakingPotential", "boolean"},
    {"orphanDependents", "boolean"},
    {"propagationPolicy", "string"},
};
constexpr OpenApiParameter kLog[] = {
    {"container", "string"},
    {"follow", "boolean"},
    {"insecureSkipTLSVerifyBackend", "boolean"},
    {"limitBytes", "integer"},
    {"previous", "boolean"},
    {"sinceSeconds", "integer"},
    {"stream", "string"},
    {"tailLines", "integer"},
    {"timestamps", "boolean"},
};
constexpr OpenApiParameter kExec[] = {{"command", "string"}, {"container", "string"},
                                      {"stderr", "boolean"}, {"stdin", "boolean"},
                                      {"stdout", "boolean"}, {"tty", "boolean"}};
constexpr OpenApiParameter kPortForward[] = {{"ports", "integer"}};
constexpr OpenApiParameter kProxy[] = {{"path", "string"}};

}  // namespace

std::span<const OpenApiParameter> parameters_of(ParameterSet set) {
  switch (set) {
    case ParameterSet::kNone:
      return {};
    case ParameterSet::kList:
    case ParameterSet::kWatch:
      return kList;
    case ParameterSet::kDeleteCollection:
      return kDeleteCollection;
    case ParameterSet::kCreate:
    case ParameterSet::kReplace:
      return kWrite;
    case ParameterSet::kPatch:
      return kPatch;
    case ParameterSet::kDelete:
      return kDelete;
    case ParameterSet::kLog:
      return kLog;
    case ParameterSet::kExec:
      return kExec;
    case ParameterSet::kAttach:
      return std::span(kExec).subspan(1);  // all but the command
    case ParameterSet::kPortForward:
      return kPortForward;
    case ParameterSet::kProxy:
      return kProxy;
  }
  return {};
}

}  // namespace orrery::apiserver
