// SPDX-License-Identifier: Apache-2.0
#include "judge/timing.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

TEST(Distribution, KnowsItsQuantilesToThreePercent) {
  Distribution all;
  EXPECT_EQ(all.quantile(0.5), 0ns);
  for (int i = 1; i <= 1000; ++i) all.add(Duration(i) * 1000);
  EXPECT_EQ(all.count(), 1000u);
  EXPECT_EQ(all.most(), 1ms);
  EXPECT_EQ(all.quantile(1), 1ms);
  for (const double part : {0.001, 0.01, 0.5, 0.9, 0.99}) {
    const double wanted = part * 1e6;
    EXPECT_GE(static_cast<double>(all.quantile(part).count()), wanted) << part;
    EXPECT_LE(static_cast<double>(all.quantile(part).count()), wanted * 1.04) << part;
  }
}

TEST(Distribution, CountsTheShortestAndTheLongest) {
  Distribution all;
  all.add(-5ns);  // a stamp of the kernel may be a little later than our clock
  all.add(Duration::max());
  EXPECT_EQ(all.quantile(0.5), 0ns);
  EXPECT_EQ(all.quantile(1), Duration::max());
}

TEST(Distribution, AddsUp) {
  Distribution one, other;
  one.add(10us);
  other.add(30us);
  other.add(30us);
  one.add(other);
  one.add(Distribution());
  EXPECT_EQ(one.count(), 3u);
  EXPECT_EQ(one.most(), 30us);
  EXPECT_EQ(one.quantile(1), 30us);
}

Observation injected(Duration at, Duration late) {
  Injected out;
  out.late = late;
  return {Time(at), out};
}

TEST(Timing, TakesForAReactionOnlyWhatWasDueWhenASegmentCame) {
  Timing timing;
  timing.add(Trace{
      injected(0us, 5us),
      {Time(100us), Arrived{}},
      injected(130us, 30us),  // at once
      {Time(200us), Arrived{}},
      injected(10'250us, 50us)  // after 10 ms of silence
  });
  EXPECT_EQ(timing.lateness.count(), 3u);
  EXPECT_EQ(timing.reaction.count(), 1u);
  EXPECT_EQ(timing.reaction.most(), 30us);
}

}  // namespace
}  // namespace finack
