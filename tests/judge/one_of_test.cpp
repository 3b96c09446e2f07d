// SPDX-License-Identifier: Apache-2.0
// Steps that leave the target a choice: one-of, all-of, allow.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judge/exchange.h"

namespace finack {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Where each step stands: the handshake's come first, then the one-of, then its branches.
constexpr std::size_t one_of = handshake_steps;

std::string choice(const std::string& a, const std::string& b) {
  return "- one-of:\n    - {reading: a, " + a + "}\n    - {reading: b, " + b + "}\n";
}

TEST(OneOf, TakesTheBranchWhoseSegmentComes) {
  const std::string steps = choice("expect: FIN+ACK", "expect: RST");
  Exchange closes(steps);
  EXPECT_EQ(closes.want().kind, Want::Kind::wait);
  closes.arrive(closes.theirs(fin_ack, 1, 1));
  EXPECT_EQ(closes.finish(), Verdict::pass);
  EXPECT_THAT(closes.judge().readings(), ElementsAre("a"));

  Exchange resets(steps);
  resets.arrive(resets.theirs(flag::rst, 1, 0));
  EXPECT_EQ(resets.finish(), Verdict::pass);
  EXPECT_THAT(resets.judge().readings(), ElementsAre("b"));
}

TEST(OneOf, TakesSilence) {
  const std::string steps = choice("quiet: 100ms", "expect: RST");
  Exchange silent(steps);
  EXPECT_EQ(silent.want().until, silent.now() + 100ms);
  EXPECT_EQ(silent.finish(), Verdict::pass);
  EXPECT_THAT(silent.judge().readings(), ElementsAre("a"));

  Exchange resets(steps);
  resets.want();
  resets.after(50ms);
  resets.arrive(resets.theirs(flag::rst, 1, 0));
  EXPECT_EQ(resets.finish(), Verdict::pass);
  EXPECT_THAT(resets.judge().readings(), ElementsAre("b"));
}

TEST(OneOf, TakesAState) {
  const std::string steps = "- send: FIN+ACK\n" + choice("state: CLOSE-WAIT", "expect: RST");
  Exchange stays(steps);
  stays.want();
  stays.inject(stays.ours(fin_ack, 1, 1));
  EXPECT_EQ(stays.want().kind, Want::Kind::read_state);
  stays.read(TcpState::close_wait);
  stays.want();
  stays.arrive(stays.theirs(flag::ack, 1, 2));
  EXPECT_EQ(stays.finish(), Verdict::pass);
  EXPECT_THAT(stays.judge().readings(), ElementsAre("a"));

  Exchange resets(steps);
  resets.want();
  resets.inject(resets.ours(fin_ack, 1, 1));
  resets.want();
  resets.read(TcpState::established);
  EXPECT_EQ(resets.want().kind, Want::Kind::wait) << "the state may still come, and the reset";
  resets.arrive(resets.theirs(flag::rst, 1, 0));
  EXPECT_EQ(resets.finish(), Verdict::pass);
  EXPECT_THAT(resets.judge().readings(), ElementsAre("b"));
}

TEST(OneOf, TellsTwoStatesApart) {
  Exchange talk("- send: RST\n" + choice("state: CLOSED", "state: ESTABLISHED"));
  talk.want();
  talk.inject(talk.ours(flag::rst, 1, 0));
  talk.want();
  talk.read_none();
  EXPECT_EQ(talk.finish(std::nullopt), Verdict::pass);
  EXPECT_THAT(talk.judge().readings(), ElementsAre("a"));
}

TEST(OneOf, GoesByTheTimeOfThingsAndNotByTheOrderOfTheBranches) {
  for (const bool silence_first : {true, false}) {
    const std::string quiet = "quiet: 50ms", expect = "expect: RST";
    Exchange talk(silence_first ? choice(quiet, expect) : choice(expect, quiet));
    talk.want();
    talk.after(60ms);  // the loop was late, and finds both fulfilled
    talk.arrive(talk.theirs(flag::rst, 1, 0));
    EXPECT_EQ(talk.finish(), Verdict::fail) << "after the silence, nothing more was expected";
    EXPECT_THAT(talk.judge().readings(), ElementsAre(silence_first ? "a" : "b"));
  }
  for (const bool fin_first : {true, false}) {
    Exchange talk(choice("expect: RST seq=1", "expect: FIN+ACK"));
    talk.want();
    if (fin_first) talk.arrive(talk.theirs(fin_ack, 1, 1));
    talk.arrive(talk.theirs(flag::rst, 1, 0));
    EXPECT_EQ(talk.finish(), fin_first ? Verdict::fail : Verdict::pass);
    EXPECT_THAT(talk.judge().readings(), ElementsAre(fin_first ? "b" : "a"));
  }
}

TEST(OneOf, FailsWithAllReadingsInOneFinding) {
  Exchange talk(choice("expect: FIN+ACK", "expect: RST"));
  talk.arrive(talk.theirs(flag::ack, 1, 1, 5));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  const Finding finding = talk.finding();
  EXPECT_EQ(finding.step, one_of);
  EXPECT_EQ(finding.step_text, "one-of");
  EXPECT_EQ(finding.wanted, "FIN+ACK seq=1 ack=1 (a), or RST seq=1 (b)");
  EXPECT_EQ(finding.got, "ACK seq=1 ack=1 len=5 win=65535") << "what came is told once";
  EXPECT_THAT(finding.differences, ElementsAre("a: flags: wanted FIN+ACK, got ACK", "a: len: wanted 0, got 5",
                                               "b: flags: wanted RST, got ACK", "b: len: wanted 0, got 5"));
  EXPECT_THAT(talk.judge().readings(), IsEmpty());
}

TEST(OneOf, FailsWhenTheLastBranchRunsOutOfTime) {
  Exchange talk(
      "- one-of:\n    - {reading: a, expect: FIN+ACK, within: 100ms}\n"
      "    - {reading: b, expect: RST, within: 300ms}\n");
  EXPECT_EQ(talk.want().until, talk.now() + 100ms);
  talk.after(100ms);
  EXPECT_EQ(talk.want().until, talk.now() + 200ms);
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().got, "nothing within 100 ms; nothing within 300 ms");
  EXPECT_EQ(talk.finding().signature, "one-of: nothing") << "the same for both, told once";
}

