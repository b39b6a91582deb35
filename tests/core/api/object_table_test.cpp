#include "core/api/object_table.h"

#include <gtest/gtest.h>

#include <map>

#include "core/api/pod.h"
#include "core/base/random.h"

namespace orrery::api {
namespace {

Ref<Pod> pod(std::string_view name, std::string_view node = "") {
  auto p = make_ref<Pod>();
  p->meta.namespace_ = Symbol("default");
  p->meta.name = name;
  p->node_name = Symbol(node);
  return p;
}

TEST(ObjectTable, AgreesWithAMapAfterAThousandRandomChanges) {
  RandomStream random(7);
  ObjectTable table;
  const std::size_t by_node = table.add_index([](const Object& o) {
    return ObjectTable::IndexKey(static_cast<const Pod&>(o).node_name.id());
  });
  std::map<std::string, std::string> model;  // name -> node
  for (int i = 0; i < 5000; ++i) {
    const std::string name = "p" + std::to_string(random.below(300));
    const std::string node = "n" + std::to_string(random.below(5));
    if (random.below(3) == 0) {
      const bool had = static_cast<bool>(table.remove(Symbol("default"), name));
      EXPECT_EQ(had, model.erase(name) == 1);
    } else {
      const bool had = static_cast<bool>(table.put(pod(name, node)));
      EXPECT_EQ(had, model.count(name) == 1);
      model[name] = node;
    }
  }
  ASSERT_EQ(table.size(), model.size());
  std::map<std::string, std::size_t> per_node;
  for (const auto& [name, node] : model) {
    const ObjectRef* found = table.find(Symbol("default"), name);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(static_cast<const Pod&>(**found).node_name.view(), node);
    ++per_node[node];
  }
  for (const auto& [node, count] : per_node) {
    EXPECT_EQ(table.in(by_node, Symbol(node).id()).size(), count);
    for (const ObjectRef& o : table.in(by_node, Symbol(node).id())) {
      EXPECT_EQ(static_cast<const Pod&>(*o).node_name.view(), node);
    }
  }
}

TEST(ObjectTable, SortsByNamespaceThenName) {
  ObjectTable table;
  for (const char* name : {"b", "a", "c-10", "c-2"}) table.put(pod(name));
  auto other = pod("a");
  other->meta.namespace_ = Symbol("another");
  table.put(other);
  std::vector<std::string> keys;
  for (const ObjectRef& o : table.sorted()) keys.push_back(key_of(*o));
  EXPECT_EQ(keys, (std::vector<std::string>{"another/a", "default/a", "default/b", "default/c-10",
                                            "default/c-2"}));
}

TEST(ObjectTable, StaysSortedAsObjectsComeAndGo) {
  RandomStream random(11);
  ObjectTable table;
  std::map<std::string, std::string> model;  // name -> node
  for (int i = 0; i < 400; ++i) {
    const std::string name = "p" + std::to_string(i);
    table.put(pod(name));
    model[name] = "";
  }
  for (int i = 0; i < 3000; ++i) {
    const std::string name = "p" + std::to_string(random.below(800));
    if (random.below(2) == 0) {
      table.remove(Symbol("default"), name);
      model.erase(name);
    } else {
      const std::string node = "n" + std::to_string(i);
      table.put(pod(name, node));
      model[name] = node;
    }
    if (i == 1500) {
      table.clear();
      model.clear();
    }
    if (random.below(10) != 0) continue;  // several changes between two looks
    std::map<std::string, std::string> seen;
    std::string last;
    for (const ObjectRef& o : table.sorted()) {
      ASSERT_LT(last, o->meta.name.str());
      last = o->meta.name.str();
      seen[last] = static_cast<const Pod&>(*o).node_name.str();
    }
    ASSERT_EQ(seen, model);
  }
}

TEST(ObjectTable, FindsNothingInAnEmptyTable) {
  ObjectTable table;
  EXPECT_EQ(table.find(Symbol("default"), "a"), nullptr);
  EXPECT_FALSE(table.remove(Symbol("default"), "a"));
}

}  // namespace
}  // namespace orrery::api
