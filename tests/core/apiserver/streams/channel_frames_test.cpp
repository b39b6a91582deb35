#include "core/apiserver/streams/channel_frames.h"

#include <gtest/gtest.h>

namespace orrery::apiserver {
namespace {

TEST(ChannelProtocol, IsTheFirstOfTheClientsListThatIsKnown) {
  EXPECT_EQ(choose_channel_protocol({"x", "v5.channel.k8s.io", "v4.channel.k8s.io"}, true)->version,
            5);
  EXPECT_EQ(choose_channel_protocol({"v4.channel.k8s.io", "v5.channel.k8s.io"}, true)->version, 4);
  EXPECT_TRUE(choose_channel_protocol({"v4.base64.channel.k8s.io"}, true)->base64);
  EXPECT_EQ(choose_channel_protocol({}, true)->version, 1);
  EXPECT_FALSE(choose_channel_protocol({"x"}, true));
  EXPECT_FALSE(choose_channel_protocol({"v5.channel.k8s.io"}, false));
}

TEST(ChannelFrame, ReadsWhatItWrote) {
  for (const char* name : {"v5.channel.k8s.io", "v4.channel.k8s.io", "v4.base64.channel.k8s.io"}) {
    const ChannelProtocol p = *choose_channel_protocol({name}, true);
    for (const std::string& bytes : {std::string(), std::string("a"), std::string("\0\xff x", 4)}) {
      const auto frame = decode_channel_frame(p, encode_channel_frame(p, 2, bytes));
      ASSERT_TRUE(frame.ok()) << name;
      EXPECT_EQ(frame->channel, 2);
      EXPECT_EQ(frame->bytes, bytes);
    }
  }
}

TEST(ChannelFrame, ClosesAChannelInVersionFiveOnly) {
  const std::string close("\xff\0", 2);
  const auto five = decode_channel_frame({"v5.channel.k8s.io", 5, false}, close);
  EXPECT_TRUE(five->close);
  EXPECT_EQ(five->channel, 0);
  EXPECT_FALSE(decode_channel_frame({"v4.channel.k8s.io", 4, false}, close)->close);
  EXPECT_FALSE(decode_channel_frame({"v5.channel.k8s.io", 5, false}, "\xff").ok());
}

TEST(ChannelFrame, RefusesWhatIsNotBase64) {
  const ChannelProtocol p{"base64.channel.k8s.io", 1, true};
  EXPECT_EQ(encode_channel_frame(p, 1, "hello"), "1aGVsbG8=");
  for (const char* bad : {"1aGVsbG8", "1====", "1a!aa", "!"}) {
    EXPECT_FALSE(decode_channel_frame(p, bad).ok()) << bad;
  }
}

TEST(TerminalSize, ReadsTwoNumbersAndNothingElse) {
  EXPECT_EQ(read_terminal_size(R"({"Width":80,"Height":24})")->width, 80);
  for (const char* bad : {"", "[]", "{", R"({"Width":80})", R"({"Width":-1,"Height":2})",
                          R"({"Width":99999,"Height":2})"}) {
    EXPECT_FALSE(read_terminal_size(bad)) << bad;
  }
}

}  // namespace
}  // namespace orrery::apiserver
