// SPDX-License-Identifier: Apache-2.0
// The invariants of streams, acknowledgments and windows, and their near misses.
#include "judge/talk.h"

namespace finack {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// --- SYN and FIN keep their numbers

TEST(InvSyn, KeepsItsNumber) {
  Talk talk;
  EXPECT_THAT(talk.arrive(talk.theirs(syn_ack, 0, 1)), IsEmpty()) << "repeated";
  EXPECT_THAT(talk.arrive(talk.theirs(syn_ack, 1, 1)), ElementsAre("INV-SYN"));
}

TEST(InvSyn, BeginsAnotherConnectionWhereSomethingAllowsIt) {
  const auto begins_after = [](const auto& act) {
    Talk talk;
    act(talk);
    Broken out = talk.arrive(talk.theirs(flag::syn, 5000, 0));
    for (std::string& each : talk.arrive(talk.theirs(flag::syn, 5000, 0))) out.push_back(each);
    return out;
  };
  EXPECT_THAT(begins_after([](Talk&) {}), ElementsAre("INV-SYN", "INV-SYN"));
  EXPECT_THAT(begins_after([](Talk& talk) { talk.call_connect(); }), IsEmpty());
  EXPECT_THAT(begins_after([](Talk& talk) { talk.inject(talk.ours(flag::rst, 1, 0)); }), IsEmpty());
  EXPECT_THAT(begins_after([](Talk& talk) { talk.arrive(talk.theirs(flag::rst, 1, 0)); }), IsEmpty());
}

TEST(InvSyn, HoldsTheNextConnectionToItsOwnNumbers) {
  Talk talk;
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.inject(talk.ours(flag::syn, 70000, 0));  // over TIME-WAIT
  EXPECT_THAT(talk.arrive(talk.theirs(syn_ack, 1 << 30, 70001)), IsEmpty());
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, (1 << 30) + 1, 70002)), ElementsAre("INV-ACK-AHEAD"));
  EXPECT_THAT(talk.arrive(talk.theirs(fin_ack, (1 << 30) + 1, 70001)), IsEmpty()) << "not the old FIN's";
}

TEST(InvFin, KeepsItsNumber) {
  Talk talk;
  EXPECT_THAT(talk.arrive(talk.theirs(fin_ack, 1, 1, 10)), IsEmpty());
  EXPECT_THAT(talk.arrive(talk.theirs(fin_ack, 11, 1)), IsEmpty()) << "without the data, but at its place";
  EXPECT_THAT(talk.arrive(talk.theirs(fin_ack, 10, 1)), ElementsAre("INV-FIN"));
  EXPECT_THAT(talk.arrive(talk.theirs(fin_ack, 12, 1)), ElementsAre("INV-FIN")) << "a second one";
}

TEST(InvBeyondFin, IsNothing) {
  Talk talk;
  talk.arrive(talk.theirs(fin_ack, 1, 1, 10));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 1, 10)), IsEmpty());
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 12, 1)), IsEmpty()) << "an ACK has the number after it";
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 1, 11)), ElementsAre("INV-BEYOND-FIN")) << "in its place";
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 12, 1, 5)), ElementsAre("INV-BEYOND-FIN"));
}

TEST(InvBeyondFin, LetsAKeepAliveHaveTheFinsNumber) {
  const auto keep_alive = [](std::uint32_t acknowledged) {
    Talk talk;
    talk.arrive(talk.theirs(fin_ack, 1, 1, 10));
    talk.inject(talk.ours(flag::ack, 1, acknowledged));
    return talk.arrive(talk.theirs(flag::ack, 11, 1, 1));
  };
  EXPECT_THAT(keep_alive(12), IsEmpty());
  EXPECT_THAT(keep_alive(11), ElementsAre("INV-BEYOND-FIN")) << "the FIN is not acknowledged";
}

// --- content

TEST(InvContent, IsWhatTheApplicationSentTheFirstTimeAndLater) {
  Talk talk;
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 1, 20)), IsEmpty());
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 5, 1, 10)), IsEmpty()) << "repeated in another cut";
  Segment other = talk.theirs(flag::ack, 1, 1, 20);
  other.payload[7] ^= 1;
  EXPECT_THAT(talk.arrive(other), ElementsAre("INV-CONTENT"));
  EXPECT_EQ(talk.found().difference, "octet 7 of the stream is not the one that the application sent");
}

