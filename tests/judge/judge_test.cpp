// SPDX-License-Identifier: Apache-2.0
#include "judge/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "judge/exchange.h"

namespace finack {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Judge, PassesAnActiveClose) {
  Exchange talk(
      "- target: close\n- expect: FIN+ACK\n- state: FIN-WAIT-1\n- send: ACK\n- state: FIN-WAIT-2\n");
  EXPECT_EQ(talk.want().kind, Want::Kind::act);
  talk.call(0);
  talk.returned(0);
  EXPECT_EQ(talk.want().kind, Want::Kind::wait);
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  EXPECT_EQ(talk.want().kind, Want::Kind::read_state);
  talk.read(TcpState::fin_wait_1);
  EXPECT_EQ(talk.want().kind, Want::Kind::act);
  talk.inject(talk.ours(flag::ack, 1, 2));
  EXPECT_EQ(talk.want().kind, Want::Kind::read_state);
  talk.read(TcpState::fin_wait_2);
  EXPECT_EQ(talk.finish(), Verdict::pass);
}

TEST(Judge, GoesOnListeningAfterTheLastStep) {
  Exchange talk("- expect: FIN+ACK\n");
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  const Want want = talk.want();
  EXPECT_EQ(want.kind, Want::Kind::wait);
  talk.after(200ms);
  talk.arrive(talk.theirs(flag::rst, 2, 0));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().wanted, "nothing more");
  EXPECT_EQ(talk.finding().got, "RST seq=2 win=65535");
  EXPECT_EQ(talk.finding().step_text, "after the last step");
}

TEST(Judge, NamesEveryFieldThatDiffers) {
  Exchange talk("- send: FIN+ACK\n- expect: FIN+ACK\n");
  talk.want();
  talk.inject(talk.ours(fin_ack, 1, 1));
  talk.after(60ms);
  talk.arrive(talk.theirs(flag::ack, 5, 1));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_THAT(talk.finding().differences,
              ElementsAre("flags: wanted FIN+ACK, got ACK", "seq: wanted 1, got 5", "ack: wanted 2, got 1"));
}

TEST(Judge, RefusesASegmentThatNobodyExpected) {
  Exchange talk("- expect: FIN+ACK\n");
  talk.arrive(talk.theirs(flag::ack, 1, 1));  // a duplicate ACK that nothing called for
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().got, "ACK seq=1 ack=1 win=65535");
}

TEST(Judge, LetsAcksComeInAsManyPiecesAsTheyLike) {
  Exchange talk("- send: ACK len=100\n- send: ACK len=100\n- expect: ACK\n");
  talk.want();
  talk.inject(talk.ours(flag::ack, 1, 1, 100));
  talk.want();
  talk.inject(talk.ours(flag::ack, 101, 1, 100));
  talk.arrive(talk.theirs(flag::ack, 1, 101));
  EXPECT_EQ(talk.want().kind, Want::Kind::wait);
  talk.arrive(talk.theirs(flag::ack, 1, 201));
  EXPECT_EQ(talk.finish(), Verdict::pass);
}

TEST(Judge, FailsAnAckOfWhatWasNeverSent) {
  Exchange talk("- send: FIN+ACK\n- expect: ACK\n");
  talk.want();
  talk.inject(talk.ours(fin_ack, 1, 1));
  talk.arrive(talk.theirs(flag::ack, 1, 3));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_THAT(talk.finding().differences, ElementsAre("ack: wanted at most 2, got 3"));
  EXPECT_EQ(talk.finding().rule, "INV-ACK-AHEAD");
}

TEST(Judge, TakesARepetitionOfWhatWasNotAcknowledged) {
  Exchange talk("- expect: FIN+ACK\n- wait: 250ms\n- send: ACK\n");
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.want();
  talk.after(210ms);
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.after(40ms);
  EXPECT_EQ(talk.want().kind, Want::Kind::act);
  talk.inject(talk.ours(flag::ack, 1, 2));
  EXPECT_EQ(talk.finish(), Verdict::pass);
}

TEST(Judge, FailsARepetitionOfWhatWasAcknowledged) {
  Exchange talk("- expect: FIN+ACK\n- send: ACK\n");
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.want();
  talk.inject(talk.ours(flag::ack, 1, 2));
  talk.want();
  talk.after(210ms);
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().hint, "it repeats what was acknowledged 210 ms earlier");
}

