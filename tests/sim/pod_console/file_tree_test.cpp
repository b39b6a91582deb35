#include "sim/pod_console/file_tree.h"

#include <gtest/gtest.h>

namespace orrery::sim {
namespace {

TEST(FileTree, ResolvesPaths) {
  EXPECT_EQ(FileTree::resolve("/a/b", "../c//./d"), "/a/c/d");
  EXPECT_EQ(FileTree::resolve("/", ".."), "/");
  EXPECT_EQ(FileTree::resolve("/a", "/x/../y/"), "/y");
}

TEST(FileTree, ListsWhatIsInADirectoryOnly) {
  FileTree files;
  EXPECT_EQ(files.make_directory("/a/b", false), "No such file or directory");
  EXPECT_EQ(files.make_directory("/a/b", true), "");
  EXPECT_EQ(files.write("/a/x", "1", false), "");
  EXPECT_EQ(files.write("/ab", "1", false), "");
  EXPECT_EQ(files.list("/a"), (std::vector<std::string>{"b", "x"}));
  EXPECT_EQ(files.list("/"), (std::vector<std::string>{"a", "ab"}));
  EXPECT_EQ(files.below("/a"), (std::vector<std::string>{"/a", "/a/b", "/a/x"}));
}

TEST(FileTree, MovesTreesButNotIntoThemselves) {
  FileTree files;
  (void)files.make_directory("/a/b", true);
  (void)files.write("/a/b/f", "x", false);
  EXPECT_EQ(files.move("/a", "/a/b/c"), "Invalid argument");
  EXPECT_EQ(files.move("/a", "/z"), "");
  EXPECT_EQ(files.find("/z/b/f")->content, "x");
  EXPECT_EQ(files.find("/a"), nullptr);
}

TEST(FileTree, IsFullAtItsLimitAndHasRoomAgain) {
  FileTree files;
  const std::string half(FileTree::kBytesMax / 2, 'x');
  EXPECT_EQ(files.write("/a", half, false), "");
  EXPECT_EQ(files.write("/b", half, false), "");
  EXPECT_EQ(files.write("/c", "x", false), "No space left on device");
  EXPECT_EQ(files.write("/a", half, false), "");
  EXPECT_EQ(files.remove("/a", false), "");
  EXPECT_EQ(files.write("/c", "x", false), "");
}

TEST(FileTree, KeepsMountedFilesFromWriters) {
  FileTree files;
  files.mount("/etc/conf/a", "1");
  EXPECT_EQ(files.write("/etc/conf/a", "2", false), "Read-only file system");
  EXPECT_EQ(files.remove("/etc", true), "Read-only file system");
  files.unmount_all();
  EXPECT_EQ(files.remove("/etc", true), "");
}

}  // namespace
}  // namespace orrery::sim