TEST(OneOf, GoesOnWithTheStepsOfItsBranchAndThenBehindAll) {
  const std::string steps =
      "- one-of:\n    - {reading: a, steps: [{expect: FIN+ACK}, {send: ACK}]}\n"
      "    - {reading: b, steps: [{expect: RST}, {wait: 20ms}]}\n- send: ACK win=5\n";
  Exchange a(steps);
  a.arrive(a.theirs(fin_ack, 1, 1));
  EXPECT_EQ(a.want().step, one_of + 2);
  a.inject(a.ours(flag::ack, 1, 2));
  EXPECT_EQ(a.want().step, one_of + 5) << "not into b";

  Exchange b(steps);
  b.arrive(b.theirs(flag::rst, 1, 0));
  const Want wait = b.want();
  EXPECT_EQ(wait.kind, Want::Kind::wait);
  EXPECT_EQ(wait.until, b.now() + 20ms);
  b.after(20ms);
  EXPECT_EQ(b.want().step, one_of + 5);
}

TEST(OneOf, LeadsThroughNestedChoices) {
  const std::string steps =
      "- one-of:\n    - reading: a\n      steps:\n        - expect: FIN+ACK\n        - one-of:\n"
      "            - {reading: c, expect: RST seq=2}\n            - {reading: d, quiet: 20ms}\n"
      "    - {reading: b, quiet: 100ms}\n- send: ACK\n";
  Exchange silent_then(steps);
  silent_then.arrive(silent_then.theirs(fin_ack, 1, 1));
  EXPECT_EQ(silent_then.want().kind, Want::Kind::wait);
  silent_then.after(20ms);
  EXPECT_EQ(silent_then.want().step, one_of + 6);
  EXPECT_THAT(silent_then.judge().readings(), ElementsAre("a", "d"));

  Exchange silent(steps);
  silent.want();
  silent.after(100ms);
  EXPECT_EQ(silent.want().step, one_of + 6);
  EXPECT_THAT(silent.judge().readings(), ElementsAre("b"));
}

TEST(OneOf, CollectsNoCallOfABranchThatWasNotTaken) {
  Exchange talk(
      "- one-of:\n    - {reading: a, steps: [{expect: RST}, {target: receive 5, later: x}]}\n"
      "    - {reading: b, quiet: 10ms}\n- returns: x\n");
  EXPECT_EQ(talk.finish(), Verdict::pass);
}

// --- all-of

const std::string both_segments = "- all-of: [{expect: FIN+ACK}, {expect: RST seq=any}]\n  within: 100ms\n";

TEST(AllOf, TakesItsSegmentsInAnyOrder) {
  for (const bool data_first : {true, false}) {
    Exchange talk(
        "- send: ACK len=10\n"
        "- all-of: [{expect: ACK len=5 ack=any}, {expect: ACK seq=any}]\n  within: 100ms\n");
    talk.want();
    talk.inject(talk.ours(flag::ack, 1, 1, 10));
    if (data_first) talk.arrive(talk.theirs(flag::ack, 1, 1, 5));  // it crosses our octets
    if (!data_first) talk.arrive(talk.theirs(flag::ack, 1, 11));
    EXPECT_EQ(talk.want().kind, Want::Kind::wait);
    talk.after(50ms);
    if (data_first) talk.arrive(talk.theirs(flag::ack, 6, 11));
    if (!data_first) talk.arrive(talk.theirs(flag::ack, 1, 11, 5));
    EXPECT_EQ(talk.finish(), Verdict::pass) << data_first;
  }
}