TEST(Judge, TakesTheAckNumberOfTheMomentWhenTheTargetSent) {
  // The target's FIN crosses ours: it cannot acknowledge what it had not seen.
  Exchange talk("- send: FIN+ACK\n- expect: FIN+ACK\n- expect: ACK\n");
  talk.want();
  talk.inject(talk.ours(fin_ack, 1, 1));
  talk.after(1ms);
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  EXPECT_EQ(talk.want().kind, Want::Kind::wait);
  talk.arrive(talk.theirs(flag::ack, 2, 2));
  EXPECT_EQ(talk.finish(), Verdict::pass);
}

TEST(Judge, FailsAnAckNumberThatStayedBehind) {
  Exchange talk("- send: FIN+ACK\n- expect: FIN+ACK\n");
  talk.want();
  talk.inject(talk.ours(fin_ack, 1, 1));
  talk.after(60ms);  // longer than the profile allows for processing
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_THAT(talk.finding().differences, ElementsAre("ack: wanted 2, got 1"));
}

TEST(Judge, FailsASegmentThatComesTooLate) {
  Exchange talk("- expect: FIN+ACK\n  within: 10ms\n");
  talk.want();
  talk.after(12ms);
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_THAT(talk.finding().got, HasSubstr("nothing within 10 ms; 2 ms after that FIN+ACK"));
}

TEST(Judge, WantsSilenceWhenToldSo) {
  Exchange quiet("- quiet: 100ms\n");
  EXPECT_EQ(quiet.finish(), Verdict::pass);
  Exchange noisy("- quiet: 100ms\n");
  noisy.want();
  noisy.after(50ms);
  noisy.arrive(noisy.theirs(flag::ack, 1, 1));
  EXPECT_EQ(noisy.finish(), Verdict::fail);
  EXPECT_EQ(noisy.finding().wanted, "silence for 100 ms");
}

TEST(Judge, WaitsForAStateThatIsOnItsWay) {
  Exchange talk("- send: FIN+ACK\n- state: CLOSE-WAIT\n");
  talk.want();
  talk.inject(talk.ours(fin_ack, 1, 1));
  EXPECT_EQ(talk.want().kind, Want::Kind::read_state);
  talk.read(TcpState::established);
  EXPECT_EQ(talk.want().kind, Want::Kind::wait);
  talk.after(1ms);
  EXPECT_EQ(talk.want().kind, Want::Kind::read_state);
  talk.read(TcpState::close_wait);
  talk.arrive(talk.theirs(flag::ack, 1, 2));
  EXPECT_EQ(talk.finish(), Verdict::pass);
}

TEST(Judge, FailsAStateThatCannotBeReachedAnyMore) {
  Exchange talk("- state: FIN-WAIT-2\n");
  talk.want();
  talk.read_none();
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().got, "CLOSED (no such connection)");
  EXPECT_EQ(talk.finding().hint, "FIN-WAIT-2 cannot be reached from CLOSED any more");
}

TEST(Judge, FailsAStateThatNeverComes) {
  Exchange talk("- state: CLOSE-WAIT\n");
  EXPECT_EQ(talk.finish(TcpState::established), Verdict::fail);
  EXPECT_EQ(talk.finding().wanted, "CLOSE-WAIT within 500 ms");
  EXPECT_EQ(talk.finding().got, "ESTABLISHED");
}

TEST(Judge, FailsAStateThatNoEdgeLeadsTo) {
  Exchange talk("- state: TIME-WAIT\n- state: TIME-WAIT\n");
  talk.want();
  talk.read(TcpState::time_wait);
  talk.want();
  talk.read(TcpState::last_ack);
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_THAT(talk.finding().hint, HasSubstr("no edge of RFC 9293 figure 5 leads from TIME-WAIT"));
}

TEST(Judge, HoldsACallToItsResult) {
  Exchange talk("- target: receive\n  result: ECONNRESET\n");
  talk.want();
  talk.call(0);
  talk.returned(0, Returned::Kind::end, "", 0);
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().wanted, "`receive`: ECONNRESET");
  EXPECT_EQ(talk.finding().got, "`receive`: end of the stream after 0 octets");
}

TEST(Judge, FailsACallThatDoesNotReturnThoughTcpCouldServeIt) {
  Exchange talk("- target: receive 5\n");
  talk.want();
  talk.call(0);
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().wanted, "`receive` to return within 1 s");
}

TEST(Judge, BlamesTheAgentForACallThatWaitsForNothing) {
  Exchange talk("- target: close\n");
  talk.want();
  talk.call(0);
  EXPECT_EQ(talk.finish(), Verdict::error);
  EXPECT_EQ(talk.finding().got, "it has not");
}

