#include "live/http_server/gzip.h"
#include "live/http_server/request_reader.h"
#include "live/http_server/websocket_handshake.h"
#include "tests/fuzz/targets.h"

namespace orrery::fuzz {
namespace {

// All requests as one text. Feeds at most `step` new bytes at a time, as Connection does: what is
// left comes again.
std::string read_in_steps(std::string_view input, std::size_t step) {
  RequestReader reader({.header_bytes_max = 1000, .body_bytes_max = 500});
  std::string told;
  bool failed = false;
  std::string kept;
  for (std::size_t at = 0; at < input.size() && !failed; at += step) {
    kept += input.substr(at, step);
    for (bool more = true; more && !kept.empty();) {
      kept.erase(0, reader.read(kept));
      more = reader.state() == RequestReader::State::kDone;
      failed = reader.state() == RequestReader::State::kFailed;
      if (!more) continue;
      const HttpRequest request = reader.take_request();
      demand(request.body.size() <= 500, "no body is past the limit");
      demand(request.path == "*" || request.path.starts_with('/'), "a path is one", request.path);
      (void)websocket_accept(request);
      (void)accepts_gzip(request.header("accept-encoding"));
      told += request.method + ' ' + request.path + '?' + request.query + '\n';
      for (const HttpHeader& h : request.headers) told += h.name + ':' + h.value + '\n';
      told += request.body + '\n' + (reader.keeps_alive() ? "k" : "c");
      reader.start_next();
    }
  }
  return told;
}

}  // namespace

void request(std::string_view input) {
  const std::string whole = read_in_steps(input, input.size() + 1);
  const std::string bits = read_in_steps(input, 7);
  // Refused or not is no law: a bad head that is not whole yet may be refused early.
  demand(whole == bits, "the same requests, however the bytes come", whole + " / " + bits);
}

}  // namespace orrery::fuzz
