// SPDX-License-Identifier: Apache-2.0
// What may come without being expected, and what comes close to it: repetitions before a timeout, probes,
// frames that are no segment of the connection, a listener that stays.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "judge/exchange.h"

namespace finack {
namespace {

using testing::HasSubstr;

const std::vector<Option> sack = {{option_kind::sack_permitted, {}}};

// --- repetitions

// RFC 9293 3.10.7.2 has what comes with a SYN wait, so that the SYN,ACK acknowledges the SYN alone, each
// time.
Verdict verdict_of_a_syn_ack_again(std::uint32_t acknowledging) {
  Exchange talk("- send: SYN+FIN seq=0\n- expect: SYN+ACK ack=1\n- wait: 1500ms\n", Opening::none);
  talk.want();
  talk.inject(talk.ours(flag::syn + flag::fin, 0, 0));
  talk.want();
  talk.arrive(talk.theirs(flag::syn + flag::ack, 0, 1));
  talk.want();
  talk.after(1s);
  talk.arrive(talk.theirs(flag::syn + flag::ack, 0, acknowledging));
  return talk.finish();
}

TEST(SynAck, ThatComesAgainIsFreeAsItWas) {
  EXPECT_EQ(verdict_of_a_syn_ack_again(1), Verdict::pass);
  EXPECT_EQ(verdict_of_a_syn_ack_again(0), Verdict::fail);
}

TEST(SynAck, AcknowledgesTheSynAloneWhereNothingElseIsWritten) {
  const auto verdict_of = [](std::uint32_t ack) {
    Exchange talk("- send: SYN len=20\n- expect: SYN+ACK\n", Opening::none);
    talk.want();
    talk.inject(talk.ours(flag::syn, 0, 0, 20));
    talk.want();
    talk.arrive(talk.theirs(flag::syn + flag::ack, 0, ack));
    return talk.finish();
  };
  EXPECT_EQ(verdict_of(1), Verdict::pass);
  EXPECT_EQ(verdict_of(21), Verdict::fail) << "nothing lets it take what came with the SYN";
}

// --- frames that are no segment of the connection

Verdict verdict_of_a_stray_after(const std::function<void(Segment&)>& spoil) {
  Exchange talk("- send: ACK\n- wait: 10ms\n");
  talk.want();
  Segment segment = talk.ours(flag::ack, 1, 1);
  spoil(segment);
  talk.inject(segment);
  talk.want();
  talk.arrive_unreadable("IP protocol 1, not TCP");
  const Verdict verdict = talk.finish();
  if (verdict == Verdict::fail) {
    EXPECT_EQ(talk.finding().signature, "wait: 10 ms: a frame that holds none");
  }
  return verdict;
}

TEST(Stray, IsFreeOnceWeHaveSentToSomebodyElse) {
  EXPECT_EQ(verdict_of_a_stray_after([](Segment& segment) { segment.other_connection = true; }),
            Verdict::pass);
  EXPECT_EQ(verdict_of_a_stray_after([](Segment& segment) { segment.ip_defects.protocol = 253; }),
            Verdict::pass);
}

TEST(Stray, IsNotFreeAfterWhatTheTargetDrops) {
  EXPECT_EQ(verdict_of_a_stray_after([](Segment&) {}), Verdict::fail);
  EXPECT_EQ(verdict_of_a_stray_after([](Segment& segment) { segment.bad_checksum = true; }), Verdict::fail);
  EXPECT_EQ(verdict_of_a_stray_after([](Segment& segment) { segment.ip_defects.bad_checksum = true; }),
            Verdict::fail);
}

// --- repetitions before a timeout

// The target sends two segments of 10 octets; then we inject what `acks` says, and 50 ms later, long before
// its timeout, it repeats the first of them.
Verdict verdict_of_a_fast_retransmit(const std::vector<Option>& options,
                                     const std::function<void(Exchange&)>& acks,
                                     std::uint32_t acknowledging = 1) {
  Exchange talk("- expect: ACK len=10\n- expect: ACK len=10\n- wait: 50ms\n- send: ACK\n", Opening::ours,
                options);
  talk.want();
  talk.arrive(talk.theirs(flag::ack, 1, 1, 10));
  talk.arrive(talk.theirs(flag::ack, 11, 1, 10));
  talk.want();
  acks(talk);
  talk.after(50ms);
  talk.arrive(talk.theirs(flag::ack, 1, acknowledging, 10));
  talk.want();
  talk.inject(talk.ours(flag::ack, acknowledging, 21));
  return talk.finish();
}

std::function<void(Exchange&)> times(int count, const std::function<void(Exchange&)>& once) {
  return [=](Exchange& talk) {
    for (int i = 0; i < count; ++i) once(talk);
  };
}

void duplicate_ack(Exchange& talk) {
  talk.inject(talk.ours(flag::ack, 1, 1));
}

TEST(FastRetransmit, TakesThreeDuplicateAcks) {
  EXPECT_EQ(verdict_of_a_fast_retransmit({}, times(3, duplicate_ack)), Verdict::pass);
  EXPECT_EQ(verdict_of_a_fast_retransmit({}, times(2, duplicate_ack)), Verdict::fail);
}

TEST(FastRetransmit, TakesOneWithSack) {
  EXPECT_EQ(verdict_of_a_fast_retransmit(sack, times(1, duplicate_ack)), Verdict::pass);
  EXPECT_EQ(verdict_of_a_fast_retransmit(sack, times(0, duplicate_ack)), Verdict::fail);
  EXPECT_EQ(verdict_of_a_fast_retransmit({}, times(1, duplicate_ack)), Verdict::fail);
}

TEST(FastRetransmit, TakesNothingElseForADuplicateAck) {
  EXPECT_EQ(verdict_of_a_fast_retransmit(
                {}, times(3, [](Exchange& talk) { talk.inject(talk.ours(flag::ack, 1, 0)); })),
            Verdict::fail)
      << "an older number";
  const auto with_octets = [](Exchange& talk) {
    for (std::uint32_t i = 0; i < 3; ++i) talk.inject(talk.ours(flag::ack, 1 + 5 * i, 1, 5));
  };
  EXPECT_EQ(verdict_of_a_fast_retransmit({}, with_octets, 16), Verdict::fail) << "with octets of their own";
  const auto both = [=](Exchange& talk) {
    with_octets(talk);
    for (int i = 0; i < 3; ++i) talk.inject(talk.ours(flag::ack, 16, 1));
  };
  EXPECT_EQ(verdict_of_a_fast_retransmit({}, both, 16), Verdict::pass) << "the same, and then three";
  EXPECT_EQ(verdict_of_a_fast_retransmit({}, times(3,
                                                   [](Exchange& talk) {
                                                     Segment spoilt = talk.ours(flag::ack, 1, 1);
                                                     spoilt.bad_checksum = true;
                                                     talk.inject(spoilt);
                                                   })),
            Verdict::fail)
      << "dropped unseen";
}

TEST(FastRetransmit, CountsNoAcksFromBeforeTheFlight) {
  Exchange talk("- wait: 10ms\n- expect: ACK len=10\n- wait: 50ms\n- send: ACK\n");
  talk.want();
  times(3, duplicate_ack)(talk);
  talk.after(10ms);
  talk.arrive(talk.theirs(flag::ack, 1, 1, 10));
  talk.want();
  talk.after(50ms);
  talk.arrive(talk.theirs(flag::ack, 1, 1, 10));
  talk.want();
  talk.inject(talk.ours(flag::ack, 1, 11));
  EXPECT_EQ(talk.finish(), Verdict::fail);
  EXPECT_THAT(talk.finding().hint, HasSubstr("it repeats what was sent 50 ms earlier"));
}

TEST(FastRetransmit, CountsAnewAfterEachNewAck) {
  const auto verdict_of = [](int after) {
    return verdict_of_a_fast_retransmit({}, [=](Exchange& talk) {
      times(2, duplicate_ack)(talk);
      talk.inject(talk.ours(flag::ack, 1, 6));
      times(after, [](Exchange& each) { each.inject(each.ours(flag::ack, 1, 6)); })(talk);
    });
  };
  EXPECT_EQ(verdict_of(1), Verdict::fail);
  EXPECT_EQ(verdict_of(3), Verdict::pass);
}

// The target sends its octets in two segments, and 20 ms later, then again 20 ms later, repeats one.
Verdict verdict_of_probes(const std::vector<Option>& options, std::uint32_t seq, int probes,
                          std::uint32_t acknowledged_between = 0) {
  Exchange talk("- expect: ACK len=10\n- expect: ACK len=10\n- wait: 60ms\n- send: ACK\n", Opening::ours,
                options);
  talk.want();
  talk.arrive(talk.theirs(flag::ack, 1, 1, 10));
  talk.arrive(talk.theirs(flag::ack, 11, 1, 10));
  talk.want();
  for (int i = 0; i < probes; ++i) {
    talk.after(20ms);
    talk.arrive(talk.theirs(flag::ack, seq, 1, 10));
    if (acknowledged_between > 0) talk.inject(talk.ours(flag::ack, 1, acknowledged_between));
  }
  talk.after(60ms - probes * 20ms);
  talk.want();
  talk.inject(talk.ours(flag::ack, 1, 21));
  return talk.finish();
}

TEST(TailLossProbe, IsFreeOnceAFlight) {
  EXPECT_EQ(verdict_of_probes(sack, 11, 1), Verdict::pass);
  EXPECT_EQ(verdict_of_probes(sack, 11, 2), Verdict::fail);
  EXPECT_EQ(verdict_of_probes(sack, 11, 2, 11), Verdict::pass) << "a new ACK begins another flight";
}

TEST(TailLossProbe, IsOfTheTailAndNeedsSack) {
  EXPECT_EQ(verdict_of_probes(sack, 1, 1), Verdict::fail);
  EXPECT_EQ(verdict_of_probes({}, 11, 1), Verdict::fail);
}

// --- probes of a window that we have closed

Verdict verdict_of_window_probes(std::uint16_t window, std::initializer_list<Duration> pauses) {
  Exchange talk("- send: ACK\n- wait: 1s\n");
  talk.want();
  Segment closing = talk.ours(flag::ack, 1, 1);
  closing.window = window;
  talk.inject(closing);
  talk.want();
  for (const Duration pause : pauses) {
    talk.after(pause);
    talk.arrive(talk.theirs(flag::ack, 0, 1));
  }
  return talk.finish();
}

TEST(WindowProbe, IsFreeWhileTheWindowIsZero) {
  EXPECT_EQ(verdict_of_window_probes(0, {200ms}), Verdict::pass);
  EXPECT_EQ(verdict_of_window_probes(1, {200ms}), Verdict::fail);
}

TEST(WindowProbe, ComesNotSoonerThanATimeoutAfterTheLast) {
  EXPECT_EQ(verdict_of_window_probes(0, {200ms, 181ms}), Verdict::pass);
  EXPECT_EQ(verdict_of_window_probes(0, {200ms, 179ms}), Verdict::fail);
}

// The application has data that the closed window holds back; we leave the window as it is to the end.
Verdict verdict_of_octet_probes(std::uint16_t window, const std::function<void(Exchange&)>& probes) {
  Exchange talk("- send: ACK\n- target: send 10\n- wait: 2s\n");
  talk.want();
  Segment closing = talk.ours(flag::ack, 1, 1);
  closing.window = window;
  talk.inject(closing);
  talk.want();
  talk.call(1);
  talk.returned(1, Returned::Kind::done, {}, 10);
  talk.want();
  probes(talk);
  return talk.finish();
}

void probe(Exchange& talk, Duration pause, std::uint32_t seq, std::size_t length, std::uint32_t ack = 1) {
  talk.after(pause);
  talk.arrive(talk.theirs(flag::ack, seq, ack, length));
}

TEST(WindowProbe, MayHaveAnOctetOfNewData) {
  EXPECT_EQ(verdict_of_octet_probes(0, [](Exchange& talk) { probe(talk, 200ms, 1, 1); }), Verdict::pass);
  EXPECT_EQ(verdict_of_octet_probes(0, [](Exchange& talk) { probe(talk, 200ms, 1, 2); }), Verdict::fail)
      << "two octets";
  EXPECT_EQ(verdict_of_octet_probes(0, [](Exchange& talk) { probe(talk, 200ms, 2, 1); }), Verdict::fail)
      << "not the next";
  EXPECT_EQ(verdict_of_octet_probes(0, [](Exchange& talk) { probe(talk, 200ms, 1, 1, 0); }), Verdict::fail)
      << "acknowledges too little";
  EXPECT_EQ(verdict_of_octet_probes(5, [](Exchange& talk) { probe(talk, 200ms, 1, 1); }), Verdict::fail)
      << "the window is open";
}

TEST(WindowProbe, RepeatsItsOctetAfterATimeout) {
  const auto twice = [](Duration pause) {
    return verdict_of_octet_probes(0, [=](Exchange& talk) {
      probe(talk, 200ms, 1, 1);
      probe(talk, pause, 1, 1);
    });
  };
  EXPECT_EQ(twice(400ms), Verdict::pass);
  EXPECT_EQ(twice(100ms), Verdict::fail);
}

// --- listeners

const std::string begins_to_listen =
    "- {target: socket, on: other}\n- {target: bind, on: other}\n- {target: listen, on: other}\n";
const std::string closes_that = "- {target: close, on: other}\n";

// We reset the connection, all calls are made, then a listener is read whenever a state is wanted.
Verdict verdict_of_closed_after(const std::string& calls) {
  Exchange talk("- send: RST\n" + calls + "- state: CLOSED\n");
  talk.want();
  talk.inject(talk.ours(flag::rst, 1, 0));
  std::size_t step = 1;
  for (int i = 0; i < 1000; ++i) {
    const Want want = talk.want();
    if (want.kind == Want::Kind::done) break;
    if (want.kind == Want::Kind::wait) talk.after(want.until - talk.now());
    if (want.kind == Want::Kind::read_state) talk.read_listening();
    if (want.kind == Want::Kind::act) {
      talk.call(step);
      talk.returned(step++);
    }
  }
  return talk.judge().verdict();
}

TEST(Listener, ThatShouldBeGoneIsNotClosed) {
  EXPECT_EQ(verdict_of_closed_after(begins_to_listen), Verdict::pass) << "it is another socket";
  EXPECT_EQ(verdict_of_closed_after(begins_to_listen + closes_that), Verdict::fail);
}

TEST(Listener, ThatIsNewIsNotWhatIsLeftOfTheLast) {
  EXPECT_EQ(verdict_of_closed_after(begins_to_listen + closes_that + begins_to_listen), Verdict::pass);
  EXPECT_EQ(verdict_of_closed_after(begins_to_listen + closes_that + begins_to_listen + closes_that),
            Verdict::fail);
}

}  // namespace
}  // namespace finack
