// Gangs of random sizes on random clusters: none is ever bound in part, and none waits while there
// is room for it.
#include <gtest/gtest.h>

#include <iostream>
#include <map>

#include "core/base/random.h"
#include "tests/core/scheduler/gang_world.h"

namespace orrery::scheduler::test {
namespace {

class GangStory {
 public:
  explicit GangStory(std::uint64_t seed)
      : w_(seed % 2 ? Flavour::kCore : Flavour::kCoscheduling), random_(seed) {}

  void step() {
    const double dice = random_.unit();
    if (dice < 0.3 || room_ == 0) {
      const auto cpu = static_cast<int>(1 + random_.below(4));
      w_.add_node("n" + std::to_string(names_++), std::to_string(cpu));
      room_ += cpu;
    } else if (dice < 0.7) {
      add_gangs();
    } else if (dice < 0.85) {  // a pod of no group
      const std::string name = "single" + std::to_string(names_++);
      w_.add_pod({name, "1"});
      singles_.push_back(name);
    } else if (!singles_.empty()) {
      w_.finish(singles_.back());
      singles_.pop_back();
    }
    if (random_.chance(0.2)) {
      for (auto gang = gangs_.begin(); gang != gangs_.end(); ++gang) {
        if (w_.bound(gang->first + "-") != gang->second) continue;
        w_.finish_all(gang->first + "-");
        gangs_.erase(gang);
        break;
      }
    }
  }
  void check() {
    w_.run_for(60s);
    int used = 0;
    for (const std::string& name : singles_) used += !w_.node_of(name).empty();
    std::map<std::string, int> bound;
    for (const auto& [name, size] : gangs_) {
      bound[name] = w_.bound(name + "-");
      used += bound[name];
      EXPECT_TRUE(bound[name] == 0 || bound[name] == size)
          << name << " has " << bound[name] << " of " << size << " pods bound";
      whole += bound[name] == size;
      waiting += bound[name] == 0;
    }
    for (const auto& [name, size] : gangs_) {
      EXPECT_TRUE(bound[name] == size || size > room_ - used)
          << name << " (" << size << ") waits with " << room_ - used << " of " << room_ << " free";
    }
  }
  int whole = 0, waiting = 0;

 private:
  /// One gang, or two whose pods come in turns.
  void add_gangs() {
    std::map<std::string, int> fresh;
    for (std::uint64_t i = 1 + random_.below(2); i > 0; --i) {
      fresh["g" + std::to_string(names_++)] = static_cast<int>(1 + random_.below(6));
    }
    const bool groups_first = random_.chance(0.5);
    if (groups_first) add_groups(fresh);
    for (int i = 0; i < 6; ++i) {
      for (const auto& [name, size] : fresh) {
        if (i < size) w_.add_member(name, name + "-" + std::to_string(i));
      }
    }
    if (!groups_first) add_groups(fresh);
    gangs_.insert(fresh.begin(), fresh.end());
  }
  void add_groups(const std::map<std::string, int>& fresh) {
    for (const auto& [name, size] : fresh) w_.add_group(name, size);
  }

  GangWorld w_;
  RandomStream random_;
  std::map<std::string, int> gangs_;  // name -> size
  std::vector<std::string> singles_;
  int room_ = 0;
  int names_ = 0;
};

TEST(Gangs, AreWholeOrAbsentAndWaitOnlyForRoom) {
  int whole = 0, waiting = 0;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    GangStory story(seed);
    for (int i = 0; i < 25; ++i) {
      story.step();
      if (i % 5 == 4) story.check();
    }
    whole += story.whole;
    waiting += story.waiting;
    if (::testing::Test::HasFailure()) return;
  }
  std::cout << whole << " times whole, " << waiting << " times waiting\n";
  EXPECT_GT(whole, 100);
  EXPECT_GT(waiting, 100);
}

}  // namespace
}  // namespace orrery::scheduler::test