TEST(InvContent, BeginsAfterTheSyn) {
  Talk talk;
  Segment below = talk.theirs(flag::ack, 1, 1, 5);
  below.seq = below.seq - 1;
  EXPECT_THAT(talk.arrive(below), ElementsAre("INV-CONTENT"));
}

TEST(InvContent, LetsAKeepAliveCarryAnyOctet) {
  const auto garbage = [](std::uint32_t acknowledged) {
    Talk talk;
    talk.arrive(talk.theirs(flag::ack, 1, 1, 20));
    talk.inject(talk.ours(flag::ack, 1, acknowledged));
    Segment segment = talk.theirs(flag::ack, 20, 1, 1);
    segment.payload[0] ^= 1;
    return talk.arrive(segment);
  };
  EXPECT_THAT(garbage(21), IsEmpty());
  EXPECT_THAT(garbage(20), ElementsAre("INV-CONTENT")) << "we would take that octet";
}

// --- acknowledgments

TEST(InvAckAhead, NeverIs) {
  Talk talk;
  talk.inject(talk.ours(flag::ack, 1, 1, 100));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 102)), ElementsAre("INV-ACK-AHEAD"));
  EXPECT_EQ(talk.found().difference, "ack: wanted at most 101, got 102");
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 101)), IsEmpty());
}

TEST(InvAckAhead, StopsAtAGap) {
  Talk talk;
  talk.inject(talk.ours(flag::ack, 201, 1, 100));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 301)), ElementsAre("INV-ACK-AHEAD"));
  talk.inject(talk.ours(flag::ack, 1, 1, 200));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 301)), IsEmpty()) << "filled";
}

TEST(InvAckAhead, DoesNotCountWhatTheTargetDrops) {
  Talk talk;
  Segment spoilt = talk.ours(flag::ack, 1, 1, 100);
  spoilt.bad_checksum = true;
  talk.inject(spoilt);
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 101)), ElementsAre("INV-ACK-AHEAD"));
}

TEST(InvAckAhead, CountsASecondFinWhereTheFirstWasPassedOver) {
  Talk talk;
  talk.inject(talk.ours(fin_ack, 101, 1));
  talk.inject(talk.ours(flag::ack, 1, 1, 1400));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 1401)), IsEmpty());
  talk.inject(talk.ours(fin_ack, 1401, 1));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 1402)), IsEmpty());

  Talk taken;
  taken.inject(taken.ours(fin_ack, 1, 1));
  EXPECT_THAT(taken.arrive(taken.theirs(flag::ack, 1, 2)), IsEmpty());
  taken.inject(taken.ours(flag::ack, 2, 1, 10));
  EXPECT_THAT(taken.arrive(taken.theirs(flag::ack, 1, 12)), ElementsAre("INV-ACK-AHEAD"));
}

TEST(InvAckAhead, CountsWhatTheTargetMayHaveTaken) {
  Talk talk;
  talk.arrive(talk.theirs(flag::ack, 1, 1, 100));
  talk.inject(talk.ours(flag::ack, 1, 101));
  talk.inject(talk.ours(flag::ack, 1, 101u - 200000, 10));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 101, 11)), IsEmpty())
      << "an old ACK number need not matter (RFC 5961 5.2)";
  talk.inject(talk.ours(flag::ack, 11, 1000, 10));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 101, 21)), ElementsAre("INV-ACK-AHEAD"))
      << "what acknowledges the unsent is dropped";
  talk.inject(talk.ours(flag::ack, 11, 101, 0));
  talk.call_send(150);
  talk.inject(talk.ours(flag::ack, 11, 150, 10));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 101, 21)), IsEmpty()) << "it may have been sent by then";
}

TEST(InvAckAhead, CountsWhatWasSentBehindTheSynThatReopened) {
  Talk talk;
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.inject(talk.ours(flag::syn, 70000, 0));  // over TIME-WAIT
  talk.inject(talk.ours(flag::ack, 70001, (1 << 30) + 1, 10));
  EXPECT_THAT(talk.arrive(talk.theirs(syn_ack, 1 << 30, 70001)), IsEmpty());
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, (1 << 30) + 1, 70012)), ElementsAre("INV-ACK-AHEAD"));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, (1 << 30) + 1, 70011)), IsEmpty());
}

TEST(InvAckAhead, DoesNotTakeASynAckForTheSynThatReopened) {
  Talk talk({mss_option(1460), sack_permitted}, {sack_permitted});
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.inject(talk.ours(syn_ack, 70000, 2));
  talk.inject(Talk::with(talk.ours(flag::syn, 70000, 0), {sack_permitted}));
  EXPECT_THAT(talk.arrive(Talk::with(talk.theirs(syn_ack, 1 << 30, 70001), {sack_permitted})), IsEmpty());
}

