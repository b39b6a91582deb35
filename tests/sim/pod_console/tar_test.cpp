#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/pod_console/tar_archive.h"
#include "tests/sim/pod_console/console_world.h"

namespace orrery::sim {
namespace {

const std::string kLong = std::string(60, 'd') + "/" + std::string(80, 'f');

TEST(Tar, ReadsWhatItWrote) {
  const std::vector<TarEntry> entries = {{"dir", true, ""},
                                         {"dir/a", false, "text"},
                                         {kLong, false, std::string(1000, 'x')},
                                         {"empty", false, ""}};
  const std::string archive = write_tar(entries, 1'700'000'000);
  EXPECT_EQ(archive.size() % 512, 0u);
  std::vector<TarEntry> again;
  ASSERT_TRUE(read_tar(archive, again));
  ASSERT_EQ(again.size(), 4u);
  EXPECT_EQ(again[0].name, "dir/");
  EXPECT_EQ(again[2].name, kLong);
  EXPECT_EQ(again[2].content, entries[2].content);
}

TEST(Tar, SeesTheEndWhenItIsThere) {
  const std::string archive = write_tar({{"a", false, std::string(700, 'x')}}, 0);
  EXPECT_TRUE(is_whole_tar(archive));
  for (std::size_t cut = 0; cut < archive.size(); cut += 100) {
    EXPECT_FALSE(is_whole_tar(archive.substr(0, cut))) << cut;
  }
}

TEST(Tar, RefusesABrokenArchive) {
  std::string archive = write_tar({{"a", false, "text"}}, 0);
  archive[0] = 'b';  // not what was summed
  std::vector<TarEntry> entries;
  EXPECT_FALSE(read_tar(archive, entries));
  EXPECT_TRUE(entries.empty());
  EXPECT_FALSE(read_tar(write_tar({{"a", false, "text"}}, 0).substr(0, 513), entries));
}

TEST(Tar, IsUnderstoodByTheSystemsTarAndUnderstandsIt) {
  if (std::system("command -v tar > /dev/null 2>&1") != 0) GTEST_SKIP() << "no tar here";
  const auto dir =
      std::filesystem::temp_directory_path() / ("orrery-tar-" + std::to_string(getpid()));
  std::filesystem::create_directories(dir / "in" / "sub");
  std::ofstream(dir / "ours.tar", std::ios::binary)
      << write_tar({{"sub", true, ""}, {"sub/x", false, "ours"}, {kLong, false, "long"}}, 1);
  const std::string at = "cd '" + dir.string() + "' && ";
  EXPECT_EQ(
      std::system((at + "tar xf ours.tar && grep -q ours sub/x && grep -q long " + kLong).c_str()),
      0);
  std::ofstream(dir / "in" / "sub" / "y") << "theirs";
  std::filesystem::create_directories(dir / "in" / std::string(60, 'd'));
  std::ofstream(dir / "in" / kLong) << "theirs, long";
  for (const char* format : {"ustar", "gnu", "pax"}) {
    ASSERT_EQ(std::system((at + "tar --format=" + format + " -cf theirs.tar -C in .").c_str()), 0);
    std::ifstream file(dir / "theirs.tar", std::ios::binary);
    const std::string archive{std::istreambuf_iterator<char>(file), {}};
    std::vector<TarEntry> entries;
    ASSERT_TRUE(read_tar(archive, entries)) << format;
    int found = 0;
    for (const TarEntry& e : entries) {
      found += e.name == "./sub/y" && e.content == "theirs" ? 1 : 0;
      found += e.name == "./" + kLong && e.content == "theirs, long" ? 1 : 0;
    }
    EXPECT_EQ(found, 2) << format;
  }
  std::filesystem::remove_all(dir);
}

TEST(Tar, CarriesKubectlCpBothWays) {
  ConsoleWorld world;
  const std::string sent = write_tar({{"up", true, ""}, {"up/file", false, "content"}}, 0);
  EXPECT_EQ(world.run({"tar", "-xmf", "-", "-C", "/tmp"}, sent).code, 0);
  EXPECT_EQ(world.run({"cat", "/tmp/up/file"}).out, "content");
  const Output output = world.run({"tar", "cf", "-", "/tmp/up"});
  std::vector<TarEntry> entries;
  ASSERT_TRUE(read_tar(output.out, entries));
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[1].name, "tmp/up/file");
  EXPECT_EQ(world.run({"tar", "cf", "-", "/none"}).code, 2);
  EXPECT_EQ(world.run({"tar", "xf", "-", "-C", "/tmp"}, write_tar({{"../x", false, ""}}, 0)).code,
            2);
}

TEST(Tar, EndsWithTheArchiveWhereStdinStaysOpen) {
  ConsoleWorld world;
  Output output;
  auto session = world.console.exec(world.target(), {"tar", "xmf", "-", "-C", "/tmp"},
                                    {true, true, true, false}, output);
  session->write_stdin(write_tar({{"f", false, "x"}}, 0));
  world.loop.run();
  EXPECT_EQ(output.code, 0);
}

}  // namespace
}  // namespace orrery::sim