TEST(AllOf, FailsWhenOneIsMissing) {
  Exchange talk(both_segments);
  talk.want();
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().wanted, "RST") << "only what is missing";
  EXPECT_EQ(talk.finding().got, "nothing more within 100 ms");
}

TEST(AllOf, FailsWhenOneComesTooLate) {
  Exchange talk(both_segments);
  talk.want();
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.after(110ms);
  talk.arrive(talk.theirs(flag::rst, 2, 0));
  EXPECT_EQ(talk.finish(), Verdict::fail);
}

TEST(AllOf, FailsAtASegmentThatIsNoneOfThem) {
  Exchange talk(both_segments);
  talk.want();
  talk.arrive(talk.theirs(flag::ack, 1, 1, 5));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().got, "ACK seq=1 ack=1 len=5 win=65535");
  EXPECT_THAT(talk.finding().wanted, HasSubstr("FIN+ACK"));
  EXPECT_THAT(talk.finding().wanted, HasSubstr(" and RST"));
}

// Each of two old segments draws an ACK (RFC 9293 3.10.7.4, first).
const std::string drawn_twice = "- send: ACK seq=next-1\n- send: ACK seq=next-1\n";

void draw_twice(Exchange& talk) {
  for (int i = 0; i < 2; ++i) {
    talk.want();
    talk.inject(talk.ours(flag::ack, 0, 1));
  }
  talk.want();
}

TEST(AllOf, WantsTheSameSegmentAsOftenAsItStandsThere) {
  const std::string twice = drawn_twice + "- all-of: [{expect: ACK}, {expect: ACK}]\n";
  Exchange once(twice);
  draw_twice(once);
  once.arrive(once.theirs(flag::ack, 1, 1));
  EXPECT_EQ(once.finish(), Verdict::fail);
  EXPECT_EQ(once.finding().got, "nothing more within 500 ms");
  Exchange talk(twice);
  draw_twice(talk);
  talk.arrive(talk.theirs(flag::ack, 1, 1));
  talk.arrive(talk.theirs(flag::ack, 1, 1));
  EXPECT_EQ(talk.finish(), Verdict::pass);
}

TEST(AllOf, IsNotFulfilledByOneOfThemTwice) {
  Exchange talk(drawn_twice + "- all-of: [{expect: ACK}, {expect: ACK len=5}]\n");
  draw_twice(talk);
  talk.arrive(talk.theirs(flag::ack, 1, 1));
  talk.arrive(talk.theirs(flag::ack, 1, 1));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_THAT(talk.finding().wanted, HasSubstr("len=5"));
}

TEST(AllOf, LeavesWhatComesAfterwardsToTheNextStep) {
  Exchange talk("- all-of: [{expect: ACK len=5}, {expect: FIN+ACK}]\n- expect: RST seq=7\n");
  talk.want();
  talk.arrive(talk.theirs(flag::ack, 1, 1, 5));
  talk.arrive(talk.theirs(fin_ack, 6, 1));
  talk.arrive(talk.theirs(flag::rst, 7, 0));
  EXPECT_EQ(talk.finish(), Verdict::pass);
}

// --- allow

TEST(Allow, LetsASegmentComeAtAnyTimeOrNot) {
  Exchange never("- allow: ACK\n- quiet: 50ms\n");
  EXPECT_EQ(never.finish(), Verdict::pass);

  Exchange often("- allow: ACK\n- quiet: 50ms\n- expect: FIN+ACK\n");
  often.want();
  often.arrive(often.theirs(flag::ack, 1, 1));
  often.after(50ms);
  often.want();
  often.arrive(often.theirs(flag::ack, 1, 1));
  often.arrive(often.theirs(fin_ack, 1, 1));
  often.want();
  often.after(100ms);
  often.arrive(often.theirs(flag::ack, 2, 1));
  EXPECT_EQ(often.finish(), Verdict::pass) << "in silence, before what is expected, and after the last step";
}

TEST(Allow, HoldsInAQuietForWhatIsFreeElsewhere) {
  Exchange talk("- expect: FIN+ACK\n- allow: FIN+ACK seq=1\n- quiet: 500ms\n");
  talk.want();
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.want();
  talk.after(250ms);
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  EXPECT_EQ(talk.finish(), Verdict::pass);
}

TEST(Allow, LetsNothingElseCome) {
  Exchange talk("- allow: ACK\n- quiet: 50ms\n");
  talk.want();
  talk.arrive(talk.theirs(flag::ack, 1, 1, 5));
  EXPECT_EQ(talk.finish(), Verdict::fail);
}

TEST(Allow, DoesNotTakeWhatIsExpected) {
  Exchange talk("- allow: RST seq=any\n- expect: RST\n");
  talk.want();
  talk.arrive(talk.theirs(flag::rst, 1, 0));
  EXPECT_EQ(talk.finish(), Verdict::pass);
  Exchange nothing("- allow: RST seq=any\n- expect: RST\n");
  EXPECT_EQ(nothing.finish(), Verdict::fail);
}

}  // namespace
}  // namespace finack
