// Documents of every type of the table, there and back.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/api/protobuf/protobuf.h"
#include "tests/core/api/protobuf/generated_document.h"

namespace orrery::api {
namespace {

using nlohmann::json;

TEST(ProtobufRoundTrip, GivesBackGeneratedDocumentsOfEveryType) {
  const ApiTable table = ApiTable::built_in();
  const ProtobufCodec codec(table);
  Random random(20261123);
  int documents = 0;
  for (std::size_t type = 0; type < table.types().size(); ++type) {
    const TypeRow& row = table.type(type);
    RandomStream& stream = random.stream(row.full_name);
    for (int i = 0; i < 8; ++i, ++documents) {
      const json document = generate_document(table, type, stream);
      const std::string message = codec.encode(type, document);
      const auto back = codec.decode(type, message);
      ASSERT_TRUE(back.ok()) << row.full_name << ": " << back.status().message();
      ASSERT_EQ(*back, document) << row.full_name << " differs: " << json::diff(document, *back);
      ASSERT_EQ(codec.encode(type, *back), message) << row.full_name;
    }
  }
  EXPECT_GT(documents, 4000);
}

TEST(ProtobufRoundTrip, TruncatedMessagesAreRefusedOrReadAsShorterOnes) {
  const ApiTable table = ApiTable::built_in();
  const ProtobufCodec codec(table);
  Random random(7);
  RandomStream& stream = random.stream("truncated");
  const auto type = static_cast<std::size_t>(table.find_type("core/v1.Pod"));
  int refused = 0;
  for (int i = 0; i < 2; ++i) {
    std::string message = codec.encode(type, generate_document(table, type, stream));
    if (message.size() > 1500) message.resize(1500);
    for (std::size_t size = 0; size < message.size(); ++size) {
      const auto cut = codec.decode(type, std::string_view(message).substr(0, size));
      if (cut.ok()) continue;
      ++refused;
      EXPECT_EQ(cut.status().code(), 400);
      EXPECT_TRUE(cut.status().message().starts_with("protobuf: ")) << cut.status().message();
    }
  }
  EXPECT_GT(refused, 1000);
}

TEST(ProtobufRoundTrip, SpoiltMessagesGiveAnAnswerThatCanBePrinted) {
  const ApiTable table = ApiTable::built_in();
  const ProtobufCodec codec(table);
  Random random(8);
  RandomStream& stream = random.stream("spoilt");
  for (const char* name : {"core/v1.Pod", "apps/v1.Deployment", "meta/v1.WatchEvent",
                           "apiextensions/v1.CustomResourceDefinition"}) {
    const auto type = static_cast<std::size_t>(table.find_type(name));
    for (int i = 0; i < 200; ++i) {
      std::string message = codec.encode(type, generate_document(table, type, stream));
      for (int flips = 0; flips < 3 && !message.empty(); ++flips) {
        message[stream.below(message.size())] = static_cast<char>(stream.below(256));
      }
      const auto decoded = codec.decode(type, message);
      if (decoded.ok()) {
        const std::string again = codec.encode(type, *decoded);
        EXPECT_FALSE(decoded->dump().empty());
        EXPECT_TRUE(codec.decode(type, again).ok());
      } else {
        EXPECT_FALSE(json(decoded.status().message()).dump().empty());
      }
    }
  }
}

}  // namespace
}  // namespace orrery::api
