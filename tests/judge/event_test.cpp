// SPDX-License-Identifier: Apache-2.0
#include "judge/event.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

Summary summary(std::initializer_list<Verdict> verdicts, bool interrupted = false) {
  Summary out;
  for (const Verdict verdict : verdicts) ++out.counts[static_cast<std::size_t>(verdict)];
  out.interrupted = interrupted;
  return out;
}

TEST(ExitStatus, FollowsTheWorstVerdict) {
  using enum Verdict;
  EXPECT_EQ(exit_status(summary({pass})), 0);
  EXPECT_EQ(exit_status(summary({pass, known, warn, skipped})), 0);
  EXPECT_EQ(exit_status(summary({pass, fail, error})), 1);
  EXPECT_EQ(exit_status(summary({pass, inconclusive})), 4);
  EXPECT_EQ(exit_status(summary({pass, error})), 4);
}

TEST(ExitStatus, IsNoSuccessWhenNothingPassed) {
  EXPECT_EQ(exit_status(summary({})), 4);
  EXPECT_EQ(exit_status(summary({Verdict::skipped})), 4);
}

TEST(ExitStatus, TakesAWarningForAFailureWhenStrict) {
  EXPECT_EQ(exit_status(summary({Verdict::pass, Verdict::warn}), true), 1);
  EXPECT_EQ(exit_status(summary({Verdict::pass, Verdict::known}), true), 0);
}

TEST(ExitStatus, IsNoSuccessWhenTimeRanOut) {
  Summary late = summary({Verdict::pass});
  late.out_of_time = true;
  EXPECT_EQ(exit_status(late), 4);
  late.counts[static_cast<std::size_t>(Verdict::fail)] = 1;
  EXPECT_EQ(exit_status(late), 1);
}

TEST(ExitStatus, TellsAnInterruption) {
  EXPECT_EQ(exit_status(summary({Verdict::pass}, true)), 130);
  EXPECT_EQ(exit_status(summary({Verdict::fail}, true)), 1);
}

}  // namespace
}  // namespace finack
