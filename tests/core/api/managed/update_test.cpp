#include "core/api/managed/update.h"

#include <gtest/gtest.h>

#include "tests/core/api/managed/managed_world.h"

namespace orrery::api::managed {
namespace {

TEST(Update, AChangedFieldGoesToItsWriterAndLeavesAllOthers) {
  const Json first = stored(core_write("ConfigMap", "a"), nullptr,
                            config_map({{"x", "1"}, {"y", "1"}}));
  const Json second = stored(core_write("ConfigMap", "b", 1), first,
                             config_map({{"x", "2"}, {"y", "1"}}));
  EXPECT_EQ(owners(second),
            Json::parse(R"({"a":{"f:data":{".":{},"f:y":{}}},"b":{"f:data":{"f:x":{}}}})"));
}

TEST(Update, AWriteThatChangesNothingKeepsManagersAndTimes) {
  const Json first = stored(core_write("ConfigMap", "a"), nullptr, config_map({{"x", "1"}}));
  EXPECT_EQ(stored(core_write("ConfigMap", "a", 9), first, config_map({{"x", "1"}})), first);
  EXPECT_EQ(stored(core_write("ConfigMap", "b", 9), first, config_map({{"x", "1"}})), first);
}

TEST(Update, AManagerWithoutFieldsIsDropped) {
  const Json first = stored(core_write("ConfigMap", "a"), nullptr, config_map({{"x", "1"}}));
  Json both = config_map({{"x", "1"}});
  both["metadata"]["labels"] = {{"l", "1"}};
  const Json second = stored(core_write("ConfigMap", "b", 1), first, both);
  EXPECT_EQ(owners(second).size(), 2U);
  const Json third = stored(core_write("ConfigMap", "c", 2), second, config_map({{"x", "1"}}));
  EXPECT_EQ(owners(third), owners(first));
}

TEST(Update, ManagedFieldsOfTheRequestCountUnlessTheyAreMalformed) {
  const Json first = stored(core_write("ConfigMap", "a"), nullptr, config_map({{"x", "1"}}));
  const auto with = [](const char* entries) {
    Json fresh = config_map({{"x", "1"}});
    fresh["metadata"]["managedFields"] = Json::parse(entries);
    return fresh;
  };
  const Write write = core_write("ConfigMap", "b", 1);
  for (const char* reset : {"[]", "[{}]"}) {
    EXPECT_TRUE(updated_managers(write, first, with(reset)).is_null()) << reset;
  }
  for (const char* malformed :
       {R"([{"manager":"m"}])", R"([{"operation":"Update","apiVersion":"v1"}])",
        R"([{"operation":"Update","apiVersion":"v1","fieldsType":"V2"}])",
        R"([{"operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"x":{}}}])",
        R"("text")", "null"}) {
    EXPECT_EQ(updated_managers(write, first, with(malformed)), managed_fields_of(first))
        << malformed;
  }
  const Json given = Json::parse(
      R"([{"manager":"m","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1",
           "fieldsV1":{"f:data":{"f:x":{}}}}])");
  EXPECT_EQ(updated_managers(write, first, with(given.dump().c_str())), given);
}

TEST(Update, ASubresourceIgnoresManagedFieldsOfTheRequest) {
  const Json first = stored(core_write("Node", "a"), nullptr,
                            {{"apiVersion", "v1"}, {"kind", "Node"}, {"metadata", {{"name", "n"}}},
                             {"spec", {{"unschedulable", true}}}});
  Json fresh = first;
  fresh["metadata"]["managedFields"] = Json::array();
  fresh["status"]["phase"] = "Running";
  fresh["spec"]["unschedulable"] = false;
  const Json entries = updated_managers(core_write("Node", "b", 1, "status"), first, fresh);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0], managed_fields_of(first)[0]);
  EXPECT_EQ(entries[1]["fieldsV1"], Json::parse(R"({"f:status":{"f:phase":{}}})"));
  EXPECT_EQ(entries[1]["subresource"], "status");
}

TEST(Update, AnObjectWithoutManagersStaysWithout) {
  EXPECT_TRUE(updated_managers(core_write("ConfigMap", "a"), config_map({{"x", "1"}}),
                               config_map({{"x", "2"}}))
                  .is_null());
}

TEST(Update, AnUnnamedWriterIsUnknown) {
  const Json one = stored(core_write("ConfigMap", ""), nullptr, config_map({{"x", "1"}}));
  EXPECT_TRUE(owners(one).contains("unknown"));
}

TEST(Update, TheOldestOfMoreThanTenUpdatersAreUnited) {
  Json object = stored(core_write("ConfigMap", "m0"), nullptr, config_map({{"k0", "1"}}));
  Json data = {{"k0", "1"}};
  for (int i = 1; i < 13; ++i) {
    data["k" + std::to_string(i)] = "1";
    const std::string manager = "m" + std::to_string(i);
    object = stored(core_write("ConfigMap", manager.c_str(), i), object, config_map(data));
  }
  const Json names = owners(object);
  EXPECT_EQ(names.size(), kUpdateManagersMax);
  EXPECT_EQ(names["ancient-changes"],
            Json::parse(R"({"f:data":{".":{},"f:k0":{},"f:k1":{},"f:k2":{},"f:k3":{}}})"));
  EXPECT_TRUE(names.contains("m4"));
  EXPECT_EQ(managed_fields_of(object)[0]["time"], "2024-01-01T00:00:03Z");
}

TEST(Update, EntriesStandByOperationTimeAndName) {
  Json object = config_map({{"a", "1"}, {"b", "1"}});
  object = stored(core_write("ConfigMap", "z", 5), nullptr, object);
  object = stored(core_write("ConfigMap", "y", 7), object, config_map({{"a", "2"}, {"b", "1"}}));
  const Json config = config_map({{"c", "1"}});
  object = *apply(core_write("ConfigMap", "x", 9), object, config, false)->object;
  const Json& entries = managed_fields_of(object);
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0]["manager"], "x");
  EXPECT_EQ(entries[1]["manager"], "z");
  EXPECT_EQ(entries[2]["manager"], "y");
}

TEST(Update, TimesAloneAreNoChange) {
  const Json live = stored(core_write("ConfigMap", "a"), nullptr, config_map({{"x", "1"}}));
  Json fresh = live;
  fresh["metadata"]["managedFields"][0]["time"] = "2025-01-01T00:00:00Z";
  Json changed = fresh;
  keep_times_if_unchanged(live, fresh);
  EXPECT_EQ(fresh, live);
  changed["data"]["x"] = "2";
  const Json before = changed;
  keep_times_if_unchanged(live, changed);
  EXPECT_EQ(changed, before);
}

}  // namespace
}  // namespace orrery::api::managed
