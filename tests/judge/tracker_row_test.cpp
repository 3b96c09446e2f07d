// SPDX-License-Identifier: Apache-2.0
// The tracker on rows of segments that nothing has settled yet: how far the target has come in them is not
// known, and to follow it may not take longer with every segment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judge/target.h"

namespace finack {
namespace {

using testing::ElementsAre;
using testing::Not;

TEST(TrackerRow, IsFollowedAsFarAsTheAcksGo) {
  Target target;
  constexpr std::uint32_t segments = 900;
  for (std::uint32_t i = 0; i < segments; ++i) target.send(flag::ack, 1 + 10 * i, 1, 10);
  for (std::uint32_t i = 1; i <= segments; ++i) target.came(flag::ack, 1, 1 + 10 * i);
  target.send(fin_ack, 1 + 10 * segments, 1);
  target.came(flag::ack, 1, 2 + 10 * segments);
  EXPECT_TRUE(target.is_right());
  EXPECT_THAT(target.tracker().states(), ElementsAre(TcpState::close_wait));
}

TEST(TrackerRow, MayBeDroppedWhereItsFragmentsOverlap) {
  for (const bool dropped : {true, false}) {
    Target target;
    target.send_overlapping(fin_ack, 1, 1, 100);
    if (!dropped) target.came(flag::ack, 1, 102);
    target.after(100ms);
    target.reads(dropped ? TcpState::established : TcpState::close_wait);
    target.send(fin_ack, 1, 1, 100);
    target.came(flag::ack, 1, 102);
    target.reads(TcpState::close_wait);
    EXPECT_TRUE(target.is_right()) << (dropped ? "dropped" : "taken");
  }
  Target target;
  target.send_overlapping(fin_ack, 1, 1, 100);
  target.came(flag::ack, 1, 50);
  EXPECT_NE(target.signature(), "none") << "all of it or nothing";
}

TEST(TrackerRow, IsFollowedByOneAckForAll) {
  Target target;
  for (std::uint32_t i = 0; i < 500; ++i) target.send(flag::ack, 1 + 10 * i, 1, 10);
  target.came(flag::ack, 1, 5001);
  EXPECT_TRUE(target.is_right());
}

// Three readings each of what a SYN draws that is not new, two of them with an ACK.
TEST(TrackerRow, OfSynsInTimeWaitIsFollowed) {
  for (const int answers : {0, 1, 10, 20}) {
    Target target;
    close_actively(target);
    for (int i = 0; i < 20; ++i) {
      target.send(flag::syn, -1000u, 0);
      if (i < answers) target.came(flag::ack, 2, 2);
    }
    target.reads(TcpState::time_wait);
    EXPECT_TRUE(target.is_right()) << answers;
  }
}

TEST(TrackerRow, StillTellsWhatIsWrong) {
  Target target;
  for (std::uint32_t i = 0; i < 500; ++i) target.send(flag::ack, 1 + 10 * i, 1, 10);
  target.came(flag::ack, 1, 1006);
  EXPECT_FALSE(target.is_right());
  EXPECT_EQ(target.signature(), "sends ACK");
}

TEST(TrackerRow, HasBeenActedOnOnceItsTimeIsOver) {
  Target target;
  for (std::uint32_t i = 0; i < 500; ++i) target.send(flag::ack, 1 + 10 * i, 1, 10);
  target.after(100ms);
  target.came(flag::ack, 1, 5001);
  EXPECT_TRUE(target.is_right());
}

// Each may have been answered, or not: whatever comes next fits as many ways.
TEST(TrackerRow, IsLeftWhereItIsTooLong) {
  Target target;
  for (std::uint32_t i = 0; i < 5000; ++i) target.send(flag::ack, 1, 1, 10);
  target.came(flag::ack, 1, 11);
  EXPECT_TRUE(target.tracker().overflowed());
  EXPECT_EQ(target.signature(), "none");
  EXPECT_THAT(target.tracker().states(), Not(ElementsAre()));
}

}  // namespace
}  // namespace finack
