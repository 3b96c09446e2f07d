// SPDX-License-Identifier: Apache-2.0
// The finer points of single steps: times, states, calls that return later, reports, what a failure is known
// by.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judge/exchange.h"

namespace finack {
namespace {

using testing::HasSubstr;

// --- expect, after

Verdict verdict_at(Duration when, std::string* signature = nullptr) {
  Exchange talk("- expect: FIN+ACK\n  after: 100ms\n  within: 200ms\n");
  talk.want();
  talk.after(when);
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  const Verdict verdict = talk.finish();
  if (signature) *signature = talk.finding().signature;
  return verdict;
}

TEST(After, WantsASegmentNeitherTooSoonNorTooLate) {
  std::string signature;
  EXPECT_EQ(verdict_at(99ms, &signature), Verdict::fail);
  EXPECT_EQ(signature, "expect: FIN+ACK, after 100 ms, within 200 ms: too soon");
  EXPECT_EQ(verdict_at(100ms), Verdict::pass);
  EXPECT_EQ(verdict_at(200ms), Verdict::pass);
  EXPECT_EQ(verdict_at(201ms, &signature), Verdict::fail);
  EXPECT_EQ(signature, "expect: FIN+ACK, after 100 ms, within 200 ms: nothing");
}

TEST(After, CountsFromTheStepBefore) {
  Exchange talk("- wait: 1s\n- expect: FIN+ACK\n  after: 100ms\n");
  talk.want();
  talk.after(1s);
  talk.want();
  talk.after(50ms);
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_THAT(talk.finding().got, HasSubstr("50 ms sooner than the 100 ms demanded"));
}

TEST(After, IsNotFulfilledByWhatCameBefore) {
  Exchange talk("- wait: 1s\n- expect: FIN+ACK\n  after: 100ms\n");
  talk.want();
  talk.arrive(talk.theirs(fin_ack, 1, 1));
  talk.after(1s);
  EXPECT_EQ(talk.finish(), Verdict::fail);
}

// --- state

// Nobody waits minutes for a state and minds a second; to look every 20 ms would be thousands of looks.
TEST(State, IsReadLessOftenTheLongerItTakes) {
  Exchange talk("- state: CLOSED\n  within: 10min\n");
  const Time begin = talk.now();
  int readings = 0;
  for (Duration waited{}; waited < 110s; waited = talk.now() - begin) {
    Want want = talk.want();
    if (want.kind == Want::Kind::wait) {
      const Duration pause = want.until - talk.now();
      EXPECT_LE(pause, std::max<Duration>(20ms, waited / 100));
      talk.after(pause);
      want = talk.want();
    }
    ASSERT_EQ(want.kind, Want::Kind::read_state);
    talk.read(TcpState::established);
    ++readings;
  }
  EXPECT_LT(readings, 600);
}

TEST(State, ThatIsAsItWasIsNotBelievedAtOnce) {
  Exchange talk("- allow: ACK\n- state: ESTABLISHED\n- send: ACK seq=next-1\n- state: ESTABLISHED\n");
  EXPECT_EQ(talk.want().kind, Want::Kind::read_state);
  talk.read(TcpState::established);
  EXPECT_EQ(talk.want().kind, Want::Kind::act);
  talk.inject(talk.ours(flag::ack, 0, 1));
  const Time sent = talk.now();
  EXPECT_EQ(talk.want().kind, Want::Kind::read_state);
  talk.read(TcpState::established);
  const Want want = talk.want();
  EXPECT_EQ(want.kind, Want::Kind::wait) << "the target may not have looked at the segment yet";
  EXPECT_EQ(want.until, sent + 50ms);
  talk.after(50ms);
  EXPECT_EQ(talk.want().kind, Want::Kind::read_state);
  talk.read(TcpState::established);
  talk.arrive(talk.theirs(flag::ack, 1, 1));
  EXPECT_EQ(talk.finish(), Verdict::pass);
}

TEST(State, ThatIsAsItWasIsBelievedAfterAnAnswer) {
  Exchange talk(
      "- state: ESTABLISHED\n- send: ACK seq=next-1\n- expect: ACK\n- state: ESTABLISHED\n- send: ACK\n");
  talk.want();
  talk.read(TcpState::established);
  talk.want();
  talk.inject(talk.ours(flag::ack, 0, 1));
  talk.after(1ms);
  talk.arrive(talk.theirs(flag::ack, 1, 1));
  EXPECT_EQ(talk.want().kind, Want::Kind::read_state);
  talk.read(TcpState::established);
  EXPECT_EQ(talk.want().kind, Want::Kind::act);
}

TEST(State, ThatHasChangedIsBelievedAtOnce) {
  Exchange talk("- state: ESTABLISHED\n- send: FIN+ACK\n- state: CLOSE-WAIT\n- send: ACK\n");
  talk.want();
  talk.read(TcpState::established);
  talk.want();
  talk.inject(talk.ours(fin_ack, 1, 1));
  talk.want();
  talk.read(TcpState::close_wait);
  EXPECT_EQ(talk.want().kind, Want::Kind::act);
}

void reset(Exchange& talk) {
  talk.want();
  talk.inject(talk.ours(flag::rst, 1, 0));
  talk.want();
}

TEST(State, TellsListenFromClosed) {
  Exchange listens("- send: RST\n- state: LISTEN\n");
  reset(listens);
  listens.read_listening();
  EXPECT_EQ(listens.finish(), Verdict::pass);

  Exchange gone("- send: RST\n- state: LISTEN\n");
  reset(gone);
  EXPECT_EQ(gone.finish(std::nullopt), Verdict::fail);
  EXPECT_EQ(gone.finding().wanted, "LISTEN within 500 ms");
  EXPECT_EQ(gone.finding().got, "CLOSED (no such connection)");

  Exchange closed("- send: RST\n- state: CLOSED\n");
  reset(closed);
  closed.read_listening();
  EXPECT_EQ(closed.finish(), Verdict::pass) << "the listener is another socket";
}

TEST(State, MayBecomeListenLater) {
  Exchange talk("- send: RST\n- state: LISTEN\n");
  reset(talk);
  talk.read_none();
  EXPECT_EQ(talk.want().kind, Want::Kind::wait);
  talk.after(1ms);
  EXPECT_EQ(talk.want().kind, Want::Kind::read_state);
  talk.read_listening();
  EXPECT_EQ(talk.finish(), Verdict::pass);
}

// --- later, returns

const std::string receiving = "- {target: receive, result: [end, ECONNRESET], later: r}\n- wait: 10ms\n";

Verdict verdict_of(const std::string& returns, Returned::Kind kind, std::string error) {
  Exchange talk(receiving + returns);
  talk.want();
  talk.call(0);
  EXPECT_EQ(talk.want().kind, Want::Kind::wait) << "the call does not hold up the steps";
  talk.after(10ms);
  EXPECT_EQ(talk.want().kind, Want::Kind::wait);
  talk.returned(0, kind, std::move(error), 0);
  return talk.finish();
}

TEST(Returns, TakesOneOfTheResultsOfItsCall) {
  EXPECT_EQ(verdict_of("- returns: r\n", Returned::Kind::end, ""), Verdict::pass);
  EXPECT_EQ(verdict_of("- returns: r\n", Returned::Kind::error, "ECONNRESET"), Verdict::pass);
  EXPECT_EQ(verdict_of("- returns: r\n", Returned::Kind::error, "EPIPE"), Verdict::fail);
  EXPECT_EQ(verdict_of("- returns: r\n", Returned::Kind::done, ""), Verdict::fail);
}

TEST(Returns, PrefersItsOwnResult) {
  EXPECT_EQ(verdict_of("- {returns: r, result: EPIPE}\n", Returned::Kind::error, "EPIPE"), Verdict::pass);
  EXPECT_EQ(verdict_of("- {returns: r, result: EPIPE}\n", Returned::Kind::end, ""), Verdict::fail);
}

TEST(Returns, TakesWhatHasReturnedLongAgo) {
  Exchange talk(receiving + "- returns: r\n");
  talk.want();
  talk.call(0);
  talk.returned(0, Returned::Kind::end, "", 0);
  EXPECT_EQ(talk.finish(), Verdict::pass);
}

TEST(Returns, FailsWhenTheCallDoesNot) {
  Exchange talk(receiving + "- returns: r\n");
  talk.want();
  talk.call(0);
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().wanted, "`receive` to return within 1 s");
  EXPECT_EQ(talk.finding().step_text, "returns: r");
}

TEST(Call, WithSeveralResultsNamesThemAll) {
  Exchange talk("- {target: send 5, result: [success, EPIPE, ECONNRESET]}\n");
  talk.want();
  talk.call(0);
  talk.returned(0, Returned::Kind::error, "ENOTCONN");
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().wanted, "`send`: 5 octets or EPIPE or ECONNRESET");
  EXPECT_EQ(talk.finding().got, "`send`: ENOTCONN");
}

