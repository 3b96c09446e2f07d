// SPDX-License-Identifier: Apache-2.0
// The invariants of timestamps, resets and timeouts, and their near misses; and what a judge makes of one.
#include "judge/exchange.h"
#include "judge/talk.h"

namespace finack {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// --- timestamps

class InvTs : public testing::Test {
 protected:
  Broken arrives(std::uint32_t value, std::uint32_t echo, std::uint32_t ack = 1) {
    return talk_.arrive(Talk::with(talk_.theirs(flag::ack, 1, ack), {timestamps(value, echo)}));
  }
  void inject(std::uint32_t seq, std::size_t length, std::uint32_t value) {
    talk_.inject(Talk::with(talk_.ours(flag::ack, seq, 1, length), {timestamps(value)}));
  }
  // The target's clock shows 500, ours 100.
  Talk talk_{{mss_option(1460), timestamps(100)}, {timestamps(500, 100)}};
};

TEST_F(InvTs, AreOnEverySegmentButAReset) {
  EXPECT_THAT(talk_.arrive(talk_.theirs(flag::ack, 1, 1)), ElementsAre("INV-TS-PRESENT"));
  EXPECT_THAT(arrives(500, 100), IsEmpty());
  EXPECT_THAT(talk_.arrive(talk_.theirs(flag::rst, 1, 0)), IsEmpty());
  Talk without;
  EXPECT_THAT(without.arrive(without.theirs(flag::ack, 1, 1)), IsEmpty()) << "not negotiated";
}

// What acknowledges something ancient is dropped by RFC 5961 5.2, but a target without that may have taken it.
TEST_F(InvTs, MayBeThoseOfOctetsThatCameBeforeInAnotherSegment) {
  EXPECT_THAT(arrives(500, 100), IsEmpty());
  constexpr auto ancient = static_cast<std::uint32_t>(-100'000);
  talk_.inject(Talk::with(talk_.ours(flag::ack, 1, ancient, 1400), {timestamps(100)}));
  inject(1, 5, 199);
  EXPECT_THAT(arrives(500, 100, 1401), IsEmpty());
}

TEST_F(InvTs, NeverGoBack) {
  EXPECT_THAT(arrives(500, 100), IsEmpty());
  EXPECT_THAT(arrives(500, 100), IsEmpty());
  EXPECT_THAT(arrives(499, 100), ElementsAre("INV-TS-CLOCK"));
}

TEST(InvTsClock, GoesAroundTheCircle) {
  Talk talk({timestamps(100)}, {timestamps(0xffffffff, 100)});
  EXPECT_THAT(talk.arrive(Talk::with(talk.theirs(flag::ack, 1, 1), {timestamps(3, 100)})), IsEmpty());
  talk.after(1ms);
  talk.arrive(Talk::with(talk.theirs(flag::ack, 1, 1), {timestamps(5, 100)}));
  EXPECT_THAT(talk.arrive_stamped(500us, Talk::with(talk.theirs(flag::ack, 1, 1), {timestamps(4, 100)})),
              IsEmpty())
      << "sent before, and overtaken";
}

TEST_F(InvTs, EchoWhatWeSent) {
  inject(1, 0, 110);
  EXPECT_THAT(arrives(500, 105), ElementsAre("INV-TS-ECHO"));
  EXPECT_THAT(arrives(500, 100), IsEmpty()) << "it may not have seen the last one";
  EXPECT_THAT(arrives(500, 110), IsEmpty());
  EXPECT_THAT(arrives(500, 100), ElementsAre("INV-TS-ECHO")) << "older than the one before";
}

TEST_F(InvTs, EchoWhatCameWithTheOctetsThatAreAcknowledged) {
  inject(1, 10, 110);
  EXPECT_THAT(arrives(500, 100), IsEmpty()) << "it has not seen them";
  EXPECT_THAT(arrives(500, 100, 11), ElementsAre("INV-TS-ECHO"));
  inject(11, 10, 120);
  EXPECT_THAT(arrives(500, 120, 21), IsEmpty());
}

TEST_F(InvTs, EchoTheEarliestOfWhatADelayedAckCovers) {
  inject(1, 10, 110);
  inject(11, 10, 120);  // begins beyond Last.ACK.sent: its timestamp is not taken
  EXPECT_THAT(arrives(500, 110, 21), IsEmpty());
}

// Of a reset that was ignored (RFC 1337 F1) the timestamp may count (RFC 7323 5.3 R3).
TEST_F(InvTs, MayEchoAReset) {
  EXPECT_THAT(arrives(500, 100), IsEmpty());
  talk_.inject(Talk::with(talk_.ours(flag::rst, 1, 0), {timestamps(150)}));
  EXPECT_THAT(arrives(500, 150), IsEmpty());
  EXPECT_THAT(arrives(500, 160), ElementsAre("INV-TS-ECHO"));
}

// --- resets

TEST_F(InvTs, EchoAnySynThatReopened) {
  const auto syn = [&](std::uint32_t seq, std::uint32_t value) {
    return Talk::with(talk_.ours(flag::syn, seq, 0), {timestamps(value)});
  };
  const auto answer = [&](Flags flags, std::uint32_t seq, std::uint32_t echo) {
    return talk_.arrive(Talk::with(talk_.theirs(flags, seq, 70001), {timestamps(3000, echo)}));
  };
  constexpr std::uint32_t isn = 1 << 30;
  talk_.inject(syn(70000, 2000));
  talk_.inject(syn(70000, 2100));
  talk_.inject(Talk::with(talk_.ours(flag::ack, 70001, isn + 1), {timestamps(2200)}));
  EXPECT_THAT(answer(flag::syn + flag::ack, isn, 2100), IsEmpty()) << "the second, where the first was lost";
  EXPECT_THAT(answer(flag::ack, isn + 1, 2150), ElementsAre("INV-TS-ECHO"));
  EXPECT_THAT(answer(flag::ack, isn + 1, 2200), IsEmpty()) << "sent before its SYN came";
}

TEST(InvRstForRst, IsNeverSent) {
  Talk talk;
  talk.after(100ms);
  talk.inject(talk.ours(flag::rst + flag::ack, 1, 1));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::rst, 1, 0)), ElementsAre("INV-RST-FOR-RST"));

  Talk closed(Talk::Begin::nothing);
  Segment reset = closed.ours(flag::rst, 9, 0);
  closed.inject(reset);
  Segment answer;
  answer.flags = flag::rst + flag::ack;
  answer.ack = reset.seq;
  EXPECT_THAT(closed.arrive(answer), ElementsAre("INV-RST-FOR-RST"));
}

