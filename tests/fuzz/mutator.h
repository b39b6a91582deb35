// Mutator: other inputs made out of those of a corpus, the same ones for the same seed. A plain
// stand-in for libFuzzer where there is none; corpus_test.cpp calls it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/random.h"

namespace orrery::fuzz {

class Mutator {
 public:
  /// `tokens` are put in whole; `corpus` must not be empty and gives the pieces to splice.
  Mutator(std::uint64_t seed, const std::vector<std::string>& corpus,
          const std::vector<std::string>& tokens)
      : stream_(seed), corpus_(corpus), tokens_(tokens) {}

  /// One input of the corpus after one to six small changes, of values or of bytes; at most
  /// kSizeMax bytes.
  std::string next();
  /// Puts another value in the place of one of the JSON (or YAML flow) values in `text`, leaves it
  /// out, or doubles it.
  void change_value(std::string& text);

  static constexpr std::size_t kSizeMax = 4096;

 private:
  void change(std::string& text);
  std::size_t place(const std::string& text) { return stream_.below(text.size() + 1); }
  const std::string& one_of(const std::vector<std::string>& texts) {
    return texts[stream_.below(texts.size())];
  }

  RandomStream stream_;
  const std::vector<std::string>& corpus_;
  const std::vector<std::string>& tokens_;
};

/// The tokens of a libFuzzer dictionary: lines of text in quotes, with \\, \" and \xHH.
std::vector<std::string> read_tokens(std::string_view dictionary);

}  // namespace orrery::fuzz
