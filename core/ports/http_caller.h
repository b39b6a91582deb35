// HttpCaller: one POST of JSON to a URL somewhere outside, for scheduler extenders and webhooks.
// live/ answers with sockets; a simulation has none unless a test brings one. Answers of post()
// come through the event loop, never from within the call.
#pragma once

#include <optional>
#include <string>

#include "core/base/callback.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace orrery {

/// How an https server is trusted and what it is shown. Text goes before files; both are PEM.
struct HttpTls {
  bool insecure = false;    // the server's certificate is not checked
  std::string server_name;  // for SNI and the check; empty: the URL's host
  std::string cert_file, key_file, ca_file;
  std::string cert_data, key_data, ca_data;
};

struct HttpPost {
  std::string url;  // http://host:port/path or https://...
  std::string body;
  Duration timeout = std::chrono::seconds(5);  // of the whole call
  std::optional<HttpTls> tls;                  // https only; none: the system's authorities
};

struct HttpAnswer {
  int code = 0;
  std::string body;
};

class HttpCaller {
 public:
  virtual ~HttpCaller() = default;

  /// Any code is an answer; not ok: there was none (refused, timed out, not trusted), as
  /// `Post "URL": why`.
  virtual void post(HttpPost post, Callback<void(Result<HttpAnswer>)> done) = 0;
  /// The same, but the caller's thread waits: for decisions that cannot be left half made.
  virtual Result<HttpAnswer> post_and_wait(const HttpPost& post) = 0;
};

}  // namespace orrery