TEST(InvRstForRst, MayBeForSomethingElse) {
  Talk talk;
  talk.after(100ms);
  talk.inject(talk.ours(flag::ack, 1, 1, 5));
  talk.inject(talk.ours(flag::rst + flag::ack, 6, 1));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::rst, 1, 0)), IsEmpty()) << "the octets came to a closed socket";

  Talk aborted;
  aborted.after(100ms);
  aborted.call_connect();
  aborted.inject(aborted.ours(flag::rst + flag::ack, 1, 1));
  EXPECT_THAT(aborted.arrive(aborted.theirs(flag::rst, 1, 0)), IsEmpty()) << "the application did it";
}

TEST(InvAfterRst, IsNothingOfThatConnection) {
  Talk talk;
  talk.arrive(talk.theirs(flag::ack, 1, 1, 10));
  talk.after(1ms);
  EXPECT_THAT(talk.arrive(talk.theirs(flag::rst, 11, 0)), IsEmpty());
  talk.after(1ms);
  EXPECT_THAT(talk.arrive(talk.theirs(flag::rst, 11, 0)), IsEmpty());
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 1, 1, 10)), ElementsAre("INV-AFTER-RST"));
  EXPECT_THAT(talk.arrive_stamped(2ms, talk.theirs(flag::ack, 11, 1)), IsEmpty()) << "sent before";
}

