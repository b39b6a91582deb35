#include "sim/scenario/quantity_text.h"

#include <gtest/gtest.h>

namespace orrery::sim {
namespace {

TEST(QuantityText, ReadsCpuAsMilli) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"2", 2000}, {"500m", 500}, {"0.1", 100}, {"1.5", 1500}, {"100u", 1}, {"2e3", 2'000'000}};
  for (const auto& [text, milli] : cases) {
    const auto value = read_cpu(Tree::of_text(text));
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(value->milli, milli) << text;
  }
  EXPECT_EQ(read_cpu(Tree::of_int(3))->milli, 3000);
  EXPECT_EQ(read_cpu(Tree::of_real(0.5))->milli, 500);
}

TEST(QuantityText, ReadsBytesWithBinaryAndDecimalSuffixes) {
  const std::pair<const char*, std::int64_t> cases[] = {{"128Mi", 128 * kMiB},
                                                        {"1G", 1'000'000'000},
                                                        {"1.5Gi", 3 * kGiB / 2},
                                                        {"1024", 1024},
                                                        {"1m", 1}};
  for (const auto& [text, bytes] : cases) {
    const auto value = read_bytes(Tree::of_text(text));
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(value->bytes, bytes) << text;
  }
}

TEST(QuantityText, RefusesWhatIsNoQuantity) {
  for (const char* text : {"", "-1", "1GB", "Gi", "1 Gi", "1e", "1.2.3", "9999Ei", "e3"}) {
    EXPECT_FALSE(read_bytes(Tree::of_text(text))) << text;
  }
}

TEST(QuantityText, WritesTheShortestForm) {
  EXPECT_EQ(cpu_text({1500}), "1500m");
  EXPECT_EQ(cpu_text({2000}), "2");
  EXPECT_EQ(bytes_text({3 * kGiB}), "3Gi");
  EXPECT_EQ(bytes_text({1500}), "1500");
  EXPECT_EQ(bytes_text({0}), "0");
  EXPECT_EQ(short_duration(std::chrono::minutes(90)), "1h30m");
  EXPECT_EQ(short_duration(std::chrono::hours(2)), "2h");
  EXPECT_EQ(short_duration(std::chrono::milliseconds(150)), "150ms");
  EXPECT_EQ(short_duration(std::chrono::minutes(10)), "10m");
}

}  // namespace
}  // namespace orrery::sim
