// metav1.Status as the text that goes over an error channel (how a remote command ended) or into
// the body of a refused request. Pure; called by the sessions and PodStreamEndpoints.
#pragma once

#include <string>

#include "core/ports/http_exchange.h"
#include "core/ports/pod_streams.h"

namespace orrery::apiserver {

/// The v4+ error channel: Success; Failure with reason NonZeroExitCode and the cause ExitCode; or
/// an InternalError with the runtime's text.
std::string exit_status_json(const ExecExit& exit);
/// What older protocols write there: nothing for success, else one line of text.
std::string exit_status_text(const ExecExit& exit);

/// A whole reply: application/json with the Status.
HttpReply status_reply(const Status& status);
/// A whole reply as the kubelet's streaming server gives it: plain text.
HttpReply text_reply(int code, std::string text);

}  // namespace orrery::apiserver