TEST(InvAfterRst, LetsAnotherConnectionBegin) {
  Talk talk;
  talk.arrive(talk.theirs(flag::ack, 1, 1, 10));
  talk.arrive(talk.theirs(flag::rst, 11, 0));
  talk.after(1ms);
  talk.inject(talk.ours(flag::syn, 0, 0));
  EXPECT_THAT(talk.arrive(talk.theirs(syn_ack, 9000, 1)), IsEmpty());
  EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 9001, 1)), IsEmpty());
}

TEST(InvAfterRst, LeavesAHandshakeItsRest) {
  Talk talk(Talk::Begin::nothing);
  talk.inject(talk.ours(flag::syn, 0, 0));
  talk.arrive(talk.theirs(syn_ack, 0, 1));
  talk.inject(talk.ours(flag::ack, 1, 77));  // acknowledges what was never sent (RFC 9293 3.5.2 group 2)
  EXPECT_THAT(talk.arrive(talk.theirs(flag::rst, 77, 0)), IsEmpty());
  talk.after(1s);
  EXPECT_THAT(talk.arrive(talk.theirs(syn_ack, 0, 1)), IsEmpty()) << "still in SYN-RECEIVED";
}

TEST(InvRstFields, AreThoseOfTheSegmentAnswered) {
  Talk talk(Talk::Begin::nothing);
  talk.inject(talk.ours(fin_ack, 5, 9));
  EXPECT_THAT(talk.arrive(talk.theirs(flag::rst, 9, 0)), IsEmpty());
  EXPECT_THAT(talk.arrive(talk.theirs(flag::rst, 10, 0)), ElementsAre("INV-RST-FIELDS"));
}

TEST(InvRstFields, AcknowledgeASegmentWithoutAck) {
  Talk talk(Talk::Begin::nothing);
  const Segment syn = talk.ours(flag::syn, 0, 0, 3);
  talk.inject(syn);
  Segment answer;
  answer.flags = flag::rst + flag::ack;
  answer.ack = syn.end();
  EXPECT_THAT(talk.arrive(answer), IsEmpty());
  answer.ack = syn.end() - 1;
  EXPECT_THAT(talk.arrive(answer), ElementsAre("INV-RST-FIELDS"));
  answer.ack = syn.end();
  answer.flags = flag::rst;
  EXPECT_THAT(talk.arrive(answer), ElementsAre("INV-RST-FIELDS")) << "acknowledges nothing";
  answer.flags = flag::rst + flag::ack;
  answer.seq = Seq{1};
  EXPECT_THAT(talk.arrive(answer), ElementsAre("INV-RST-FIELDS"));
}

TEST(InvRstFields, LieWithinTheConnectionWhereItIsAborted) {
  const auto at = [](std::uint32_t seq) {
    Talk talk;
    talk.arrive(talk.theirs(flag::ack, 1, 1, 100));
    talk.inject(talk.ours(flag::ack, 1, 51));
    return talk.arrive(talk.theirs(flag::rst + flag::ack, seq, 1));
  };
  EXPECT_THAT(at(101), IsEmpty());
  EXPECT_THAT(at(51), IsEmpty());
  EXPECT_THAT(at(102), ElementsAre("INV-RST-FIELDS"));
  EXPECT_THAT(at(50), ElementsAre("INV-RST-FIELDS"));
}

// --- timeouts

Broken repeated_after(std::initializer_list<Duration> pauses, bool act = false) {
  Talk talk;
  Broken out = talk.arrive(talk.theirs(flag::ack, 1, 1, 10));
  for (const Duration pause : pauses) {
    talk.after(pause);
    for (std::string& each : talk.arrive(talk.theirs(flag::ack, 1, 1, 10))) out.push_back(each);
    if (act) talk.inject(talk.ours(flag::ack, 1, 1));
  }
  return out;
}

TEST(InvBackoff, DoesNotShrink) {
  EXPECT_THAT(repeated_after({200ms, 400ms, 800ms, 1600ms}), IsEmpty());
  EXPECT_THAT(repeated_after({200ms, 400ms, 200ms}), ElementsAre("INV-BACKOFF shrinks"));
  EXPECT_THAT(repeated_after({204ms, 200ms, 400ms}), IsEmpty()) << "a probe and a tick of the timer";
  EXPECT_THAT(repeated_after({65500ms, 60s, 120s, 120s}), IsEmpty()) << "a timer of a minute may be late";
}

