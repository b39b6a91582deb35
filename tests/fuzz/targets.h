// Fuzz targets: each takes any bytes, feeds them to one reader of the project and demands what must
// hold for all input. A target throws BrokenLaw where a law does not hold; an exception that comes
// out of the code under test is a fault, too. Callers: libfuzzer_entry.cpp (one program a target)
// and corpus_test.cpp (all of them, without clang).
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace orrery::fuzz {

/// sim/scenario: a scenario file; what is read, written and read again stays the same.
void scenario(std::string_view input);
/// sim/scenario: manifests in YAML or JSON; the documents can be written and read again.
void manifest(std::string_view input);
/// sim/scenario: CSV; a table written with quotes reads the same.
void csv(std::string_view input);
/// core/api/values: quantities, selectors and int-or-strings; two values, one a line.
void values(std::string_view input);
/// core/api: a JSON document through decoding, the codec, defaults and validation.
void object(std::string_view input);
/// core/api/schema: `json|merge|strategic APIVERSION KIND`, a document, a line `---`, a patch.
void patch(std::string_view input);
/// live/http_server: the bytes of a connection; the same requests, however they are cut.
void request(std::string_view input);
/// live/http_server: WebSocket frames of a client and of a server.
void websocket(std::string_view input);

/// core/apiserver/streams: frames of SPDY/3.1; what is read can be written and read again.
void spdy(std::string_view input);
/// core/apiserver/streams: messages of the WebSocket channels, and the streams' queries.
void channel(std::string_view input);
/// core/api/protobuf: a body in its envelope; encoded and decoded again it is the same.
void protobuf(std::string_view input);
/// core/api/yaml: a YAML body; what is written of it reads the same.
void yaml(std::string_view input);

struct Target {
  std::string_view name;  // also the folder below tests/fuzz/corpus
  void (*run)(std::string_view input);
};
std::span<const Target> targets();

class BrokenLaw : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// `details` are shown where `holds` is false: the values that differ.
inline void demand(bool holds, std::string_view law, std::string_view details = {}) {
  if (!holds) throw BrokenLaw(std::string(law) + ": " + std::string(details));
}

}  // namespace orrery::fuzz