TEST(Judge, BlamesItselfForACallThatTheAgentRefuses) {
  Exchange talk("- target: close\n");
  talk.want();
  talk.call(0);
  talk.returned(0, Returned::Kind::refused, "no such handle");
  EXPECT_EQ(talk.finish(), Verdict::error);
}

TEST(Judge, SeesAnOctetThatTheApplicationDidNotSend) {
  Exchange talk("- expect: ACK len=10\n");
  Segment segment = talk.theirs(flag::ack, 1, 1, 10);
  segment.payload[4] ^= 1;
  talk.arrive(segment);
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_THAT(talk.finding().differences,
              ElementsAre("octet 4 of the stream is not the one that the application sent"));
}

TEST(Judge, SeesAWrongChecksumWhateverIsExpected) {
  Exchange talk("- expect: any seq=any ack=any\n");
  Segment segment = talk.theirs(flag::ack, 1, 1);
  segment.bad_checksum = true;
  talk.arrive(segment);
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_THAT(talk.finding().differences, ElementsAre(HasSubstr("checksum is wrong")));
}

TEST(Judge, DoubtsEverythingOnceSomethingWasLost) {
  Exchange talk("- wait: 10ms\n");
  talk.want();
  talk.disturb("frames were lost");
  EXPECT_EQ(talk.finish(), Verdict::inconclusive);
  EXPECT_EQ(talk.judge().reason(), "frames were lost");

  Exchange afterwards("- wait: 10ms\n");
  EXPECT_EQ(afterwards.finish(), Verdict::pass);
  afterwards.disturb("frames were lost");
  EXPECT_EQ(afterwards.judge().verdict(), Verdict::inconclusive);
}

TEST(Judge, FailsARepetitionThatComesBeforeATimeout) {
  Exchange talk("- expect: FIN+ACK\n- wait: 100ms\n- send: ACK\n");
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.want();
  talk.after(1ms);
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.after(99ms);
  talk.want();
  talk.inject(talk.ours(flag::ack, 1, 2));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().hint,
            "it repeats what was sent 1 ms earlier, before the shortest timeout of 200 ms");
}

TEST(Judge, FailsARepetitionThatRepeatsNothing) {
  const auto verdict_of = [](const std::function<Segment(Exchange&)>& repetition) {
    Exchange talk("- expect: ACK len=100\n- wait: 300ms\n- send: ACK\n");
    talk.arrive(talk.theirs(flag::ack, 1, 1, 100));
    talk.want();
    talk.after(250ms);
    talk.arrive(repetition(talk));
    talk.after(50ms);
    if (talk.want().kind == Want::Kind::act) talk.inject(talk.ours(flag::ack, 1, 101));
    return talk.finish();
  };
  EXPECT_EQ(verdict_of([](Exchange& talk) { return talk.theirs(flag::ack, 1, 1, 100); }), Verdict::pass);
  EXPECT_EQ(verdict_of([](Exchange& talk) { return talk.theirs(fin_ack, 1, 1, 50); }), Verdict::fail)
      << "a FIN inside the data";
  EXPECT_EQ(verdict_of([](Exchange& talk) { return talk.theirs(flag::syn + flag::ack, 1, 1, 50); }),
            Verdict::fail)
      << "a SYN inside the data";
}

TEST(Judge, DoesNotTakeAnOldAckForAnAnswer) {
  Exchange talk(
      "- send: ACK seq=next-1\n- wait: 50ms\n- send: ACK seq=next-1\n- expect: ACK\n- expect: ACK\n");
  talk.want();
  talk.inject(talk.ours(flag::ack, 0, 1));
  talk.arrive(talk.theirs(flag::ack, 1, 1));
  talk.arrive(talk.theirs(flag::ack, 1, 1));
  talk.after(50ms);
  talk.want();
  talk.inject(talk.ours(flag::ack, 0, 1));
  EXPECT_EQ(talk.finish(), Verdict::pass) << "two were sent, and two came after the first";

  Exchange late(
      "- send: ACK seq=next-1\n- expect: ACK\n- wait: 50ms\n- send: ACK seq=next-1\n- expect: ACK\n");
  late.want();
  late.inject(late.ours(flag::ack, 0, 1));
  late.arrive(late.theirs(flag::ack, 1, 1));
  late.arrive(late.theirs(flag::ack, 1, 1));
  late.want();
  late.after(50ms);
  late.want();
  late.inject(late.ours(flag::ack, 0, 1));
  EXPECT_EQ(late.finish(), Verdict::fail) << "the second came before what it would answer";
}

