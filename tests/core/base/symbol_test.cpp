#include "core/base/symbol.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

namespace orrery {
namespace {

TEST(Symbol, EqualTextIsTheSameSymbol) {
  const Symbol a("symbol-test-a");
  EXPECT_EQ(a, Symbol(std::string("symbol-test-") + "a"));
  EXPECT_EQ(a.id(), Symbol("symbol-test-a").id());
  EXPECT_NE(a, Symbol("symbol-test-b"));
  EXPECT_EQ("symbol-test-a", a.view());
  EXPECT_TRUE(a == std::string_view("symbol-test-a"));
}

TEST(Symbol, DefaultIsTheEmptyText) {
  EXPECT_TRUE(Symbol().empty());
  EXPECT_EQ(Symbol(), Symbol(""));
  EXPECT_EQ("", Symbol().view());
}

TEST(Symbol, FindNeverMakesOne) {
  EXPECT_TRUE(Symbol::find("symbol-test-never-made").empty());
  EXPECT_TRUE(Symbol::find("symbol-test-never-made").empty());
  const Symbol made("symbol-test-made");
  EXPECT_EQ(made, Symbol::find("symbol-test-made"));
}

TEST(Symbol, OrderIsThatOfTheText) {
  const Symbol z("symbol-test-z"), m("symbol-test-m"), b("symbol-test-bb");
  std::vector<std::string> names;
  for (const Symbol s : std::set<Symbol>{z, m, b, Symbol()}) names.push_back(s.str());
  EXPECT_EQ((std::vector<std::string>{"", "symbol-test-bb", "symbol-test-m", "symbol-test-z"}),
            names);
  EXPECT_FALSE(z < z);
}

TEST(Symbol, KeepsManyAndLongTexts) {
  std::vector<Symbol> made;
  for (int i = 0; i < 50'000; ++i) made.emplace_back("symbol-test-many-" + std::to_string(i));
  const std::string long_text(200'000, 'x');
  const Symbol long_symbol(long_text);
  for (int i = 0; i < 50'000; ++i) {
    ASSERT_EQ("symbol-test-many-" + std::to_string(i), made[static_cast<std::size_t>(i)].view());
  }
  EXPECT_EQ(long_text, long_symbol.view());
}

TEST(Symbol, ThreadsThatInternTheSameTextsGetTheSameSymbols) {
  constexpr int kThreads = 4, kTexts = 5'000;
  std::vector<std::vector<std::uint32_t>> ids(kThreads);
  std::vector<std::thread> threads;
  for (auto& mine : ids) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < kTexts; ++i) {
        mine.push_back(Symbol("symbol-test-thread-" + std::to_string(i)).id());
      }
    });
  }
  for (std::thread& t : threads) t.join();
  for (const auto& mine : ids) EXPECT_EQ(ids.front(), mine);
  EXPECT_EQ(static_cast<std::size_t>(kTexts),
            std::set<std::uint32_t>(ids.front().begin(), ids.front().end()).size());
}

}  // namespace
}  // namespace orrery
