// SPDX-License-Identifier: Apache-2.0
#include "cli/rounds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace finack {
namespace {

using testing::ElementsAre;

// Gives every program the verdict that its id is listed with, else pass.
class PlayedRounds : public testing::Test {
 protected:
  Result<Summary> play(const Rounds& rounds) {
    programs_[0].id = "a";
    programs_[1].id = "b";
    return play_rounds(
        programs_.size(), rounds,
        [&](std::size_t first, std::size_t count, const EventSink& emit) { return some(first, count, emit); },
        [&](const Event& event) { take(event); });
  }

  Result<Summary> some(std::size_t first, std::size_t count, const EventSink& emit) {
    ++plays_;
    Summary summary;
    summary.total = programs_.size() * count;
    if (plays_ <= static_cast<int>(vanished_.size())) {
      for (const int line : vanished_[static_cast<std::size_t>(plays_) - 1])
        summary.vanished.push_back({.place = {"linux.yaml", line, 1}});
    }
    summary.resources.accounts = {{"a target", {{"tcp", plays_}}, {{"tcp", plays_ + 1}}}};
    summary.resources.taken_away = 1;
    if (plays_ == 1) summary.resources.unjudged = "why not";
    if (plays_ == leaking_play_) summary.resources.leaks.push_back({"a target", "", "", ""});
    emit(RunStarted{{}, summary.total});
    for (std::size_t i = 0; i < summary.total; ++i) {
      InstanceFinished event{&programs_[i % programs_.size()], {}, Verdict::pass};
      event.round = first + i / programs_.size();
      const auto at = verdicts_.find(id_of(event));
      if (at != verdicts_.end()) event.verdict = at->second;
      if (id_of(event) == interrupted_at_) summary.interrupted = true;
      if (summary.interrupted) break;
      ++summary.counts[static_cast<std::size_t>(event.verdict)];
      emit(event);
    }
    emit(RunFinished{summary});
    if (plays_ == broken_play_) return fail("broken");
    return summary;
  }

  void take(const Event& event) {
    if (const auto* start = std::get_if<RunStarted>(&event)) totals_.push_back(start->total);
    if (const auto* one = std::get_if<InstanceFinished>(&event)) ids_.push_back(id_of(*one));
    if (const auto* end = std::get_if<RunFinished>(&event)) ends_.push_back(end->summary.total);
  }

  std::vector<Program> programs_ = std::vector<Program>(2);
  std::map<std::string, Verdict> verdicts_;
  std::vector<std::vector<int>> vanished_;  // of each play, the lines of deviations that it did not see
  std::string interrupted_at_ = "nowhere";
  int broken_play_ = 0;
  int leaking_play_ = 0;
  int plays_ = 0;
  std::vector<std::string> ids_;
  std::vector<std::size_t> totals_, ends_;
};

TEST_F(PlayedRounds, AreOneUnlessMoreAreWanted) {
  const auto summary = play({});
  EXPECT_THAT(ids_, ElementsAre("a", "b"));
  EXPECT_EQ(summary->count(Verdict::pass), 2u);
  EXPECT_EQ(Rounds{}.expected(), 1u);
}

TEST_F(PlayedRounds, AreReportedAsOneRun) {
  const auto summary = play({.times = 3, .most_together = 4});
  EXPECT_THAT(ids_, ElementsAre("a", "b", "a#2", "b#2", "a#3", "b#3"));
  EXPECT_EQ(plays_, 2) << "two rounds together, then the last";
  EXPECT_THAT(totals_, ElementsAre(6u));
  EXPECT_THAT(ends_, ElementsAre(6u));
  EXPECT_EQ(summary->count(Verdict::pass), 6u);
}

TEST_F(PlayedRounds, EndWhenSomethingFails) {
  verdicts_ = {{"b#3", Verdict::fail}};
  const auto summary = play({.until_fail = true, .most_together = 1});
  EXPECT_EQ(ids_.back(), "b#3");
  EXPECT_EQ(summary->count(Verdict::fail), 1u);
  EXPECT_THAT(ends_, ElementsAre(6u));
  EXPECT_EQ((Rounds{.until_fail = true}.expected()), 0u);
}

TEST_F(PlayedRounds, EndAtAWarningOnlyWhenStrict) {
  verdicts_ = {{"a", Verdict::warn}};
  play({.times = 2, .until_fail = true, .most_together = 1});
  EXPECT_EQ(plays_, 2) << "no more than asked for";
  play({.times = 2, .until_fail = true, .strict = true, .most_together = 1});
  EXPECT_EQ(plays_, 3);
}

TEST_F(PlayedRounds, TellWhichDeviationsNoneOfThemHasSeen) {
  vanished_ = {{4, 9}};
  EXPECT_EQ(play({})->vanished.size(), 2u);
  plays_ = 0;
  vanished_ = {{4, 9}, {9, 12}};
  const auto summary = play({.times = 2, .most_together = 1});
  ASSERT_EQ(summary->vanished.size(), 1u);
  EXPECT_EQ(summary->vanished[0].place.line, 9);
}

TEST_F(PlayedRounds, EndWhenInterrupted) {
  interrupted_at_ = "b#2";
  const auto summary = play({.times = 5, .most_together = 1});
  EXPECT_THAT(ids_, ElementsAre("a", "b", "a#2"));
  EXPECT_TRUE(summary->interrupted);
  EXPECT_EQ(summary->total, 10u) << "what was never begun has not finished either";
}

TEST_F(PlayedRounds, EndWithTheWorld) {
  broken_play_ = 2;
  const auto summary = play({.times = 5, .most_together = 1});
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().message, "broken");
  EXPECT_EQ(ends_.size(), 1u) << "reports are finished all the same";
}

TEST_F(PlayedRounds, WhatWasHeldBeforeTheFirstAndAfterTheLast) {
  leaking_play_ = 2;
  const auto sum = play({.times = 3, .until_fail = true, .most_together = 1});
  ASSERT_TRUE(sum);
  EXPECT_EQ(plays_, 2) << "a leak ends them";
  ASSERT_EQ(sum->resources.accounts.size(), 1u);
  EXPECT_EQ(sum->resources.accounts[0].before, (Counts{{"tcp", 1}}));
  EXPECT_EQ(sum->resources.accounts[0].after, (Counts{{"tcp", 3}}));
  EXPECT_EQ(sum->resources.taken_away, 2u);
  EXPECT_EQ(sum->resources.unjudged, "why not");
  EXPECT_EQ(sum->resources.leaks.size(), 1u);
}

}  // namespace
}  // namespace finack