// --- told

TEST(Told, IsFulfilledByThatReportOfThatSocket) {
  Exchange talk("- target: watch\n- told: end\n- told: reset\n");
  talk.want();
  talk.call(0);
  talk.returned(0);
  talk.tell("readable");
  EXPECT_EQ(talk.want().kind, Want::Kind::wait);
  talk.tell("end");
  talk.tell("reset");
  EXPECT_EQ(talk.finish(), Verdict::pass);
}

TEST(Told, FailsWhenNothingIs) {
  Exchange talk("- target: watch\n- told: end\n");
  talk.want();
  talk.call(0);
  talk.returned(0);
  talk.want();
  talk.tell("end", "listener");
  talk.tell("readable");
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().got, "told readable");
  EXPECT_EQ(talk.finding().wanted, "the application to be told `end` of `connection` within 500 ms");
}

TEST(Told, OneReportServesOneStep) {
  Exchange talk("- target: watch\n- told: end\n- told: end\n");
  talk.want();
  talk.call(0);
  talk.returned(0);
  talk.tell("end");
  EXPECT_EQ(talk.finish(), Verdict::fail);
}

// --- verdicts

TEST(Signature, TellsEqualStepsApart) {
  Exchange talk("- expect: ACK len=5\n- expect: ACK len=5\n");
  talk.want();
  talk.arrive(talk.theirs(flag::ack, 1, 1, 5));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_EQ(talk.finding().signature, "expect: ACK len=5 (2): nothing");
}

