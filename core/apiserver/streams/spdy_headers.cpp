#include "core/apiserver/streams/spdy_headers.h"

#include <zlib.h>

#include <algorithm>

#include "core/apiserver/streams/big_endian.h"
#include "core/base/check.h"

namespace orrery::apiserver {
namespace {

// The dictionary is a list of texts, each behind its length in four bytes, then plain text.
constexpr std::string_view kWords[] = {"options",
                                       "head",
                                       "post",
                                       "put",
                                       "delete",
                                       "trace",
                                       "accept",
                                       "accept-charset",
                                       "accept-encoding",
                                       "accept-language",
                                       "accept-ranges",
                                       "age",
                                       "allow",
                                       "authorization",
                                       "cache-control",
                                       "connection",
                                       "content-base",
                                       "content-encoding",
                                       "content-language",
                                       "content-length",
                                       "content-location",
                                       "content-md5",
                                       "content-range",
                                       "content-type",
                                       "date",
                                       "etag",
                                       "expect",
                                       "expires",
                                       "from",
                                       "host",
                                       "if-match",
                                       "if-modified-since",
                                       "if-none-match",
                                       "if-range",
                                       "if-unmodified-since",
                                       "last-modified",
                                       "location",
                                       "max-forwards",
                                       "pragma",
                                       "proxy-authenticate",
                                       "proxy-authorization",
                                       "range",
                                       "referer",
                                       "retry-after",
                                       "server",
                                       "te",
                                       "trailer",
                                       "transfer-encoding",
                                       "upgrade",
                                       "user-agent",
                                       "vary",
                                       "via",
                                       "warning",
                                       "www-authenticate",
                                       "method",
                                       "get",
                                       "status",
                                       "200 OK",
                                       "version",
                                       "HTTP/1.1",
                                       "url",
                                       "public",
                                       "set-cookie",
                                       "keep-alive",
                                       "origin"};
constexpr std::string_view kTail =
    "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505"
    "203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request"
    "401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented"
    "503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 "
    "Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,"
    "application/xml,application/xhtml+xml,text/plain,text/javascript,public"
    "privatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

Bytef* bytes_of(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib does not write there
}

Result<SpdyHeaders> parse_pairs(std::string_view block) {
  SpdyHeaders headers;
  const auto take = [&block](std::string& to) {
    if (block.size() < 4) return false;
    const std::uint32_t size = read_u32(block.data());
    if (size > block.size() - 4) return false;
    to = block.substr(4, size);
    block.remove_prefix(4 + size);
    return true;
  };
  if (block.size() < 4) return bad_request("spdy: a header block without a count");
  const std::uint32_t count = read_u32(block.data());
  block.remove_prefix(4);
  if (count > block.size() / 8) return bad_request("spdy: a header count past the block's end");
  for (std::uint32_t i = 0; i < count; ++i) {
    SpdyHeader header;
    if (!take(header.name) || !take(header.value)) {
      return bad_request("spdy: a header past the block's end");
    }
    const bool upper = std::any_of(header.name.begin(), header.name.end(),
                                   [](char c) { return c >= 'A' && c <= 'Z'; });
    if (header.name.empty() || upper) return bad_request("spdy: a header name not in lower case");
    headers.push_back(std::move(header));
  }
  if (!block.empty()) return bad_request("spdy: bytes behind the last header");
  SpdyHeaders sorted = headers;  // a search for each would be quadratic in what a client sent
  const auto by_name = [](const SpdyHeader& a, const SpdyHeader& b) { return a.name < b.name; };
  const auto same = [](const SpdyHeader& a, const SpdyHeader& b) { return a.name == b.name; };
  std::sort(sorted.begin(), sorted.end(), by_name);
  if (std::adjacent_find(sorted.begin(), sorted.end(), same) != sorted.end()) {
    return bad_request("spdy: a header name twice");
  }
  return headers;
}

}  // namespace

std::string_view find_header(const SpdyHeaders& headers, std::string_view name) {
  for (const SpdyHeader& header : headers) {
    if (header.name == name) return header.value;
  }
  return {};
}

const std::string& spdy_dictionary() {
  static const std::string kDictionary = [] {
    std::string out;
    for (const std::string_view word : kWords) {
      append_u32(out, static_cast<std::uint32_t>(word.size()));
      out += word;
    }
    return out += kTail;
  }();
  return kDictionary;
}

struct SpdyHeaderPacker::Zlib {
  z_stream stream{};
};

SpdyHeaderPacker::SpdyHeaderPacker() : zlib_(std::make_unique<Zlib>()) {
  z_stream& z = zlib_->stream;
  // A small window and memory level: 35 KB a connection instead of 260 KB.
  CHECK(deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 12, 4, Z_DEFAULT_STRATEGY) == Z_OK);
  const std::string& dictionary = spdy_dictionary();
  CHECK(deflateSetDictionary(&z, bytes_of(dictionary), static_cast<uInt>(dictionary.size())) ==
        Z_OK);
}

SpdyHeaderPacker::~SpdyHeaderPacker() { deflateEnd(&zlib_->stream); }

std::string SpdyHeaderPacker::pack(const SpdyHeaders& headers) {
  std::string plain;
  append_u32(plain, static_cast<std::uint32_t>(headers.size()));
  for (const SpdyHeader& header : headers) {
    for (const std::string* text : {&header.name, &header.value}) {
      append_u32(plain, static_cast<std::uint32_t>(text->size()));
      plain += *text;
    }
  }
  z_stream& z = zlib_->stream;
  std::string out;
  char room[1024];
  z.next_in = bytes_of(plain);
  z.avail_in = static_cast<uInt>(plain.size());
  do {
    z.next_out = reinterpret_cast<Bytef*>(room);
    z.avail_out = sizeof room;
    deflate(&z, Z_SYNC_FLUSH);
    out.append(room, sizeof room - z.avail_out);
  } while (z.avail_out == 0);
  return out;
}

struct SpdyHeaderUnpacker::Zlib {
  z_stream stream{};
};

SpdyHeaderUnpacker::SpdyHeaderUnpacker() : zlib_(std::make_unique<Zlib>()) {
  CHECK(inflateInit(&zlib_->stream) == Z_OK);
}

SpdyHeaderUnpacker::~SpdyHeaderUnpacker() { inflateEnd(&zlib_->stream); }

Result<SpdyHeaders> SpdyHeaderUnpacker::unpack(std::string_view block) {
  z_stream& z = zlib_->stream;
  std::string plain;
  char room[4096];
  z.next_in = bytes_of(block);
  z.avail_in = static_cast<uInt>(block.size());
  for (;;) {
    z.next_out = reinterpret_cast<Bytef*>(room);
    z.avail_out = sizeof room;
    int result = inflate(&z, Z_SYNC_FLUSH);
    if (result == Z_NEED_DICT) {
      const std::string& dictionary = spdy_dictionary();
      result = inflateSetDictionary(&z, bytes_of(dictionary), static_cast<uInt>(dictionary.size()));
      if (result != Z_OK) return bad_request("spdy: headers packed with another dictionary");
      continue;
    }
    plain.append(room, sizeof room - z.avail_out);
    if (plain.size() > kBytesMax) return bad_request("spdy: a header block is too large");
    if (result == Z_BUF_ERROR || (result == Z_OK && z.avail_in == 0 && z.avail_out > 0)) break;
    if (result != Z_OK) return bad_request("spdy: a header block cannot be unpacked");
  }
  return parse_pairs(plain);
}

}  // namespace orrery::apiserver
