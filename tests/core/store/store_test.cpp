#include "core/store/store.h"

#include <gtest/gtest.h>

#include "core/api/config.h"
#include "sim/clock/sim_driver.h"
#include "sim/storage/memory_storage.h"

namespace orrery {
namespace {

using store::Change;
using store::Store;

class StoreTest : public testing::Test {
 protected:
  explicit StoreTest(Duration latency = {}) : storage_(env_, {latency, false}) {}

  static Ref<api::ConfigMap> config(std::string_view name, std::string_view value = "") {
    auto c = make_ref<api::ConfigMap>();
    c->meta.namespace_ = Symbol("default");
    c->meta.name = name;
    if (!value.empty()) api::set(c->data, "key", value);
    return c;
  }
  Result<api::ObjectRef> put(Ref<api::Object> object, api::Revision expected) {
    Result<api::ObjectRef> out = Status(Reason::kUnknown, "not answered");
    store_.put(std::move(object), expected, [&](Result<api::ObjectRef> r) { out = std::move(r); });
    return out;
  }
  Result<api::ObjectRef> remove(std::string_view name, api::Revision expected) {
    Result<api::ObjectRef> out = Status(Reason::kUnknown, "not answered");
    store_.remove(config(name), expected, [&](Result<api::ObjectRef> r) { out = std::move(r); });
    return out;
  }

  sim::SimDriver driver_{Time{} + 1h};
  EventLoop loop_{driver_};
  Random random_{1};
  Log log_;
  Metrics metrics_;
  Env env_{loop_, random_, log_, metrics_};
  api::Kinds kinds_;
  sim::MemoryStorage storage_;
  Store store_{env_, kinds_, storage_, {{4, 8}}};
};

TEST_F(StoreTest, EachWriteRaisesTheRevisionAndTheObjectCarriesIt) {
  ASSERT_TRUE(put(config("a"), 0).ok());
  const Result<api::ObjectRef> b = put(config("b"), 0);
  ASSERT_TRUE(b.ok());
  EXPECT_EQ((*b)->meta.resource_version, 2u);
  EXPECT_EQ(store_.revision(), 2u);
}

TEST_F(StoreTest, AWriteOverAnotherRevisionIsAConflictAndChangesNothing) {
  ASSERT_TRUE(put(config("a", "1"), 0).ok());
  ASSERT_TRUE(put(config("a", "2"), 1).ok());
  const Result<api::ObjectRef> stale = put(config("a", "3"), 1);
  EXPECT_TRUE(stale.status().is(Reason::kConflict));
  EXPECT_EQ(stale.status().message(),
            "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; "
            "please apply your changes to the latest version and try again");
  EXPECT_EQ(store_.revision(), 2u);
}

TEST_F(StoreTest, CreatingWhatIsThereAndChangingWhatIsNotAreErrors) {
  ASSERT_TRUE(put(config("a"), 0).ok());
  EXPECT_TRUE(put(config("a"), 0).status().is(Reason::kAlreadyExists));
  EXPECT_TRUE(put(config("b"), 7).status().is(Reason::kNotFound));
  EXPECT_TRUE(remove("b", 7).status().is(Reason::kNotFound));
}

TEST_F(StoreTest, ASubscriptionReadsEveryChangeInOrder) {
  int woken = 0;
  auto changes = store_.subscribe(api::KindId::kConfigMap, 0, [&] { ++woken; });
  ASSERT_TRUE(changes.ok());
  EXPECT_EQ((*changes)->next(), nullptr);  // arms it
  ASSERT_TRUE(put(config("a"), 0).ok());
  ASSERT_TRUE(put(config("a", "2"), 1).ok());
  ASSERT_TRUE(remove("a", 2).ok());
  EXPECT_EQ(woken, 1);  // once, until it is read again
  std::vector<WatchType> types;
  while (const Change* change = (*changes)->next()) types.push_back(change->type);
  EXPECT_EQ(types, (std::vector<WatchType>{WatchType::kAdded, WatchType::kModified,
                                           WatchType::kDeleted}));
}

TEST_F(StoreTest, AWatchFromARevisionStartsWithTheNextChange) {
  ASSERT_TRUE(put(config("a"), 0).ok());
  ASSERT_TRUE(put(config("b"), 0).ok());
  auto changes = store_.subscribe(api::KindId::kConfigMap, 1, [] {});
  ASSERT_TRUE(changes.ok());
  const Change* first = (*changes)->next();
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->revision, 2u);
}

TEST_F(StoreTest, AWatchFromBeforeTheLogIsExpired) {
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(put(config("c" + std::to_string(i)), 0).ok());
  const auto late = store_.subscribe(api::KindId::kConfigMap, 1, [] {});
  EXPECT_TRUE(late.status().is(Reason::kExpired));
  EXPECT_EQ(late.status().code(), 410);
}

TEST_F(StoreTest, ASlowReaderIsKeptUpToTheLogsMaximumThenExpired) {
  auto slow = store_.subscribe(api::KindId::kConfigMap, 0, [] {});
  ASSERT_TRUE(slow.ok());
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(put(config("c" + std::to_string(i)), 0).ok());
  EXPECT_FALSE((*slow)->is_expired());
  for (int i = 8; i < 40; ++i) ASSERT_TRUE(put(config("c" + std::to_string(i)), 0).ok());
  EXPECT_TRUE((*slow)->is_expired());
}

TEST_F(StoreTest, CompactionExpiresOlderRevisions) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(put(config("c" + std::to_string(i)), 0).ok());
  store_.compact(2);
  EXPECT_TRUE(store_.subscribe(api::KindId::kConfigMap, 1, [] {}).status().is(Reason::kExpired));
  EXPECT_TRUE(store_.subscribe(api::KindId::kConfigMap, 2, [] {}).ok());
}

