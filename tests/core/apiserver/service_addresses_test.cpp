#include "core/apiserver/service_addresses.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/core/apiserver/world.h"

namespace orrery {
namespace {

using test::json;
using test::World;

Response create_service(World& w, const std::string& name, const std::string& spec) {
  return w.create(R"({"apiVersion":"v1","kind":"Service","metadata":{"name":")" + name +
                  R"("},"spec":)" + spec + "}");
}

TEST(ServiceAddresses, ComeFromTheUpperPartOfTheirRangeAndDiffer) {
  World w;
  std::set<std::string> ips;
  std::set<int> ports;
  for (int i = 0; i < 300; ++i) {
    const Response r = create_service(w, "s" + std::to_string(i),
                                      R"({"type":"NodePort","ports":[{"port":80}]})");
    ASSERT_TRUE(r.status.ok()) << r.status.message();
    const json spec = w.encode(r)["spec"];
    const auto ip = spec["clusterIP"].get<std::string>();
    EXPECT_TRUE(ip.starts_with("10.96.") && !ip.starts_with("10.96.0.")) << ip;
    EXPECT_EQ(spec["clusterIPs"], json::array({ip}));
    EXPECT_TRUE(ips.insert(ip).second) << ip;
    const int port = spec["ports"][0]["nodePort"].get<int>();
    EXPECT_TRUE(port >= 30086 && port <= 32767) << port;
    EXPECT_TRUE(ports.insert(port).second) << port;
  }
}

TEST(ServiceAddresses, AreFreeAgainOnceTheServiceIsGone) {
  World w;
  const std::string spec = R"({"clusterIP":"10.96.7.7","ports":[{"port":80}]})";
  ASSERT_TRUE(create_service(w, "a", spec).status.ok());
  const Response taken = create_service(w, "b", spec);
  EXPECT_EQ(taken.status.code(), 422);
  EXPECT_EQ(taken.status.message(),
            "Service \"b\" is invalid: spec.clusterIPs: Invalid value: [\"10.96.7.7\"]: failed to "
            "allocate IP 10.96.7.7: provided IP is already allocated");
  ASSERT_TRUE(w.remove("v1", "Service", "a").status.ok());
  EXPECT_TRUE(create_service(w, "b", spec).status.ok());
}

TEST(ServiceAddresses, OfARefusedServiceAreNotKept) {
  World w;
  ASSERT_TRUE(create_service(w, "a", R"({"ports":[{"port":80}]})").status.ok());
  const std::string spec = R"({"clusterIP":"10.96.8.8","ports":[{"port":80}]})";
  EXPECT_EQ(create_service(w, "a", spec).status.code(), 409);
  EXPECT_EQ(create_service(w, "bad", R"({"clusterIP":"10.96.8.8","ports":[{"port":0}]})")
                .status.code(),
            422);
  EXPECT_TRUE(create_service(w, "b", spec).status.ok());
}

TEST(ServiceAddresses, AreNeitherReservedNorRefusedByADryRun) {
  World w;
  const std::string text =
      R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},
          "spec":{"clusterIP":"10.96.9.9","type":"NodePort","ports":[{"port":80,"nodePort":100}]}})";
  Request dry = w.about(Verb::kCreate, "v1", "Service", "a");
  dry.document = api::RawRef(json::parse(text));
  dry.dry_run = true;
  const Response r = w.call(dry);
  EXPECT_TRUE(r.status.ok()) << r.status.message();
  EXPECT_TRUE(
      create_service(w, "b", R"({"clusterIP":"10.96.9.9","ports":[{"port":80}]})").status.ok());
}

TEST(ServiceAddresses, NodePortsGoWhenTheTypeNeedsNoneAndAreKeptWhenLeftOut) {
  World w;
  const Response created =
      create_service(w, "a", R"({"type":"NodePort","ports":[{"port":80}]})");
  ASSERT_TRUE(created.status.ok());
  const json before = w.encode(created);
  Request put = w.about(Verb::kUpdate, "v1", "Service", "a");
  json without = before;
  without["spec"]["ports"][0].erase("nodePort");
  without["spec"].erase("clusterIP");
  without["spec"].erase("clusterIPs");
  put.document = api::RawRef(without);
  const Response kept = w.call(put);
  ASSERT_TRUE(kept.status.ok()) << kept.status.message();
  EXPECT_EQ(w.encode(kept)["spec"], before["spec"]);
  const Response plain = w.patch("v1", "Service", "a", PatchType::kMerge,
                                 R"({"spec":{"type":"ClusterIP"}})");
  ASSERT_TRUE(plain.status.ok()) << plain.status.message();
  EXPECT_FALSE(w.encode(plain)["spec"]["ports"][0].contains("nodePort"));
  EXPECT_EQ(w.encode(plain)["spec"]["clusterIP"], before["spec"]["clusterIP"]);
}

}  // namespace
}  // namespace orrery
