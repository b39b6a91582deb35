#include <gtest/gtest.h>

#include "tests/sim/pod_console/console_world.h"

namespace orrery::sim {
namespace {

TEST(Page, NamesPodNodePathAndCount) {
  ConsoleWorld world;
  PortText text;
  auto connection =
      world.console.port_forward({Symbol("default"), "web-0", Uid{7, 9}, Symbol()}, 8080, text);
  connection->write("GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\ncontent-le");
  connection->write("ngth: 3\r\n\r\nabcGET /c HTTP/1.0\r\n\r\n");
  EXPECT_EQ(text.text, "");
  world.loop.run();
  EXPECT_NE(text.text.find("pod: default/web-0\nnode: n1\naddress: 10.244.0.3:8080\n"
                           "request: GET /a\nrequests: 1\n"),
            std::string::npos)
      << text.text;
  EXPECT_NE(text.text.find("request: POST /b\nrequests: 2\n"), std::string::npos);
  EXPECT_NE(text.text.find("request: GET /c\nrequests: 3\n"), std::string::npos);
  EXPECT_EQ(text.closed, "");
}

TEST(Page, RefusesWhatIsNoHttpAndHeadsWithoutEnd) {
  for (const std::string& bytes : {std::string("hello\r\n\r\n"), std::string(40 << 10, 'x')}) {
    ConsoleWorld world;
    PortText text;
    auto connection = world.console.port_forward(world.target(), 80, text);
    connection->write(bytes);
    world.loop.run();
    EXPECT_TRUE(text.text.starts_with("HTTP/1.1 4")) << text.text;
    EXPECT_EQ(text.closed, "");
  }
}

TEST(Page, FailsWhereNothingRuns) {
  ConsoleWorld world;
  world.status().state.kind = api::ContainerState::Kind::kTerminated;
  PortText text;
  auto connection = world.console.port_forward(world.target(), 80, text);
  connection->write("GET / HTTP/1.1\r\n\r\n");
  world.loop.run();
  EXPECT_EQ(text.closed, "connection refused: the pod has no running container");
}

}  // namespace
}  // namespace orrery::sim