TEST(InvAckAhead, KnowsASynOfOursByWhateverElseItCarries) {
  Talk talk;
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.inject(talk.ours(syn_ack + flag::fin, 70000, 2));
  EXPECT_THAT(talk.arrive(talk.theirs(syn_ack, 1 << 30, 70001)), IsEmpty()) << "it answers that, as it seems";
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, (1 << 30) + 1, 70002)), IsEmpty());
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, (1 << 30) + 1, 70003)), ElementsAre("INV-ACK-AHEAD"));
}

TEST(InvAckBack, NeverGoes) {
  Talk talk;
  talk.inject(talk.ours(flag::ack, 1, 1, 100));
  talk.after(1ms);
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 101)), IsEmpty());
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 101)), IsEmpty()) << "may be repeated";
  EXPECT_THAT(talk.arrive_stamped(500us, talk.theirs(flag::ack, 1, 1)), IsEmpty())
      << "sent before, and overtaken";
  talk.after(1ms);
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 100)), ElementsAre("INV-ACK-BACK"));
}

TEST(InvAckBack, LeavesTheConnectionAloneThatAResetBringsBack) {
  Talk talk;
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.inject(talk.ours(fin_ack, 1, 2));
  talk.arrive(talk.theirs(flag::ack, 2, 2));
  talk.inject(talk.ours(flag::syn, 70000, 0));  // over TIME-WAIT
  EXPECT_THAT(talk.arrive(talk.theirs(syn_ack, 1 << 30, 70001)), IsEmpty());
  talk.inject(talk.ours(flag::rst, 70001, 0));
  talk.inject(talk.ours(fin_ack, 1, 2));
  talk.after(1ms);
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 2, 2)), IsEmpty()) << "it is in TIME-WAIT again";
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 2, 1)), ElementsAre("INV-ACK-BACK"));

  Talk burst;
  burst.arrive(burst.theirs(fin_ack, 1, 1));
  burst.inject(burst.ours(flag::syn, 70000, 0));
  burst.inject(burst.ours(flag::rst, 70001, 0));
  EXPECT_THAT(burst.arrive(burst.theirs(syn_ack, 1 << 30, 70001)), IsEmpty());
  EXPECT_THAT(burst.arrive(burst.theirs(flag::ack, 2, 1)), IsEmpty()) << "the reset was on its way before";
}

// --- the target's window

TEST(InvWindowEdge, DoesNotMoveLeft) {
  Talk talk;
  talk.inject(talk.ours(flag::ack, 1, 1, 100));
  EXPECT_THAT(talk.arrive(Talk::with_window(talk.theirs(flag::ack, 1, 101), 9900)), IsEmpty())
      << "closed by what came";
  EXPECT_THAT(talk.arrive(Talk::with_window(talk.theirs(flag::ack, 1, 101), 9899)),
              ElementsAre("INV-WINDOW-EDGE"));
  EXPECT_EQ(talk.found().level, InvariantLevel::should);
}

TEST(InvWindowEdge, MayBeRoundedByTheScale) {
  Talk talk({mss_option(1460), window_scale(0)}, {window_scale(7)});
  // 10,000 stood in the SYN+ACK, which is not scaled.
  EXPECT_THAT(talk.arrive(Talk::with_window(talk.theirs(flag::ack, 1, 1), 78)), IsEmpty()) << "9,984";
  EXPECT_THAT(talk.arrive(Talk::with_window(talk.theirs(flag::ack, 1, 1), 77)),
              ElementsAre("INV-WINDOW-EDGE"))
      << "9,856";
}

TEST(InvWindowEdge, IsNotMovedByARepeatedSyn) {
  Talk talk({mss_option(1460), window_scale(0)}, {window_scale(7)});
  EXPECT_THAT(talk.arrive(Talk::with_window(talk.theirs(flag::ack, 1, 1), 500)), IsEmpty()) << "64,000";
  EXPECT_THAT(talk.arrive(Talk::with(talk.theirs(syn_ack, 0, 1), {window_scale(7)})), IsEmpty());
  EXPECT_THAT(talk.arrive(Talk::with_window(talk.theirs(flag::ack, 1, 1), 498)),
              ElementsAre("INV-WINDOW-EDGE"));
}

// --- selective acknowledgments

