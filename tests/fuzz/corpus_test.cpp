// Every target over its corpus and over mutations of it, the same ones in each run. What fails is
// shown as a C string: put its bytes into a file below corpus/ once the fault is mended.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/base/hash.h"
#include "tests/fuzz/mutator.h"
#include "tests/fuzz/targets.h"

namespace orrery::fuzz {
namespace {

constexpr int kMutations = 5000;  // a target; all of them take less than 3 s in the dev build
constexpr const char* kFolder = "tests/fuzz/";  // seen from the project's root

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> corpus_of(std::string_view target) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(kFolder) + "corpus/" +
                                                               std::string(target))) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> out;
  for (const auto& file : files) out.push_back(text_of(file));
  return out;
}

std::string as_c_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {  // octal: unlike \x it ends after three digits
      for (const int part : {6, 3, 0}) {
        if (part == 6) out += '\\';
        out += static_cast<char>('0' + ((byte >> part) & 7));
      }
    }
  }
  return out + '"';
}

// What a signal handler can still write out.
std::string current_input;

void show_input(int signal) {
  (void)!write(STDERR_FILENO, current_input.data(), current_input.size());
  (void)!write(STDERR_FILENO, "\n", 1);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

class FuzzCorpus : public testing::TestWithParam<Target> {
 protected:
  FuzzCorpus() {
    for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS}) std::signal(signal, show_input);
  }
  ~FuzzCorpus() override {
    for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS}) std::signal(signal, SIG_DFL);
  }

  static bool holds(const std::string& input) {
    current_input = std::string(GetParam().name) + ", input " + as_c_string(input);
    try {
      GetParam().run(input);
      return true;
    } catch (const std::exception& e) {
      ADD_FAILURE() << current_input << "\n" << e.what();
      return false;
    }
  }
};

TEST_P(FuzzCorpus, HoldsForEveryInputOfTheCorpus) {
  const std::vector<std::string> corpus = corpus_of(GetParam().name);
  ASSERT_FALSE(corpus.empty());
  for (const std::string& input : corpus) EXPECT_TRUE(holds(input));
}

TEST_P(FuzzCorpus, HoldsForMutationsOfTheCorpus) {
  const std::vector<std::string> corpus = corpus_of(GetParam().name);
  const std::vector<std::string> tokens =
      read_tokens(text_of(std::string(kFolder) + "tokens.dict"));
  ASSERT_FALSE(corpus.empty() || tokens.empty());
  Mutator mutator(hash_text(GetParam().name), corpus, tokens);
  for (int i = 0; i < kMutations; ++i) ASSERT_TRUE(holds(mutator.next())) << "mutation " << i;
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzCorpus, testing::ValuesIn(targets()),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(Mutator, MakesTheSameInputsFromTheSameSeed) {
  const std::vector<std::string> corpus = {"alpha: 1", "[beta]"}, tokens = {"null"};
  Mutator a(7, corpus, tokens), b(7, corpus, tokens), c(8, corpus, tokens);
  int other = 0;
  for (int i = 0; i < 50; ++i) {
    const std::string text = a.next();
    EXPECT_EQ(text, b.next());
    other += text != c.next() ? 1 : 0;
  }
  EXPECT_GT(other, 25);
}

TEST(Mutator, ReadsTheEscapesOfADictionary) {
  EXPECT_EQ(read_tokens("# note\n\"a\\x0a\\\\\\\"\"\n\nname=\"b\"\n\"c\"\n"),
            (std::vector<std::string>{"a\n\\\"", "c"}));
}

}  // namespace
}  // namespace orrery::fuzz
