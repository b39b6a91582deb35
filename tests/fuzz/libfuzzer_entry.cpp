// libFuzzer's door into one target, ORRERY_FUZZ_TARGET, which CMake sets to its function's name.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/mutator.h"
#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    orrery::fuzz::ORRERY_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "fault: %s\n", e.what());
    std::abort();
  }
  return 0;
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

// Half of the inputs keep their shape as documents: changed bytes alone seldom get past a parser.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t size_max, unsigned int seed) {
  if (seed % 2 == 0) return LLVMFuzzerMutate(data, size, size_max);
  std::string text(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> corpus = {text}, tokens;
  orrery::fuzz::Mutator(seed, corpus, tokens).change_value(text);
  const std::size_t kept = text.size() < size_max ? text.size() : size_max;
  std::memcpy(data, text.data(), kept);
  return kept;
}
