// SPDX-License-Identifier: Apache-2.0
// The step in which our end is an ordinary TCP for a while: what it asks for, when it is over, how it fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judge/exchange.h"

namespace finack {
namespace {

using testing::HasSubstr;

constexpr Flags last_of_many = flag::psh + flag::ack;

// Sends what the judge asks for, as it asks for it, until it waits.
void go_on(Exchange& talk) {
  for (int i = 0; i < 100; ++i) {
    const Want want = talk.want();
    if (want.kind != Want::Kind::act || !want.segment) return;
    const auto seq = want.segment->seq
                         ? Seq{static_cast<std::uint32_t>(want.segment->seq->offset)} - Seq{Exchange::our_isn}
                         : talk.judge().conversation().ours.next() - Seq{Exchange::our_isn};
    const auto ack = talk.judge().conversation().theirs.next() - Seq{Exchange::their_isn};
    talk.inject(talk.ours(want.segment->flags, static_cast<std::uint32_t>(seq),
                          static_cast<std::uint32_t>(ack), want.segment->length.value_or(0)));
  }
}

struct Usual : Exchange {
  explicit Usual(const std::string& steps) : Exchange(steps, Opening::ours, {mss_option(1460)}) {}
};

struct Stream : Usual {
  explicit Stream(const std::string& what)
      : Usual("- target: send 5000\n  later: sent\n- stream: " + what + "\n") {
    EXPECT_EQ(want().kind, Want::Kind::act);
    call(0);
    go_on(*this);
  }
};

TEST(StreamStep, TakesWhatComesAndAcknowledgesIt) {
  Stream talk("expect 2500");
  talk.arrive(talk.theirs(flag::ack, 1, 1, 1000));
  talk.arrive(talk.theirs(flag::ack, 1001, 1, 1000));
  go_on(talk);
  EXPECT_EQ(talk.judge().conversation().theirs.unacknowledged() - Seq{Exchange::their_isn}, 2001);
  talk.arrive(talk.theirs(last_of_many, 2001, 1, 500));
  go_on(talk);
  EXPECT_EQ(talk.judge().conversation().theirs.unacknowledged() - Seq{Exchange::their_isn}, 2501);
  EXPECT_EQ(talk.finish(TcpState::established), Verdict::pass);
  EXPECT_FALSE(talk.judge().tracker().overflowed());
}

TEST(StreamStep, TakesWhatCameBeforeItToo) {
  Usual talk("- target: send 1000\n- stream: expect 1000\n");
  EXPECT_EQ(talk.want().kind, Want::Kind::act);
  talk.call(0);
  talk.arrive(talk.theirs(flag::ack, 1, 1, 600));
  talk.returned(0, Returned::Kind::done, "", 1000);
  talk.arrive(talk.theirs(last_of_many, 601, 1, 400));
  go_on(talk);
  EXPECT_EQ(talk.finish(TcpState::established), Verdict::pass);
}

TEST(StreamStep, LeavesWhatLiesBehindItToTheNextStep) {
  Usual talk(
      "- target: send 1000\n  later: sent\n- target: close\n  later: over\n- stream: expect 1000\n- expect: "
      "FIN+ACK\n");
  talk.want();
  talk.call(0);
  talk.want();
  talk.call(1);
  go_on(talk);
  talk.arrive(talk.theirs(last_of_many, 1, 1, 1000));
  talk.arrive(talk.theirs(fin_ack, 1001, 1));
  go_on(talk);
  // Our last ACK covers the FIN, too: it had come by then.
  EXPECT_EQ(talk.finish(TcpState::fin_wait_2), Verdict::pass) << talk.judge().reason();
}

TEST(StreamStep, FailsForAnOctetTooMany) {
  Stream talk("expect 999");
  talk.arrive(talk.theirs(last_of_many, 1, 1, 1000));
  EXPECT_EQ(talk.finish(TcpState::established), Verdict::fail);
  EXPECT_EQ(talk.finding().signature, "stream: expect 999: too many octets");
}

TEST(StreamStep, FailsForAnotherOctetAnywhere) {
  Stream talk("expect 2000");
  Segment segment = talk.theirs(last_of_many, 1, 1, 1000);
  talk.arrive(segment);
  segment = talk.theirs(last_of_many, 1001, 1, 1000);
  segment.payload[999] ^= 1;
  talk.arrive(segment);
  EXPECT_EQ(talk.finish(TcpState::established), Verdict::fail);
  EXPECT_EQ(talk.finding().rule, "INV-CONTENT");
}

TEST(StreamStep, FailsWhenAnOctetIsMissing) {
  Stream talk("expect 2000");
  talk.arrive(talk.theirs(flag::ack, 1, 1, 1000));
  go_on(talk);
  EXPECT_EQ(talk.want().kind, Want::Kind::wait);
  talk.after(20ms);
  go_on(talk);
  EXPECT_EQ(talk.finish(TcpState::established), Verdict::fail);
  EXPECT_EQ(talk.finding().got, "1000 of 2000 octets came");
  EXPECT_EQ(talk.finding().signature, "stream: expect 2000: not all in time");
}

TEST(StreamStep, FailsForAReset) {
  Stream talk("expect 2000");
  talk.arrive(talk.theirs(flag::rst + flag::ack, 1, 1));
  EXPECT_EQ(talk.finish(std::nullopt), Verdict::fail);
}

TEST(StreamStep, FailsForASegmentThatSkipsAnOctet) {
  Stream talk("expect 2000");
  talk.arrive(talk.theirs(flag::ack, 2, 1, 1000));
  EXPECT_EQ(talk.finish(TcpState::established), Verdict::fail);
}

TEST(StreamStep, SaysWhyASegmentIsNotOfTheStream) {
  Stream more("expect 1000");
  more.arrive(more.theirs(last_of_many, 1, 1, 1001));
  EXPECT_EQ(more.finish(TcpState::established), Verdict::fail);
  EXPECT_THAT(more.finding().differences, testing::ElementsAre("1 octets more than the 1000 wanted"));
  EXPECT_EQ(more.finding().signature, "stream: expect 1000: too many octets");
  Stream soon("expect 2000 FIN");
  soon.arrive(soon.theirs(fin_ack, 1, 1, 1000));
  EXPECT_EQ(soon.finish(TcpState::established), Verdict::fail);
  EXPECT_THAT(soon.finding().differences,
              testing::ElementsAre("a FIN behind 1000 octets, where 2000 were wanted"));
  EXPECT_EQ(soon.finding().signature, "stream: expect 2000 FIN: a FIN too soon");
}

// One bare ACK for each segment that comes again (RFC 9293 3.10.7.4, first), and not any number.
TEST(StreamStep, TakesOneAnswerForEachRepetition) {
  for (const int answers : {0, 1, 2}) {
    Usual talk("- stream: send 1000\n  within: 3s\n");
    go_on(talk);
    talk.after(1s);
    go_on(talk);  // the first repetition
    for (int i = 0; i < answers; ++i) talk.arrive(talk.theirs(flag::ack, 1, 1));
    talk.want();
    talk.arrive(talk.theirs(flag::ack, 1, 1001));
    talk.want();
    EXPECT_EQ(talk.judge().finding().has_value(), answers > 1) << answers;
  }
}

TEST(StreamStep, SendsUntilAllIsAcknowledged) {
  Usual talk("- stream: send 3000 FIN\n");
  go_on(talk);
  EXPECT_EQ(talk.judge().conversation().ours.next() - Seq{Exchange::our_isn}, 3002);
  talk.arrive(talk.theirs(flag::ack, 1, 1461));
  EXPECT_EQ(talk.want().kind, Want::Kind::wait);
  talk.arrive(talk.theirs(flag::ack, 1, 3002));
  EXPECT_EQ(talk.finish(TcpState::close_wait), Verdict::pass) << talk.judge().reason();
}

TEST(StreamStep, FailsWhenTheLastOctetIsNotAcknowledged) {
  Usual talk("- stream: send 2000\n  within: 100ms\n");
  go_on(talk);
  talk.arrive(talk.theirs(flag::ack, 1, 1461));
  EXPECT_EQ(talk.finish(TcpState::established), Verdict::fail);
  EXPECT_THAT(talk.finding().got, HasSubstr("1460 of 2000 octets were acknowledged"));
}

TEST(StreamStep, FailsWhereTheWindowThatItWaitsForNeverCloses) {
  Usual talk("- stream: send 3000 FIN\n  until: zero-window\n- stream: rest\n");
  go_on(talk);
  EXPECT_EQ(talk.judge().conversation().ours.next() - Seq{Exchange::our_isn}, 3002) << "all fits";
  talk.arrive(talk.theirs(flag::ack, 1, 3002));
  EXPECT_EQ(talk.finish(TcpState::close_wait), Verdict::fail);
  EXPECT_EQ(talk.finding().signature, "stream: send 3000 FIN, until zero-window: the window never was zero");
}

TEST(StreamStep, GoesOnWithTheRestWhenTheWindowHasOpened) {
  Usual talk("- stream: send 70000 FIN\n  until: zero-window\n- quiet: 100ms\n- stream: rest\n");
  go_on(talk);
  talk.arrive(with_window(talk.theirs(flag::ack, 1, 32 * 1460 + 1), 65535 - 32 * 1460));
  go_on(talk);
  talk.arrive(with_window(talk.theirs(flag::ack, 1, 44 * 1460 + 1), 65535 - 44 * 1460));
  go_on(talk);
  EXPECT_EQ(talk.judge().conversation().ours.next() - Seq{Exchange::our_isn}, 65'536);
  talk.arrive(with_window(talk.theirs(flag::ack, 1, 65'536), 0));
  EXPECT_EQ(talk.want().kind, Want::Kind::wait) << "it is quiet";
  talk.after(100ms);
  EXPECT_EQ(talk.want().kind, Want::Kind::wait) << "the window is closed";
  talk.arrive(with_window(talk.theirs(flag::ack, 1, 65'536), 20'000));
  go_on(talk);
  EXPECT_EQ(talk.judge().conversation().ours.next() - Seq{Exchange::our_isn}, 70'002);
  talk.arrive(talk.theirs(flag::ack, 1, 70'002));
  EXPECT_EQ(talk.finish(TcpState::close_wait), Verdict::pass) << talk.judge().reason();
}

TEST(StreamStep, HasNoRestWhereAnotherStreamCameBetween) {
  Usual talk(
      "- one-of:\n    - reading: a\n      steps:\n        - quiet: 10ms\n        - stream: send 1\n"
      "    - reading: b\n      steps:\n        - expect: FIN+ACK\n        - stream: send 5\n"
      "          until: zero-window\n- stream: rest\n");
  talk.want();
  talk.after(10ms);
  go_on(talk);
  talk.arrive(talk.theirs(flag::ack, 1, 2));
  EXPECT_EQ(talk.finish(TcpState::established), Verdict::fail);
  EXPECT_EQ(talk.finding().signature, "stream: rest: nothing is left");
}

// Each act waits for the target, so many small delays are no large one; a large one is.
TEST(StreamStep, DoesNotAddUpHowLateItWas) {
  Stream talk("expect 5000");
  for (std::uint32_t seq = 1; seq < 4000; seq += 1000) {
    talk.arrive(talk.theirs(flag::ack, seq, 1, 500));
    talk.arrive(talk.theirs(flag::ack, seq + 500, 1, 500));
    talk.after(40ms);
    go_on(talk);
  }
  EXPECT_EQ(talk.finish(TcpState::established), Verdict::fail) << "not inconclusive, though 160 ms in all";
}

TEST(StreamStep, CountsALateAcknowledgment) {
  Stream talk("expect 5000");
  talk.arrive(talk.theirs(flag::ack, 1, 1, 500));
  talk.arrive(talk.theirs(flag::ack, 501, 1, 500));
  talk.after(150ms);
  go_on(talk);
  EXPECT_EQ(talk.finish(TcpState::established), Verdict::inconclusive);
}

// An application that reads may keep its stack from looking, and gets no processor.
TEST(StreamStep, DoesNotAskWhenTheTargetLooked) {
  Usual talk("- stream: send 4000\n");
  go_on(talk);
  talk.after(90ms);
  talk.arrive(talk.theirs(flag::ack, 1, 1461));
  talk.arrive(talk.theirs(flag::ack, 1, 4001));
  EXPECT_EQ(talk.finish(TcpState::established), Verdict::pass) << talk.judge().reason();
}

}  // namespace
}  // namespace finack
