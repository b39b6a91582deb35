#include "live/http_server/output_queue.h"

#include <gtest/gtest.h>

#include "live/http_server/gzip.h"

namespace orrery {
namespace {

std::string drain(OutputQueue& queue, std::size_t step) {
  std::string out;
  while (!queue.empty()) {
    const std::string_view bytes = queue.front(step);
    EXPECT_FALSE(bytes.empty());
    EXPECT_LE(bytes.size(), step);
    out += bytes;
    queue.consume(bytes.size());
    EXPECT_EQ(queue.empty(), queue.size() == 0);
  }
  return out;
}

TEST(OutputQueue, KeepsTheOrderOfSmallLargeAndSharedPieces) {
  for (const std::size_t step : {1u, 1000u, 16384u, 1000000u}) {
    OutputQueue queue;
    std::string expected;
    for (int i = 0; i < 300; ++i) {
      const std::string piece(static_cast<std::size_t>(i * 97 % 20'000),
                              static_cast<char>('a' + i % 26));
      expected += piece;
      if (i % 3 == 0) queue.add(std::string_view(piece));
      if (i % 3 == 1) queue.add(std::string(piece));
      if (i % 3 == 2) queue.add(make_ref<const Blob>(piece));
      ASSERT_EQ(expected.size(), queue.size());
    }
    EXPECT_TRUE(expected == drain(queue, step)) << step;
  }
}

TEST(OutputQueue, JoinsSmallPieces) {
  OutputQueue queue;
  for (int i = 0; i < 100; ++i) queue.add(std::string_view("0123456789"));
  EXPECT_EQ(1000u, queue.front(16384).size());
}

TEST(OutputQueue, SharesLargeBlobs) {
  const auto blob = make_ref<const Blob>(std::string(100'000, 'x'));
  OutputQueue a, b;
  a.add(blob);
  b.add(blob);
  EXPECT_EQ(3u, blob->ref_count());
  EXPECT_EQ(blob->bytes.data(), a.front(16384).data());
  a.clear();
  drain(b, 16384);
  EXPECT_EQ(1u, blob->ref_count());
}

TEST(AcceptsGzip, ReadsAcceptEncoding) {
  for (const char* yes : {"gzip", "deflate, gzip", "gzip;q=0.5", "br;q=1.0, gzip ; q=0.8", "*"}) {
    EXPECT_TRUE(accepts_gzip(yes)) << yes;
  }
  for (const char* no : {"", "identity", "gzip;q=0", "gzip; q=0.0", "x-gzipped", "br"}) {
    EXPECT_FALSE(accepts_gzip(no)) << no;
  }
}

}  // namespace
}  // namespace orrery
