// SPDX-License-Identifier: Apache-2.0
#include "judge/resources.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

std::string told(const Counts& before, const Counts& after) {
  const auto leak = leak_in({"a target", before, after}, 5s);
  return leak ? leak->wanted + "; " + leak->got + "; " + leak->hint : "";
}

TEST(Resources, MayComeBackToWhereTheyWereOrLower) {
  EXPECT_EQ(told({{"sockets", 7}, {"tcp", 1}}, {{"sockets", 7}, {"tcp", 0}}), "");
}

TEST(Resources, OneSocketMoreIsALeak) {
  EXPECT_EQ(
      told({{"sockets", 7}, {"tcp", 0}}, {{"sockets", 8}, {"tcp", 1}}),
      "sockets 7, tcp 0, as before the first instance; sockets 8, tcp 1, 5 s after the last; sockets are "
      "still in the tables of TCP: nobody closed them, or they were never taken out");
}

TEST(Resources, TheHintTellsWhereItIs) {
  EXPECT_NE(told({{"sockets", 7}}, {{"sockets", 8}}).find("no table of TCP has them"), std::string::npos);
  EXPECT_NE(told({{"time-wait", 0}}, {{"time-wait", 1}}).find("TIME-WAIT"), std::string::npos);
  EXPECT_NE(told({{"slab TCP", 0}}, {{"slab TCP", 1}}).find("objects"), std::string::npos);
}

TEST(Resources, MemoryIsCountedInMegabytes) {
  EXPECT_EQ(told({{"tcp-memory", 3}}, {{"tcp-memory", 515}}), "");
  EXPECT_NE(told({{"tcp-memory", 3}}, {{"tcp-memory", 516}}), "");
}

TEST(Resources, WhatIsNotKnownTwiceIsNotCompared) {
  EXPECT_EQ(told({{"time-wait", 0}}, {}), "");
  EXPECT_EQ(told({}, {{"time-wait", 9}}), "");
}

TEST(Resources, AreAddedUpOverAllPlaces) {
  const Resources both{{{"a", {{"tcp", 1}}, {{"tcp", 2}}}, {"b", {{"tcp", 3}}, {{"tcp", 4}}}}};
  EXPECT_EQ(total_before(both), (Counts{{"tcp", 4}}));
  EXPECT_EQ(total_after(both), (Counts{{"tcp", 6}}));
}

}  // namespace
}  // namespace finack