class Sack : public testing::Test {
 protected:
  // 1 to 101 came, 201 to 301 and 401 to 501 beyond gaps.
  Sack() {
    for (const std::uint32_t seq : {1u, 201u, 401u}) talk_.inject(talk_.ours(flag::ack, seq, 1, 100));
  }
  Broken of(std::initializer_list<std::uint32_t> edges) {
    return talk_.arrive(Talk::with(talk_.theirs(flag::ack, 1, 101), {Talk::sack(edges)}));
  }
  Talk talk_{{mss_option(1460), sack_permitted}, {sack_permitted}};
};

TEST_F(Sack, ReportsWhatWeSentBeyondTheAck) {
  EXPECT_THAT(of({201, 301}), IsEmpty());
  EXPECT_THAT(of({401, 501, 201, 301}), IsEmpty());
  EXPECT_THAT(of({250, 260}), IsEmpty()) << "a part of it";
}

TEST_F(Sack, ReportsNothingElse) {
  EXPECT_THAT(of({201, 302}), ElementsAre("INV-SACK not sent"));
  EXPECT_THAT(of({201, 501}), ElementsAre("INV-SACK not sent")) << "across a gap";
  EXPECT_THAT(of({201, 201}), ElementsAre("INV-SACK empty"));
  EXPECT_THAT(of({301, 201}), ElementsAre("INV-SACK empty"));
  EXPECT_THAT(of({201, 301, 250, 301}), ElementsAre("INV-SACK overlap"));
}

TEST_F(Sack, MayReportADuplicateFirst) {
  EXPECT_THAT(of({51, 101}), IsEmpty()) << "below the ACK number";
  EXPECT_THAT(of({51, 101, 201, 301}), IsEmpty());
  EXPECT_THAT(of({250, 260, 201, 301}), IsEmpty()) << "within the second";
  EXPECT_THAT(of({201, 301, 51, 101}), ElementsAre("INV-SACK not above")) << "only first";
}

TEST_F(Sack, MayReportADuplicateFarAway) {
  const std::uint32_t far = 0u - (3u << 29);
  EXPECT_THAT(of({far, far + 10}), ElementsAre("INV-SACK not sent"));
  talk_.inject(talk_.ours(flag::ack, far, 1, 10));
  EXPECT_THAT(of({far, far + 10}), IsEmpty());
  EXPECT_THAT(of({far, far + 11}), ElementsAre("INV-SACK not sent"));
  EXPECT_THAT(of({201, 301, far, far + 10}), ElementsAre("INV-SACK not sent")) << "only first";
}

TEST_F(Sack, LiesAboveTheAck) {
  talk_.inject(talk_.ours(flag::ack, 101, 1, 100));
  EXPECT_THAT(of({101, 301}), ElementsAre("INV-SACK not above")) << "it would have been acknowledged";
}

// --- how much is remembered

TEST(SeqRanges, MergesAndStaysBounded) {
  SeqRanges ranges;
  for (std::uint32_t i = 0; i < 6000; ++i) ranges.add(Seq{i << 20}, Seq{(i + 1) << 20});
  EXPECT_EQ(ranges.size(), 1u);
  EXPECT_TRUE(ranges.contains(Seq{5999u << 20}, Seq{6000u << 20})) << "around the circle";
  EXPECT_FALSE(ranges.contains(Seq{5999u << 20}, Seq{(6000u << 20) + 1}));

  SeqRanges gaps;
  for (std::uint32_t i = 0; i < 10000; ++i) gaps.add(Seq{10 * i}, Seq{10 * i + 5});
  EXPECT_LE(gaps.size(), 512u);
  EXPECT_TRUE(gaps.contains(Seq{99990}, Seq{99995}));
  EXPECT_FALSE(gaps.contains(Seq{99985}, Seq{99995}));
  gaps.add(Seq{99985}, Seq{99990});
  EXPECT_TRUE(gaps.contains(Seq{99980}, Seq{99995})) << "filled";
}

TEST(Invariants, FollowALongTransferBothWays) {
  Talk talk({mss_option(1460), timestamps(1)}, {timestamps(1, 1)});
  std::uint32_t sent = 1;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    talk.after(100us);
    talk.inject(Talk::with(talk.ours(flag::ack, sent, sent, 200), {timestamps(2 + i)}));
    ASSERT_THAT(
        talk.arrive(Talk::with(talk.theirs(flag::ack, sent, sent + 200, 200), {timestamps(2 + i, 2 + i)})),
        IsEmpty())
        << i;
    sent += 200;
  }
}

}  // namespace
}  // namespace finack
