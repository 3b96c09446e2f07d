// SPDX-License-Identifier: Apache-2.0
// What a run says of a target that does not give back what it took.
#include "run/accounts.h"

#include <gtest/gtest.h>

#include "run/run.h"
#include "run/scripted_world.h"
#include "scenario/load.h"

namespace finack {
namespace {

class AccountsOfARun : public testing::Test {
 protected:
  Summary play() {
    const auto scenarios = load_scenario(
        "scenario: t\nfamily: ipv4\ngiven: LISTEN\nsteps:\n  - quiet: 10ms\n", "t.yaml", profile_);
    EXPECT_TRUE(scenarios) << to_string(scenarios.error());
    const std::vector<Program> programs = compile(scenarios->front());
    world_.state.reset();
    world_.held = [&](ScriptedWorld& world) {
      ++looks_;
      const bool begun = !world.calls.empty();
      if (begun && forgotten_) return std::vector<Holding>{};
      const bool kept = begun ? world.now() < gone_at_ : world.now() < Time(set_up_until_);
      return std::vector<Holding>{{"a target", {{"sockets", kept ? 8 : 7}}}};
    };
    const RunSettings settings = {.seed = 7, .deadline = deadline_};
    const auto summary = run(programs, profile_, world_, settings, {}, [](const Event&) {});
    EXPECT_TRUE(summary) << to_string(summary.error());
    return summary.value_or(Summary{});
  }

  Profile profile_ = *parse_profile(*builtin_profile("linux"), "linux.yaml");
  ScriptedWorld world_;
  Time gone_at_{}, deadline_ = never;
  bool forgotten_ = false;
  Duration set_up_until_{};
  int looks_ = 0;
};

TEST_F(AccountsOfARun, AreWhatWasThereBeforeAndAfter) {
  world_.left_behind = 2;
  const Summary summary = play();
  ASSERT_EQ(summary.resources.accounts.size(), 1u);
  EXPECT_EQ(summary.resources.accounts[0].before, (Counts{{"sockets", 7}}));
  EXPECT_EQ(summary.resources.accounts[0].after, (Counts{{"sockets", 7}}));
  EXPECT_EQ(summary.resources.taken_away, 2u);
  EXPECT_TRUE(summary.resources.leaks.empty());
}

// The kernel frees some sockets a while after they were closed.
TEST_F(AccountsOfARun, WhatSetUpLeftForAMomentIsNoPartOfThem) {
  gone_at_ = never;
  set_up_until_ = 19ms;
  world_.settled_in = 20ms;
  const Summary summary = play();
  ASSERT_EQ(summary.resources.accounts.size(), 1u);
  EXPECT_EQ(summary.resources.accounts[0].before, (Counts{{"sockets", 7}}));
  EXPECT_EQ(summary.resources.leaks.size(), 1u);
}

TEST_F(AccountsOfARun, BeginBeforeLongWithWhateverSetUpLeaves) {
  gone_at_ = never;
  set_up_until_ = 10s;
  world_.settled_in = 20ms;
  const Summary summary = play();
  EXPECT_TRUE(summary.resources.leaks.empty());
  EXPECT_LT(world_.now(), Time(2s));
}

TEST_F(AccountsOfARun, WhoInterruptsBeforeTheFirstInstanceDoesNotWait) {
  world_.settled_in = 20ms;
  world_.interrupt_at = 5ms;
  EXPECT_TRUE(play().interrupted);
  EXPECT_TRUE(world_.calls.empty());
  EXPECT_LT(world_.now(), Time(10ms));
}

TEST_F(AccountsOfARun, WaitForWhatComesBack) {
  gone_at_ = Time(4s);
  const Summary summary = play();
  EXPECT_TRUE(summary.resources.leaks.empty());
  EXPECT_GE(world_.now(), Time(4s));
  EXPECT_LT(looks_, 100);
}

TEST_F(AccountsOfARun, WhatStaysIsALeak) {
  gone_at_ = never;
  const Summary summary = play();
  ASSERT_EQ(summary.resources.leaks.size(), 1u);
  EXPECT_EQ(summary.resources.unjudged, "");
  EXPECT_EQ(summary.resources.leaks[0].where, "a target");
  EXPECT_EQ(summary.resources.leaks[0].wanted, "sockets 7, as before the first instance");
  EXPECT_EQ(summary.resources.leaks[0].got.substr(0, 9), "sockets 8");
  EXPECT_EQ(exit_status(summary), 1);
  EXPECT_LT(world_.now(), Time(10s)) << "no longer than the world has patience";
}

// Sockets that the application was told to let go of, and has not, are no fault of the target.
TEST_F(AccountsOfARun, NothingIsSaidWhileTheApplicationHasNotAnswered) {
  gone_at_ = never;
  world_.on_call = [](ScriptedWorld& world, const Line& line) {
    if (line.word != "drop") world.report(line.id, "ok");
  };
  const Summary summary = play();
  EXPECT_TRUE(summary.resources.leaks.empty());
  EXPECT_EQ(summary.resources.unjudged, "an application did not say that it let go of its sockets");
  EXPECT_GE(world_.now(), Time(5s));
  EXPECT_LT(world_.now(), Time(10s)) << "each answer begins that time anew, and nothing else does";
}

TEST_F(AccountsOfARun, WhoInterruptsDoesNotWait) {
  gone_at_ = never;
  world_.interrupt_at = 5ms;
  const Summary summary = play();
  EXPECT_TRUE(summary.resources.leaks.empty());
  EXPECT_EQ(summary.resources.unjudged, "the run was cut short");
  EXPECT_LT(world_.now(), Time(1s));
}

// Nothing happens that would wake anybody.
TEST_F(AccountsOfARun, TheDeadlineEndsTheWait) {
  gone_at_ = never;
  deadline_ = Time(2s);
  const Summary summary = play();
  EXPECT_TRUE(summary.resources.leaks.empty());
  EXPECT_EQ(summary.resources.unjudged, "the run was cut short");
  EXPECT_LT(world_.now(), Time(3s));
}

// A world that finds out during a run that it cannot know.
TEST_F(AccountsOfARun, WhatIsNotKnownAfterwardsIsNoLeakAndIsSaid) {
  gone_at_ = never;
  forgotten_ = true;
  const Summary summary = play();
  EXPECT_TRUE(summary.resources.leaks.empty());
  EXPECT_EQ(summary.resources.unjudged, "this kernel does not take away what a connection leaves");
  EXPECT_LT(world_.now(), Time(2s));
}

}  // namespace
}  // namespace finack
