#include "tests/fuzz/mutator.h"

#include <algorithm>
#include <charconv>

namespace orrery::fuzz {
namespace {

constexpr std::size_t kPieceMax = 40;

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
    } else if (text[++i] == 'x' && i + 2 < text.size()) {
      int byte = 0;
      std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16);
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

struct Span {
  std::size_t at = 0, size = 0;
};

std::size_t text_end(std::string_view text, std::size_t at) {
  const std::size_t start = at++;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return at < text.size() ? at + 1 : start + 1;
}

std::size_t bracket_end(std::string_view text, std::size_t at) {
  const std::size_t start = at;
  int depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    at = c == '"' ? text_end(text, at) : at + 1;
    if (depth <= 0) return at;
  }
  return start + 1;
}

struct Values {
  std::vector<Span> keys, values;  // lists and maps whole, and what is in them
};

// What reads as a JSON (or YAML flow) key or value: a list, a map, a text or a word.
Values values_of(std::string_view text) {
  constexpr std::string_view kBetween = " \t\r\n,:]}";
  Values out;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(kBetween, at)) != text.npos) {
    const bool opens = text[at] == '{' || text[at] == '[';
    const std::size_t end = opens ? bracket_end(text, at)
                            : text[at] == '"'
                                ? text_end(text, at)
                                : std::min(text.find_first_of(kBetween, at), text.size());
    const bool is_key = !opens && end < text.size() && text[end] == ':';
    (is_key ? out.keys : out.values).push_back({at, end - at});
    at = opens ? at + 1 : end;
  }
  return out;
}

}  // namespace

void Mutator::change_value(std::string& text) {
  static const std::vector<std::string> kValues = {"null",
                                                   "{}",
                                                   "[]",
                                                   "\"\"",
                                                   "0",
                                                   "-1",
                                                   "true",
                                                   "5.5",
                                                   "\"a\"",
                                                   "\"1\"",
                                                   "[null]",
                                                   "[{}]",
                                                   "[1]",
                                                   "{\"a\":1}",
                                                   "{\"a\":null}",
                                                   "\"10%\"",
                                                   "\"1Gi\"",
                                                   "2147483648",
                                                   "-9223372036854775808",
                                                   "18446744073709551615",
                                                   "1e300",
                                                   "\"-5m\"",
                                                   "\"2024-01-01T00:00:00Z\"",
                                                   "\"\\u0000\""};
  const Values found = values_of(text);
  if (found.values.empty()) return;
  const auto one_span = [&](const std::vector<Span>& from) {
    return from[stream_.below(from.size())];
  };
  const Span old = one_span(found.values);
  switch (stream_.below(7)) {
    case 0: {  // a value from elsewhere
      const std::string other = stream_.below(2) == 0 ? text : one_of(corpus_);
      const Values others = values_of(other);
      if (others.values.empty()) return;
      const Span taken = one_span(others.values);
      text.replace(old.at, old.size, other, taken.at, taken.size);
      return;
    }
    case 1:  // twice
      text.insert(old.at, std::string(text, old.at, old.size) + ",");
      return;
    case 2: {  // another name
      if (found.keys.empty()) return;
      const Span a = one_span(found.keys), b = one_span(found.keys);
      text.replace(a.at, a.size, std::string(text, b.at, b.size));
      return;
    }
    case 3: {  // without a member
      if (found.keys.empty()) return;
      const Span key = one_span(found.keys);
      for (const Span& value : found.values) {
        if (value.at <= key.at) continue;
        const std::size_t end = value.at + value.size;
        const bool comma = end < text.size() && text[end] == ',';
        text.erase(key.at, end + (comma ? 1 : 0) - key.at);
        if (!comma && key.at > 0 && text[key.at - 1] == ',') text.erase(key.at - 1, 1);
        return;
      }
      return;
    }
    default:
      text.replace(old.at, old.size, one_of(kValues));
  }
}

std::string Mutator::next() {
  std::string text = one_of(corpus_);
  const bool keeps_shape = stream_.below(2) == 0;
  const std::uint64_t changes = 1 + stream_.below(6);
  for (std::uint64_t i = 0; i < changes; ++i) keeps_shape ? change_value(text) : change(text);
  if (text.size() > kSizeMax) text.resize(kSizeMax);
  return text;
}

void Mutator::change(std::string& text) {
  const std::size_t at = place(text), size = 1 + stream_.below(kPieceMax);
  switch (stream_.below(7)) {
    case 0:  // another byte
      if (at < text.size()) text[at] = static_cast<char>(stream_.below(256));
      return;
    case 1:  // one bit
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << stream_.below(8)));
      return;
    case 2:
      text.erase(at, size);
      return;
    case 3:
      text.insert(at, std::string(text, at, size));
      return;
    case 4:
      text.insert(place(text), std::string(text, at, size));
      return;
    case 5: {
      const std::string& other = one_of(corpus_);
      text.insert(at, std::string(other, place(other), size));
      return;
    }
    default:
      text.replace(at, stream_.below(3) == 0 ? size : 0, one_of(tokens_));
  }
}

std::vector<std::string> read_tokens(std::string_view dictionary) {
  std::vector<std::string> out;
  while (!dictionary.empty()) {
    const std::size_t end = std::min(dictionary.find('\n'), dictionary.size());
    const std::string_view line = dictionary.substr(0, end);
    dictionary.remove_prefix(std::min(end + 1, dictionary.size()));
    if (line.size() < 3 || line.front() != '"' || line.back() != '"') continue;
    out.push_back(unescaped(line.substr(1, line.size() - 2)));
  }
  return out;
}

}  // namespace orrery::fuzz
