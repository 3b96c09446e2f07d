// SPDX-License-Identifier: Apache-2.0
#include "wire/clock_pair.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t epoch = 1'700'000'000 * second;

// Both clocks when `monotonic` says so and the realtime clock is `ahead` of where it ought to be.
ClockReading reading(std::int64_t monotonic, std::int64_t ahead = 0, std::int64_t width = 100) {
  return {monotonic - width / 2, epoch + monotonic + ahead, monotonic + width / 2};
}

TEST(ClockPair, ConvertsStamps) {
  const ClockPair clock(reading(5 * second));
  EXPECT_EQ(clock.to_time(epoch + 5 * second), Time(5s));
  EXPECT_EQ(clock.to_time(epoch + 5 * second + 1), Time(5s + 1ns));
  EXPECT_EQ(clock.to_time(epoch + 4 * second), Time(4s));
}

TEST(ClockPair, FollowsSlewing) {
  ClockPair clock(reading(0));
  EXPECT_FALSE(clock.update(reading(second, ms / 2)));
  EXPECT_EQ(clock.to_time(epoch + second + ms / 2), Time(1s));
  EXPECT_FALSE(clock.update(reading(1001 * second, 500 * ms))) << "500 ppm";
}

TEST(ClockPair, ReportsAStepOnceInEitherDirection) {
  ClockPair clock(reading(0));
  EXPECT_FALSE(clock.update(reading(second, 5 * ms)));
  EXPECT_TRUE(clock.update(reading(2 * second, 12 * ms)));
  EXPECT_FALSE(clock.update(reading(3 * second, 12 * ms)));
  EXPECT_EQ(clock.to_time(epoch + 3 * second + 12 * ms), Time(3s));
  EXPECT_TRUE(clock.update(reading(4 * second, -3600 * second)));
  EXPECT_FALSE(clock.update(reading(5 * second, -3600 * second)));
}

TEST(ClockPair, DoesNotTakeALostProcessorForAStep) {
  ClockPair clock(reading(0));
  EXPECT_FALSE(clock.update(reading(second, 40 * ms, 100 * ms)))
      << "realtime was read late within the reading";
  EXPECT_FALSE(clock.update(reading(2 * second)));
}

TEST(ClockPair, ReadsTheClocksOfThisMachine) {
  ClockPair clock;
  EXPECT_FALSE(clock.sample());
  const ClockReading now = ClockReading::now();
  EXPECT_LE(now.monotonic_before, now.monotonic_after);
  EXPECT_NEAR(static_cast<double>(clock.to_time(now.realtime).time_since_epoch().count()),
              static_cast<double>(now.monotonic_before), 1e9);
}

}  // namespace
}  // namespace finack