TEST(Judge, BlamesNoTargetForWhatTheAgentsMachineLacks) {
  Exchange talk("- target: close\n");
  talk.want();
  talk.call(0);
  talk.returned(0, Returned::Kind::error, "EMFILE");
  EXPECT_EQ(talk.finish(), Verdict::error);
}

TEST(Judge, WarnsWhereOnlyRecommendationsAreBroken) {
  Exchange talk("- expect: FIN+ACK\n");
  talk.only_recommends();
  EXPECT_EQ(talk.finish(), Verdict::warn);
  EXPECT_EQ(talk.finding().got, "nothing within 500 ms");

  Exchange good("- quiet: 10ms\n");
  good.only_recommends();
  EXPECT_EQ(good.finish(), Verdict::pass);

  Exchange refused("- target: close\n");
  refused.only_recommends();
  refused.want();
  refused.call(0);
  refused.returned(0, Returned::Kind::refused, "no such handle");
  EXPECT_EQ(refused.finish(), Verdict::error) << "that is still the harness's fault";
}

TEST(Judge, IsAsUnsureOfAWarningAsOfAFailure) {
  Exchange talk("- send: ACK\n- expect: FIN+ACK\n");
  talk.only_recommends();
  talk.want();
  talk.after(150ms);
  talk.inject(talk.ours(flag::ack, 1, 1));
  EXPECT_EQ(talk.finish(), Verdict::inconclusive);
}

// --- numbers

TEST(Expect, FindsARepetitionByWhatIsNotAcknowledged) {
  const auto finished = [](const std::string& segment) {
    Exchange talk("- expect: ACK len=10\n- {expect: ACK " + segment +
                  " len=10, within: 300ms}\n- send: ACK\n");
    talk.arrive(talk.theirs(flag::ack, 1, 1, 10));
    talk.want();
    talk.after(210ms);
    talk.arrive(talk.theirs(flag::ack, 1, 1, 10));
    const Want want = talk.want();
    return want.kind == Want::Kind::act;
  };
  EXPECT_TRUE(finished("seq=una"));
  EXPECT_FALSE(finished("")) << "what is due is the next segment, and a repetition may come before it";
}

// --- crossing SYNs (RFC 9293 figure 8)

TEST(Judge, LetsTheSynThatIsRepeatedKeepItsOptions) {
  Exchange talk("- expect: SYN\n- send: SYN\n- expect: SYN+ACK seq=0\n", Opening::none);
  EXPECT_EQ(talk.want().kind, Want::Kind::wait);
  Segment syn = talk.theirs(flag::syn, 0, 0);
  syn.options = {mss_option(1460), {option_kind::window_scale, {7}}, {option_kind::sack_permitted, {}}};
  talk.arrive(syn);
  EXPECT_EQ(talk.want().kind, Want::Kind::act);
  talk.inject(talk.ours(flag::syn, 0, 0));
  Segment again = talk.theirs(flag::syn + flag::ack, 0, 1);
  again.options = syn.options;
  talk.arrive(again);
  EXPECT_EQ(talk.finish(), Verdict::pass) << talk.finding().got;
}

TEST(Judge, LetsAnAnswerToOurSynUseOnlyWhatItOffered) {
  Exchange talk("- send: SYN\n- expect: SYN+ACK\n", Opening::none);
  talk.want();
  talk.inject(talk.ours(flag::syn, 0, 0));
  Segment answer = talk.theirs(flag::syn + flag::ack, 0, 1);
  answer.options = {{option_kind::window_scale, {7}}};
  talk.arrive(answer);
  EXPECT_EQ(talk.finish(), Verdict::fail);
}

// --- signatures: the same from run to run