TEST(Judge, LetsTheTargetOpenItsWindow) {
  Exchange talk("- send: ACK len=1000\n- expect: ACK\n- wait: 10ms\n");
  talk.want();
  talk.inject(talk.ours(flag::ack, 1, 1, 1000));
  Segment answer = talk.theirs(flag::ack, 1, 1001);
  answer.window = 65535 - 1000;
  talk.arrive(answer);
  talk.want();
  talk.arrive(talk.theirs(flag::ack, 1, 1001));
  EXPECT_EQ(talk.finish(), Verdict::pass);
  Exchange shut("- wait: 10ms\n");
  shut.arrive(shut.theirs(flag::ack, 1, 1));
  EXPECT_EQ(shut.finish(), Verdict::fail) << "a duplicate ACK with nothing new";
}

TEST(Judge, FailsATargetThatFloodsIt) {
  Exchange talk("- wait: 10s\n");
  talk.want();
  for (int i = 0; i < 100'000; ++i) talk.arrive(talk.theirs(flag::ack, 1, 1));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().wanted, "at most 67108864 octets of segments that nothing asks for");
  EXPECT_LT(talk.judge().trace().size(), 90'000u);
}

// Neither small segments nor a capture, which keeps the frames, make a flood of what was asked for.
TEST(Judge, TakesAllThatWasAskedForHoweverSmallItsSegments) {
  Exchange talk("- target: send 100000\n- wait: 10ms\n");
  talk.want();
  talk.call(0);
  talk.returned(0, Returned::Kind::done, "", 100'000);
  for (std::uint32_t seq = 1; seq <= 100'000; ++seq) {
    talk.arrive(talk.theirs(flag::ack, seq, 1, 1));
    if (seq % 50'000 == 0) talk.inject(talk.ours(flag::ack, 1, seq + 1));
  }
  talk.want();
  EXPECT_EQ(talk.judge().trace().size(), handshake_steps + 2 + 100'000 + 2);
  EXPECT_FALSE(talk.judge().finding()) << talk.finding().wanted;
}

// As long as a step has not come to its end, what came before is free: to look at it all again with each
// segment would take minutes here.
TEST(Judge, LooksAtEachSegmentOnceForAStep) {
  const std::string steps[] = {"- expect: FIN+ACK\n  within: 100s\n",
                               "- all-of:\n    - expect: RST\n    - expect: FIN+ACK\n  within: 100s\n",
                               "- one-of:\n"
                               "    - reading: one\n      expect: RST\n      within: 100s\n"
                               "    - reading: other\n      expect: FIN+ACK\n      within: 100s\n"};
  for (const std::string& last : steps) {
    Exchange talk("- allow: ACK\n- send: FIN+ACK\n" + last);
    talk.want();
    talk.inject(talk.ours(fin_ack, 1, 1));
    for (int i = 0; i < 20'000; ++i) {
      talk.arrive(talk.theirs(flag::ack, 1, 2));
      ASSERT_EQ(talk.want().kind, Want::Kind::wait) << i;
    }
    talk.arrive(talk.theirs(flag::psh + flag::ack, 1, 2, 5));
    EXPECT_EQ(talk.finish(), Verdict::fail);
    EXPECT_THAT(talk.finding().got, testing::StartsWith("PSH+ACK seq=1 ack=2 len=5")) << last;
  }
}

TEST(Judge, FollowsASecondConnectionThatTheTargetOpens) {
  Exchange talk(
      "- target: abort\n- expect: RST+ACK?\n- target: socket\n- target: connect\n  later: again\n"
      "- expect: SYN\n- send: SYN+ACK\n- expect: ACK\n");
  EXPECT_EQ(talk.want().kind, Want::Kind::act);
  talk.call(0);
  talk.returned(0);
  talk.arrive(talk.theirs(flag::rst, 1, 0));
  for (const std::size_t step : {2u, 3u}) {
    EXPECT_EQ(talk.want().kind, Want::Kind::act);
    talk.call(step);
    talk.returned(step);
  }
  talk.arrive(talk.theirs(flag::syn, 70000, 0));
  EXPECT_EQ(talk.want().kind, Want::Kind::act);
  EXPECT_FALSE(talk.judge().conversation().ours.isn()) << "we have sent nothing in it";
  talk.inject(talk.ours(flag::syn + flag::ack, 500, 70001));
  talk.arrive(talk.theirs(flag::ack, 70001, 501));
  EXPECT_EQ(talk.finish(), Verdict::pass);
}

}  // namespace
}  // namespace finack
