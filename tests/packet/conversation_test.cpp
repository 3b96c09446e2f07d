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

TEST(Conversation, EndsWithTheFinWhateverComesOnItsNumberOrBehindIt) {
  Conversation talk;
  talk.injected(segment(flag::syn, 0));
  talk.injected(segment(flag::fin + flag::ack, 1));
  talk.injected(segment(flag::ack, 1, 0, 10));
  talk.injected(segment(flag::ack, 2, 0, 10));
  EXPECT_EQ(talk.ours.next(), Seq{2});
}

TEST(Conversation, WaitsAtAGapUntilItIsFilled) {
  Conversation talk;
  talk.injected(segment(flag::syn, 0));
  talk.injected(segment(flag::fin + flag::ack, 11, 0, 10));
  EXPECT_EQ(talk.ours.next(), Seq{1});
  talk.injected(segment(flag::ack, 1, 0, 10));
  EXPECT_EQ(talk.ours.next(), Seq{22});
}

TEST(Conversation, FillsAGapHoweverMuchWaitsBehindIt) {
  Conversation talk;
  talk.injected(segment(flag::syn, 0));
  for (std::uint32_t i = 0; i < 1000; ++i) talk.injected(segment(flag::ack, 11 + 20 * i, 0, 10));
  talk.injected(segment(flag::ack, 1, 0, 10));
  EXPECT_EQ(talk.ours.next(), Seq{21});
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

TEST(Conversation, AFinBelowWhatWasSentEndsNothing) {
  Conversation talk;
  talk.injected(segment(flag::syn, 0));
  talk.injected(segment(flag::fin + flag::ack, 0));
  EXPECT_FALSE(talk.ours.fin());
  talk.injected(segment(flag::ack, 1, 0, 10));
  EXPECT_EQ(talk.ours.next(), Seq{11});
}

TEST(Conversation, WhatIsBeyondTheWindowOrAcknowledgesLongAgoMovesNothing) {
  Conversation talk;
  Segment ours = segment(flag::syn, 0);
  ours.window = 100;
  talk.injected(ours);
  Segment theirs = segment(flag::syn + flag::ack, 5000, 1);
  theirs.window = 1000;
  talk.arrived(theirs);
  talk.injected(segment(flag::ack, 1, 5001));
  talk.injected(segment(flag::fin + flag::ack, 2000, 5001));
  EXPECT_FALSE(talk.ours.fin()) << "1000 octets of window";
  talk.injected(segment(flag::ack, 1, 5, 10));
  EXPECT_EQ(talk.ours.next(), Seq{1}) << "older than any window of ours (RFC 5961 5.2)";
  talk.injected(segment(flag::ack, 1, 4950, 10));
  EXPECT_EQ(talk.ours.next(), Seq{11});
}

// RFC 9293 3.10.7.4: the acknowledgment number is looked at last, and a reset's never.
TEST(Conversation, WhatIsDroppedForItsPlaceAcknowledgesNothing) {
  Conversation talk;
  talk.injected(segment(flag::syn, 0));
  Segment syn_ack = segment(flag::syn + flag::ack, 100, 1);
  syn_ack.window = 1000;
  talk.arrived(syn_ack);
  talk.injected(segment(flag::ack, 1, 101));
  Segment fin = segment(flag::fin + flag::ack, 101, 1);
  fin.window = 1000;
  talk.arrived(fin);
  talk.injected(segment(flag::ack, 0, 102));
  talk.injected(segment(flag::fin + flag::ack, 0, 102));
  talk.injected(segment(flag::ack, 1001, 102));
  talk.injected(segment(flag::rst + flag::ack, 2, 102));
  talk.injected(segment(flag::syn + flag::ack, 2, 102));
  EXPECT_EQ(talk.theirs.unacknowledged(), Seq{101});
  talk.injected(segment(flag::ack, 1000, 102));
  EXPECT_EQ(talk.theirs.unacknowledged(), Seq{102});
}

TEST(Conversation, ASynThatDoesNotAcknowledgeTheTargetsBeginsNothing) {
  Conversation talk;
  talk.arrived(segment(flag::syn, 100));
  talk.injected(segment(flag::syn + flag::ack, 0, 100));
  EXPECT_EQ(talk.ours.isn(), std::nullopt);
  talk.injected(segment(flag::syn + flag::ack, 7, 101));
  EXPECT_EQ(talk.ours.isn(), Seq{7});
}

TEST(Conversation, TheFirstSynMovesNothingOnceItIsAcknowledged) {
  Conversation talk;
  talk.injected(segment(flag::syn, 0));
  talk.arrived(segment(flag::syn + flag::ack, 100, 1));
  talk.injected(segment(flag::syn + flag::fin, 0));
  EXPECT_EQ(talk.ours.next(), Seq{1});
  EXPECT_EQ(talk.ours.fin(), std::nullopt);
}

TEST(Conversation, StaysSmallUnderAFloodBeyondAGap) {
  Conversation talk;
  talk.injected(segment(flag::syn, 0));
  for (std::uint32_t i = 0; i < 100000; ++i) talk.injected(segment(flag::ack, 100 + i * 2, 0, 1));
  EXPECT_EQ(talk.ours.next(), Seq{1});
}

TEST(Conversation, CountsNothingOfWhatReachesNoConnection) {
  Conversation talk;
  talk.injected(segment(flag::syn, 0));
  Segment stray = segment(flag::ack, 1, 0, 10);
  stray.other_connection = true;
  talk.injected(stray);
  Segment cut = segment(flag::ack, 1, 0, 10);
  cut.ip_defects.cut = 1;
  talk.injected(cut);
  EXPECT_EQ(talk.ours.next(), Seq{1});
  Segment shifted = segment(flag::ack, 1, 0, 10);
  shifted.defects.data_offset = 6;
  talk.injected(shifted);
  EXPECT_EQ(talk.ours.next(), Seq{7}) << "four octets were taken for options";
}

Segment with(Segment segment, std::uint16_t window, std::vector<Option> options = {}) {
  segment.window = window;
  segment.options = std::move(options);
  return segment;
}

Option scale(std::uint8_t shift) {
  return {option_kind::window_scale, {shift}};
}

TEST(Conversation, ScalesTheWindowWhenBothOfferedTo) {
  for (const bool ours : {false, true}) {
    Conversation talk;
    talk.injected(with(segment(flag::syn, 0), 1, ours ? std::vector{scale(0)} : std::vector<Option>{}));
    talk.arrived(with(segment(flag::syn + flag::ack, 500, 1), 1000, {scale(7)}));
    EXPECT_EQ(talk.window(), 1000u) << "never scaled in a SYN";
    talk.arrived(with(segment(flag::ack, 501, 1), 1000));
    EXPECT_EQ(talk.window(), ours ? 128000u : 1000u);
  }
}

TEST(Conversation, TakesTheWindowFromTheNewestSegment) {
  Conversation talk;
  talk.injected(segment(flag::syn, 0));
  talk.arrived(with(segment(flag::syn + flag::ack, 500, 1), 10));
  talk.arrived(with(segment(flag::ack, 501, 11), 20));
  talk.arrived(with(segment(flag::ack, 501, 1), 30));   // older by its acknowledgment
  talk.arrived(with(segment(flag::ack, 500, 11), 30));  // and by its number
  talk.arrived(with(segment(flag::rst + flag::ack, 501, 11), 0));
  EXPECT_EQ(talk.window(), 20u);
  talk.arrived(with(segment(flag::ack, 501, 11), 0));
  EXPECT_EQ(talk.window(), 0u);
}

TEST(Conversation, RemembersTheTimestampToEcho) {
  Conversation talk;
  talk.injected(with(segment(flag::syn, 0), 1, {timestamps_option(1, 0)}));
  EXPECT_FALSE(talk.timestamps());
  talk.arrived(with(segment(flag::syn + flag::ack, 500, 1), 1, {timestamps_option(0xfffffffe, 1)}));
  EXPECT_TRUE(talk.timestamps());
  EXPECT_EQ(talk.timestamp_to_echo(), 0xfffffffe);
  talk.injected(segment(flag::ack, 1, 501));
  talk.arrived(with(segment(flag::ack, 501, 1, 10), 1, {timestamps_option(1, 1)}));
  talk.arrived(with(segment(flag::ack, 511, 1, 10), 1, {timestamps_option(2, 1)}));
  EXPECT_EQ(talk.timestamp_to_echo(), 1u) << "the earliest not acknowledged";
  talk.injected(segment(flag::ack, 1, 521));
  talk.arrived(with(segment(flag::ack, 521, 1), 1, {timestamps_option(0xffffffff, 1)}));
  EXPECT_EQ(talk.timestamp_to_echo(), 1u) << "never an older one";
  talk.arrived(with(segment(flag::ack, 521, 1), 1, {timestamps_option(3, 1)}));
  EXPECT_EQ(talk.timestamp_to_echo(), 3u);
}

TEST(Conversation, BeginsAnewWithASynThatTheTargetTakesForAnotherConnection) {
  Conversation talk;
  talk.injected(segment(flag::syn, 0));
  talk.arrived(segment(flag::syn + flag::ack, 500, 1));
  talk.injected(segment(flag::fin + flag::ack, 1, 501));
  EXPECT_FALSE(talk.opens_anew());
  talk.injected(segment(flag::syn, 1000));
  EXPECT_EQ(talk.opens_anew(), Seq{1001});
  talk.arrived(segment(flag::ack, 501, 2));  // a challenge: it is still the first one
  EXPECT_EQ(talk.ours.next(), Seq{2});
  EXPECT_FALSE(talk.is_opened_anew_by(segment(flag::syn + flag::ack, 500, 2)));
  talk.arrived(segment(flag::syn + flag::ack, 90000, 1001));
  EXPECT_EQ(talk.ours.isn(), Seq{1000});
  EXPECT_EQ(talk.ours.next(), Seq{1001});
  EXPECT_EQ(talk.theirs.next(), Seq{90001});
  EXPECT_FALSE(talk.ours.fin());
}

TEST(Conversation, BeginsAnewWithASynOfTheTargetsThatItWasAskedFor) {
  Conversation talk;
  talk.connects();
  EXPECT_FALSE(talk.is_opened_anew_by(segment(flag::syn, 500))) << "the first one";
  talk.arrived(segment(flag::syn, 500));
  talk.injected(segment(flag::syn + flag::ack, 0, 501));
  talk.arrived(segment(flag::fin + flag::ack, 501, 1));
  EXPECT_FALSE(talk.is_opened_anew_by(segment(flag::syn, 90000))) << "nobody asked for it";
  talk.connects();
  EXPECT_FALSE(talk.is_opened_anew_by(segment(flag::syn, 500))) << "that was there before";
  EXPECT_FALSE(talk.is_opened_anew_by(segment(flag::syn + flag::rst, 90000)));
  talk.arrived(segment(flag::syn, 90000, 0, 100));
  EXPECT_FALSE(talk.ours.isn());
  EXPECT_FALSE(talk.theirs.fin());
  EXPECT_EQ(talk.theirs.next(), Seq{90101}) << "with the octets of the SYN";
  talk.injected(segment(flag::syn + flag::ack, 7000, 90001));
  EXPECT_EQ(talk.ours.isn(), Seq{7000});
  EXPECT_EQ(talk.theirs.unacknowledged(), Seq{90001});
  talk.arrived(segment(flag::syn, 5));
  EXPECT_EQ(talk.theirs.isn(), Seq{90000}) << "once for each time that it is asked";
}

TEST(Conversation, BeginsAnewWithASynThatCarriesMore) {
  Conversation talk;
  talk.injected(segment(flag::syn, 0));
  talk.arrived(segment(flag::syn + flag::ack, 500, 1));
  talk.injected(segment(flag::syn + flag::fin, 1000));
  talk.arrived(segment(flag::syn + flag::ack, 90000, 1001));
  EXPECT_EQ(talk.ours.isn(), Seq{1000});
  EXPECT_EQ(talk.ours.fin(), Seq{1001}) << "kept for later";
}

TEST(Conversation, WhatIsOldByItsTimestampMovesNothing) {
  Conversation talk;
  talk.injected(with(segment(flag::syn, 0), 1, {timestamps_option(100, 0)}));
  talk.arrived(with(segment(flag::syn + flag::ack, 500, 1), 1, {timestamps_option(1, 100)}));
  talk.injected(with(segment(flag::ack, 1, 501, 10), 1, {timestamps_option(99, 1)}));
  EXPECT_EQ(talk.ours.next(), Seq{1});
  EXPECT_EQ(talk.theirs.unacknowledged(), Seq{500});
  talk.injected(with(segment(flag::ack, 1, 501, 10), 1, {timestamps_option(100, 1)}));
  EXPECT_EQ(talk.ours.next(), Seq{11});
}

}  // namespace
}  // namespace finack