class SlowStorageTest : public StoreTest {
 protected:
  SlowStorageTest() : StoreTest(5ms) {}
};

TEST_F(SlowStorageTest, AWriteIsSeenOnlyOnceItIsDurable) {
  bool done = false;
  store_.put(config("a"), 0, [&](Result<api::ObjectRef> r) { done = r.ok(); });
  EXPECT_EQ(store_.find(api::KindId::kConfigMap, Symbol("default"), "a"), nullptr);
  loop_.run(driver_.now() + 1s);
  EXPECT_TRUE(done);
  EXPECT_NE(store_.find(api::KindId::kConfigMap, Symbol("default"), "a"), nullptr);
}

TEST_F(SlowStorageTest, TheSecondOfTwoWritesInFlightLoses) {
  Status first, second;
  store_.put(config("a", "1"), 0, [&](Result<api::ObjectRef> r) { first = r.status(); });
  store_.put(config("a", "2"), 0, [&](Result<api::ObjectRef> r) { second = r.status(); });
  loop_.run(driver_.now() + 1s);
  EXPECT_TRUE(first.ok());
  EXPECT_TRUE(second.is(Reason::kAlreadyExists));
}

TEST_F(SlowStorageTest, ACrashLosesWhatWasNotAnswered) {
  bool answered = false;
  store_.put(config("a"), 0, [&](Result<api::ObjectRef>) { answered = true; });
  storage_.crash();
  loop_.run(driver_.now() + 1s);
  EXPECT_FALSE(answered);
  EXPECT_EQ(store_.find(api::KindId::kConfigMap, Symbol("default"), "a"), nullptr);
}

TEST_F(StoreTest, ReadsAKindAsItWasAtAnEarlierRevision) {
  ASSERT_TRUE(put(config("a", "1"), 0).ok());  // 1
  ASSERT_TRUE(put(config("b"), 0).ok());       // 2
  ASSERT_TRUE(put(config("a", "2"), 1).ok());  // 3
  ASSERT_TRUE(remove("b", 2).ok());            // 4
  const auto at_two = store_.sorted_at(api::KindId::kConfigMap, 2);
  ASSERT_TRUE(at_two.ok());
  ASSERT_EQ(at_two->size(), 2u);
  EXPECT_EQ((*at_two)[0]->meta.resource_version, 1u);
  EXPECT_EQ((*at_two)[1]->meta.name, "b");
  EXPECT_TRUE(store_.sorted_at(api::KindId::kConfigMap, 0)->empty());
  store_.compact(3);
  EXPECT_TRUE(store_.sorted_at(api::KindId::kConfigMap, 2).status().is(Reason::kExpired));
}

class SlowStoreTest : public StoreTest {
 protected:
  SlowStoreTest() : StoreTest(10ms) {}
};

TEST_F(SlowStoreTest, OfTwoWaitingWritesTheLaterStaysExpectedAfterTheFirstIsAnswered) {
  int answered = 0;
  const auto count = [&](Result<api::ObjectRef> r) { answered += r.ok(); };
  store_.put(config("a", "1"), 0, count);
  loop_.run(loop_.now() + 5ms);
  store_.put(config("a", "2"), 1, count);
  loop_.run(loop_.now() + 6ms);  // the first is in, the second is not
  EXPECT_EQ(answered, 1);
  EXPECT_TRUE(put(config("a", "3"), 1).status().is(Reason::kConflict));
  store_.put(config("a", "4"), 2, count);
  loop_.run(loop_.now() + 1s);
  EXPECT_EQ(answered, 3);
  EXPECT_EQ(store_.revision(), 3u);
}

}  // namespace
}  // namespace orrery
