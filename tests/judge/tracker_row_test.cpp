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

// Nobody knows yet whether it has acted on the close, and on which of our ACKs before it.
TEST(TrackerRow, OfAcknowledgmentsAroundACloseIsFollowed) {
  for (const bool returned : {false, true}) {
    Target target;
    target.transfer("send", 200'000);
    if (returned) {
      target.call("close");
    } else {
      target.begins("close");
    }
    for (std::uint32_t seq = 1; seq < 199'000; seq += 1000) {
      target.came(flag::ack, seq, 1, 1000);
      target.send(flag::ack, 1, seq + 1000);
    }
    target.came(fin_ack, 199'001, 1, 1000);
    target.send(flag::ack, 1, 200'002);
    target.reads(TcpState::fin_wait_2);
    EXPECT_TRUE(target.is_right()) << returned;
  }
}

// Nor is it known what it has acted on of those that wait behind octets of ours.
TEST(TrackerRow, OfAcknowledgmentsBehindOctetsIsFollowed) {
  Target target;
  target.transfer("send", 200'000);
  target.send(flag::ack, 1, 1, 10);
  for (std::uint32_t seq = 1; seq < 150'000; seq += 1000) {
    target.came(flag::ack, seq, 1, 1000);
    target.send(flag::ack, 11, seq + 1000);
  }
  target.came(flag::ack, 150'001, 11, 1000);
  target.send(fin_ack, 11, 151'001);
  target.came(flag::ack, 151'001, 12, 1000);
  target.reads(TcpState::close_wait);
  EXPECT_TRUE(target.is_right());
}

// One of them is on its way when the FIN is acknowledged: had it been acted on by then?
TEST(TrackerRow, OfAcknowledgmentsBehindOurFinIsFollowed) {
  Target target;
  target.transfer("send", 200'000);
  target.send(fin_ack, 1, 1);
  target.came(flag::ack, 1, 1, 1000);
  for (std::uint32_t seq = 1001; seq < 150'000; seq += 1000) {
    target.send(flag::ack, 2, seq);
    target.came(flag::ack, seq, 2, 1000);
  }
  target.reads(TcpState::close_wait);
  EXPECT_TRUE(target.is_right());
}

// An abort between them makes of those behind it what draws a reset.
TEST(TrackerRow, OfAcknowledgmentsAroundAnAbortHasItsResets) {
  for (const bool after_all : {false, true}) {
    Target target;
    target.transfer("send", 3000);
    target.came(flag::ack, 1, 1, 1000).came(flag::ack, 1001, 1, 1000);
    target.begins("abort");
    target.send(flag::ack, 1, 1001);
    target.send(flag::ack, 1, 2001);
    target.came(flag::rst + flag::ack, 2001, 1);
    if (!after_all) target.came(flag::rst, 1001, 0).came(flag::rst, 2001, 0);
    target.reads_none();
    EXPECT_TRUE(target.is_right()) << after_all;
  }
}

// What it sent before the close, and no time passes: of our ACKs only the last is the one that it waits for.
TEST(TrackerRow, OfAcknowledgmentsAfterACloseIsFollowed) {
  for (const bool heard_end : {false, true}) {
    Target target;
    if (heard_end) target.send(fin_ack, 1, 1);
    const std::uint32_t ack = heard_end ? 2 : 1;
    if (heard_end) target.came(flag::ack, 1, ack);
    target.transfer("send", 200'000);
    target.call("close");
    target.reads(heard_end ? TcpState::last_ack : TcpState::fin_wait_1);
    for (std::uint32_t seq = 1; seq < 200'000; seq += 1000) {
      const bool last = seq == 199'001;
      target.came(last ? fin_ack : flag::ack, seq, ack, 1000);
      target.send(flag::ack, ack, seq + 1000 + (last ? 1 : 0));
    }
    heard_end ? target.reads_none() : target.reads(TcpState::fin_wait_2);
    EXPECT_TRUE(target.is_right()) << heard_end;
  }
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
