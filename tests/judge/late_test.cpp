// SPDX-License-Identifier: Apache-2.0
// A judge that comes to look, or to act, later than it should.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judge/exchange.h"

namespace finack {
namespace {

using testing::HasSubstr;

TEST(Late, BlamesNobodyWhenItWasLate) {
  Exchange talk("- expect: FIN+ACK\n- send: ACK\n- expect: ACK\n");
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.want();
  talk.after(150ms);  // the ACK goes out later than the profile lets pass
  talk.inject(talk.ours(flag::ack, 1, 2));
  EXPECT_EQ(talk.finish(), Verdict::inconclusive);
  EXPECT_THAT(talk.judge().reason(), HasSubstr("the harness was 150 ms late"));
}

// Each is late by less than the profile lets pass; but the timers of the target have run all the while.
TEST(Late, AddsUpHowLateItWas) {
  Exchange talk("- expect: FIN+ACK\n- send: ACK\n- send: ACK\n- expect: ACK\n");
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  for (int i = 0; i < 2; ++i) {
    talk.want();
    talk.after(60ms);
    talk.inject(talk.ours(flag::ack, 1, 2));
  }
  EXPECT_EQ(talk.finish(), Verdict::inconclusive);
  EXPECT_THAT(talk.judge().reason(), HasSubstr("the harness was 120 ms late"));
}

// A silence is to last from when the step before it was due, not from when we came to it: else a repetition
// falls into it that is in its time.
TEST(Late, MeasuresASilenceFromWhenItWasDue) {
  Exchange talk("- expect: FIN+ACK\n- state: FIN-WAIT-1\n- quiet: 150ms\n- send: ACK\n");
  talk.after(60ms);
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  EXPECT_EQ(talk.want().kind, Want::Kind::read_state);
  talk.after(90ms);
  talk.read(TcpState::fin_wait_1);
  const Want want = talk.want();
  EXPECT_EQ(want.kind, Want::Kind::wait);
  EXPECT_EQ(want.until, talk.now() + 60ms);
}

// The agent was starved: it tells of a call long after the wire has shown what came of it.
TEST(Late, GoesByTheWireForWhenACallHasReturned) {
  Exchange talk("- target: close\n- wait: 100ms\n- send: ACK\n- expect: ACK\n");
  EXPECT_EQ(talk.want().kind, Want::Kind::act);
  talk.call(0);
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.after(70ms);
  talk.returned(0);
  const Want want = talk.want();
  EXPECT_EQ(want.kind, Want::Kind::wait);
  EXPECT_EQ(want.until, talk.now() + 30ms);
}

TEST(Late, CountsACallThatTookLongAsLateness) {
  Exchange talk("- target: option nodelay 1\n- expect: ACK\n");
  talk.after(10ms);
  talk.want();
  talk.call(0);
  talk.after(140ms);
  talk.returned(0);
  EXPECT_EQ(talk.finish(), Verdict::inconclusive);
  EXPECT_THAT(talk.judge().reason(), HasSubstr("the harness was 150 ms late"));
}

// A close waits for nothing: the agent was starved before it made the call, and what came before it of the
// target has waited for its timers as long.
TEST(Late, CountsACallThatTookLongToReachTheWireAsLateness) {
  Exchange talk("- target: close\n- quiet: 100ms\n");
  talk.want();
  talk.call(0);
  talk.after(150ms);
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.returned(0);
  EXPECT_EQ(talk.finish(), Verdict::inconclusive);
  EXPECT_THAT(talk.judge().reason(), HasSubstr("the harness was 150 ms late"));
}

TEST(Late, CountsACallUntilTheFirstThatCameOfIt) {
  Exchange talk("- target: send 100\n- quiet: 10ms\n");
  talk.want();
  talk.call(0);
  talk.arrive(talk.theirs(flag::ack, 1, 1, 100));
  talk.after(150ms);
  talk.arrive(talk.theirs(flag::ack, 1, 1, 100));
  talk.returned(0, Returned::Kind::done, "", 100);
  EXPECT_EQ(talk.finish(), Verdict::fail);
}

TEST(Late, BlamesATargetForWhatACallWaitedFor) {
  Exchange talk("- {target: receive, result: end}\n- quiet: 100ms\n");
  talk.want();
  talk.call(0);
  talk.after(150ms);
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.returned(0, Returned::Kind::end, "", 0);
  EXPECT_EQ(talk.finish(), Verdict::fail);
}

// The frames of a turn are handed over before it is known that the application has said nothing in between.
TEST(Late, NamesWhatFailedFirstThoughMoreHasComeBeforeItLooked) {
  for (const Duration later : {5ms, 15ms}) {
    Exchange talk("- {expect: FIN+ACK, within: 20ms}\n");
    talk.want();
    talk.after(10ms);
    Segment segment = talk.theirs(flag::ack, 1, 1);
    segment.bad_checksum = true;
    talk.arrive_at(talk.now() + later, segment);
    EXPECT_EQ(talk.finish(), Verdict::fail);
    EXPECT_THAT(talk.finding().signature,
                later == 5ms ? HasSubstr("CHECKSUM") : HasSubstr("expect: FIN+ACK, within 20 ms: nothing"));
  }
}

TEST(Late, NamesTheSecondOfTwoStepsThatWereOver) {
  Exchange talk("- wait: 10ms\n- {expect: FIN+ACK, within: 10ms}\n");
  talk.want();
  Segment segment = talk.theirs(flag::ack, 1, 1);
  segment.bad_checksum = true;
  talk.after(30ms);
  talk.arrive_at(talk.now() - 5ms, segment);
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().signature, "expect: FIN+ACK, within 10 ms: nothing");
}

// Where a step may go on, the time to look again says nothing about when it is over.
TEST(Late, LetsNoOtherStepHideABrokenRule) {
  for (const char* step :
       {"- one-of: [{reading: a, expect: FIN+ACK, within: 20ms}, {reading: b, expect: RST}]\n",
        "- stream: expect 2500\n", "- {state: FIN-WAIT-1, within: 1s}\n"}) {
    Exchange talk(step);
    talk.only_recommends();
    if (talk.want().kind == Want::Kind::read_state) talk.read(TcpState::established);
    const Want want = talk.want();
    ASSERT_EQ(want.kind, Want::Kind::wait) << step;
    talk.after(want.until - talk.now() + 10ms);
    Segment segment = talk.theirs(flag::ack, 1, 1);
    segment.bad_checksum = true;
    talk.arrive(segment);
    EXPECT_EQ(talk.finish(), Verdict::fail) << step;
    EXPECT_THAT(talk.finding().signature, HasSubstr("INV-TCP-CHECKSUM")) << step;
  }
}

// The tracker knows of an arrival that a state was left without what it should have sent.
TEST(Late, NamesWhatFailedFirstThoughTheTrackerHasSeenMore) {
  Exchange talk("- send: SYN\n- {expect: ACK, within: 1s}\n");
  talk.want();
  talk.inject(talk.ours(flag::syn, 1, 0));
  talk.want();
  talk.after(500ms);
  talk.arrive_at(talk.now() + 600ms, talk.theirs(fin_ack, 1, 1));
  EXPECT_EQ(talk.want().kind, Want::Kind::wait);
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_THAT(talk.finding().signature, HasSubstr("expect: ACK"));
}

TEST(Late, PassesThoughItWasLate) {
  Exchange talk("- expect: FIN+ACK\n- send: ACK\n");
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.want();
  talk.after(150ms);
  talk.inject(talk.ours(flag::ack, 1, 2));
  EXPECT_EQ(talk.finish(), Verdict::pass);
}

}  // namespace
}  // namespace finack
