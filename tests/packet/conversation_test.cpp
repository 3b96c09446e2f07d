// SPDX-License-Identifier: Apache-2.0
#include "packet/conversation.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

Segment segment(Flags flags, std::uint32_t seq, std::uint32_t ack = 0, std::size_t length = 0) {
  Segment out;
  out.flags = flags;
  out.seq = Seq{seq};
  out.ack = Seq{ack};
  out.payload.resize(length);
  return out;
}

TEST(Conversation, CountsSynDataAndFin) {
  Conversation talk;
  talk.injected(segment(flag::syn, 99));
  talk.arrived(segment(flag::syn + flag::ack, 0xffffffff, 100));
  EXPECT_EQ(talk.ours.next(), Seq{100});
  EXPECT_EQ(talk.theirs.next(), Seq{0});
  EXPECT_EQ(talk.ours.unacknowledged(), Seq{100});
  talk.injected(segment(flag::ack, 100, 0, 10));
  talk.injected(segment(flag::fin + flag::ack, 110, 0));
  EXPECT_EQ(talk.ours.next(), Seq{111});
  EXPECT_EQ(talk.ours.fin(), Seq{110});
  EXPECT_EQ(talk.theirs.unacknowledged(), Seq{0});
}

TEST(Conversation, WaitsAtAGapUntilItIsFilled) {
  Conversation talk;
  talk.injected(segment(flag::syn, 0));
  talk.injected(segment(flag::fin + flag::ack, 11, 0, 10));
  EXPECT_EQ(talk.ours.next(), Seq{1});
  talk.injected(segment(flag::ack, 1, 0, 10));
  EXPECT_EQ(talk.ours.next(), Seq{22});
}

TEST(Conversation, IgnoresWhatTheOtherEndMustDiscard) {
  Conversation talk;
  talk.injected(segment(flag::syn, 0));
  Segment damaged = segment(flag::ack, 1, 0, 10);
  damaged.bad_checksum = true;
  talk.injected(damaged);
  talk.injected(segment(flag::rst, 1, 0, 10));
  talk.injected(segment(flag::syn, 1));
  talk.injected(segment(flag::fin, 1));
  EXPECT_EQ(talk.ours.next(), Seq{1});
  talk.arrived(segment(flag::syn + flag::ack, 500, 1));
  talk.injected(segment(flag::ack, 1, 502, 10));  // acknowledges what was never sent
  EXPECT_EQ(talk.ours.next(), Seq{1});
  EXPECT_EQ(talk.theirs.unacknowledged(), Seq{500});
  talk.injected(segment(flag::fin + flag::ack, 1, 501));
  talk.injected(segment(flag::ack, 2, 501, 10));  // after the FIN
  EXPECT_EQ(talk.ours.next(), Seq{2});
}

TEST(Conversation, StaysSmallUnderAFloodBeyondAGap) {
  Conversation talk;
  talk.injected(segment(flag::syn, 0));
  for (std::uint32_t i = 0; i < 100000; ++i) talk.injected(segment(flag::ack, 100 + i * 2, 0, 1));
  EXPECT_EQ(talk.ours.next(), Seq{1});
}

}  // namespace
}  // namespace finack