TEST(InvBackoff, Grows) {
  EXPECT_THAT(repeated_after({200ms, 200ms, 200ms}), IsEmpty());
  EXPECT_THAT(repeated_after({200ms, 200ms, 200ms, 200ms}), ElementsAre("INV-BACKOFF does not grow"));
  EXPECT_THAT(repeated_after({120s, 120s, 120s, 120s}), IsEmpty()) << "at the longest";
}

TEST(InvBackoff, IsJudgedOnlyWhileWeDoNothing) {
  EXPECT_THAT(repeated_after({200ms, 400ms, 200ms, 200ms, 200ms}, true), IsEmpty());
}

TEST(InvBackoff, LeavesWindowProbesAndWhatIsAcknowledgedAlone) {
  Talk talk;
  talk.arrive(talk.theirs(flag::ack, 10001, 1, 1));
  for (const Duration pause : {200ms, 400ms, 200ms}) {
    talk.after(pause);
    EXPECT_THAT(talk.arrive(talk.theirs(flag::ack, 10001, 1, 1)), IsEmpty());
  }
}

// --- in a judge

TEST(Rule, ThatIsAMustFailsTheScenarioAndIsNamed) {
  Exchange talk("- wait: 10ms\n- send: ACK\n");
  talk.want();
  Segment segment = talk.theirs(fin_ack, 1, 2);
  segment.reserved = 2;
  talk.arrive(segment);
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().rule, "INV-RESERVED") << "the first of the table";
  EXPECT_EQ(talk.finding().wanted, "reserved bits of zero");
  EXPECT_EQ(talk.finding().got, "FIN+ACK seq=1 ack=2 win=65535 reserved=0x2");
  EXPECT_THAT(talk.finding().differences,
              ElementsAre(HasSubstr("reserved bits are set"), "ack: wanted at most 1, got 2"));
  EXPECT_EQ(talk.finding().signature, "wait: 10 ms: INV-RESERVED, INV-ACK-AHEAD");
}

TEST(Rule, ThatIsAMustCountsWhateverTheScenarioCovers) {
  Exchange talk("- expect: FIN+ACK ack=any\n");
  talk.only_recommends();
  talk.arrive(talk.theirs(fin_ack, 1, 2));
  EXPECT_EQ(talk.finish(), Verdict::fail);
}

TEST(Rule, ThatIsAShouldIsAWarning) {
  Exchange talk("- expect: ACK len=5\n- expect: FIN+ACK\n");
  talk.arrive(talk.theirs(flag::ack, 1, 1, 5));
  talk.want();
  talk.arrive(with_window(talk.theirs(fin_ack, 6, 1), 400));
  EXPECT_EQ(talk.finish(), Verdict::warn);
  EXPECT_EQ(talk.finding().rule, "INV-WINDOW-EDGE");
  EXPECT_EQ(talk.finding().signature, "expect: FIN+ACK: INV-WINDOW-EDGE");
  EXPECT_THAT(talk.judge().reason(), HasSubstr("a window whose right edge stays"));
}

TEST(Rule, ThatIsAShouldGivesWayToAFailure) {
  Exchange talk("- expect: ACK len=5\n- expect: FIN+ACK\n- expect: RST\n");
  talk.arrive(talk.theirs(flag::ack, 1, 1, 5));
  talk.want();
  talk.arrive(with_window(talk.theirs(fin_ack, 6, 1), 400));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().rule, "");
  EXPECT_EQ(talk.finding().got, "nothing within 500 ms");
}

TEST(Rule, IsNotBrokenByWhatWasLost) {
  Exchange talk("- expect: ACK len=5\n- expect: FIN+ACK\n");
  talk.arrive(talk.theirs(flag::ack, 1, 1, 5));
  talk.want();
  talk.arrive(with_window(talk.theirs(fin_ack, 6, 1), 400));
  talk.finish();
  talk.disturb("frames were lost");
  EXPECT_EQ(talk.judge().verdict(), Verdict::inconclusive);
}

}  // namespace
}  // namespace finack