// Of one exchange, played with another window and a little later each time.
template <class Play>
std::string stable_signature(const std::string& steps, Play play) {
  std::string first;
  for (const std::uint16_t n : {std::uint16_t{1}, std::uint16_t{2}, std::uint16_t{77}}) {
    Exchange talk(steps);
    talk.want();
    talk.after(n * 100us);
    play(talk, n);
    EXPECT_EQ(talk.finish(), Verdict::fail);
    if (first.empty()) first = talk.finding().signature;
    EXPECT_EQ(talk.finding().signature, first);
  }
  return first;
}

TEST(Signature, OfAWrongSegmentNamesWhatDiffers) {
  EXPECT_EQ(stable_signature("- expect: FIN+ACK\n",
                             [](Exchange& talk, std::uint16_t n) {
                               talk.arrive(with_window(talk.theirs(flag::ack, 2, 1, 3), n));
                             }),
            "expect: FIN+ACK: flags: wanted FIN+ACK, got ACK, seq: wanted 1, got 2, len: wanted 0, got 3");
}

TEST(Signature, OfAnUnexpectedSegmentIsWithoutItsWindow) {
  EXPECT_EQ(stable_signature("- wait: 10ms\n",
                             [](Exchange& talk, std::uint16_t n) {
                               talk.arrive(with_window(talk.theirs(fin_ack, 1, 1), n));
                             }),
            "after the last step: unexpected FIN+ACK seq=1 ack=1");
}

TEST(Signature, OfABrokenSilenceIsWhatBrokeIt) {
  EXPECT_EQ(stable_signature("- quiet: 10ms\n",
                             [](Exchange& talk, std::uint16_t n) {
                               talk.arrive(with_window(talk.theirs(fin_ack, 1, 1), n));
                             }),
            "quiet: 10 ms: FIN+ACK");
}

TEST(Signature, OfLatenessIsWithoutTheTime) {
  EXPECT_EQ(stable_signature("- expect: FIN+ACK\n  within: 20us\n",
                             [](Exchange& talk, std::uint16_t n) {
                               talk.arrive(with_window(talk.theirs(fin_ack, 1, 1), n));
                             }),
            "expect: FIN+ACK, within 20 us: nothing");
}

TEST(Signature, OfAStateIsTheState) {
  EXPECT_EQ(stable_signature("- state: FIN-WAIT-2\n",
                             [](Exchange& talk, std::uint16_t) {
                               talk.want();
                               talk.read(TcpState::time_wait);
                             }),
            "state: FIN-WAIT-2: TIME-WAIT");
}

TEST(Signature, OfAllOfIsWhatCame) {
  EXPECT_EQ(stable_signature("- all-of: [{expect: FIN+ACK}, {expect: ACK len=5}]\n",
                             [](Exchange& talk, std::uint16_t n) {
                               talk.arrive(with_window(talk.theirs(flag::rst, 1, 0), n));
                             }),
            "all-of: FIN+ACK and ACK len=5: unexpected RST");
}

TEST(Signature, OfOneOfJoinsThoseOfItsBranches) {
  EXPECT_EQ(stable_signature("- one-of:\n    - {reading: a, expect: RST}\n    - {reading: b, quiet: 10ms}\n",
                             [](Exchange& talk, std::uint16_t n) {
                               talk.arrive(with_window(talk.theirs(fin_ack, 1, 1), n));
                             }),
            "one-of: flags: wanted RST, got FIN+ACK; FIN+ACK");
}

TEST(Signature, LeavesOutWhatChanceDecidesInAOneOfToo) {
  const std::string wanted = "{reading: a, expect: ACK len=5 <nop>}";
  const auto play = [&](Exchange& talk, std::uint16_t n) {
    Segment segment = talk.theirs(flag::ack, 1, 1, 5);
    segment.options = {Option{254, Bytes{static_cast<std::uint8_t>(n)}}};
    talk.arrive(segment);
  };
  EXPECT_EQ(stable_signature("- one-of:\n    - " + wanted + "\n    - {reading: b, expect: RST}\n", play),
            "one-of: options; flags: wanted RST, got ACK, len: wanted 0, got 5");
  EXPECT_EQ(stable_signature("- expect: ACK len=5 <nop>\n", play), "expect: ACK len=5 <nop>: options");
}

TEST(Signature, LeavesOutNumbersOnTheWire) {
  Finding finding;
  finding.got = "ACK seq=#77";
  EXPECT_EQ(what_went_wrong(finding), "ACK seq=#77") << "nothing else is known";
  finding.differences = {"seq: wanted #5, got #77", "the option `ts 77 0` was not offered by our SYN"};
  EXPECT_EQ(what_went_wrong(finding), "seq, the option `ts` was not offered by our SYN");
  finding.signature = "as given";
  EXPECT_EQ(what_went_wrong(finding), "as given");
}

}  // namespace
}  // namespace finack
