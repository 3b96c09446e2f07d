// SPDX-License-Identifier: Apache-2.0
// Our end in a stream: what it sends and when, without a judge. Numbers are relative to each side's ISN; both
// streams begin just before zero.
#include "judge/streaming.h"

#include <gtest/gtest.h>

#include "judge/flags.h"
#include "packet/option.h"

namespace finack {
namespace {

constexpr std::uint32_t our_start = 0xffffff00, their_start = 0xfffffe00;

class StreamingTest : public testing::Test {
 protected:
  // After a handshake with that window.
  explicit StreamingTest(std::uint16_t window = 65535) {
    inject(flag::syn, 0, 0);
    Segment answer = theirs(flag::syn + flag::ack, 0, 1, 0, window);
    answer.options = {mss_option(1000)};
    numbers_.arrived(answer);
    inject(flag::ack, 1, 0);
  }

  static Segment theirs(Flags flags, std::uint32_t seq, std::uint32_t ack, std::size_t length = 0,
                        std::uint16_t window = 65535) {
    Segment out;
    out.flags = flags;
    out.seq = Seq{their_start} + seq;
    out.ack = Seq{our_start} + ack;
    out.window = window;
    out.payload.resize(length);
    return out;
  }
  void inject(Flags flags, std::uint32_t seq, std::size_t length) {
    Segment out;
    out.flags = flags;
    out.seq = Seq{our_start} + seq;
    if (flags.has(flag::ack)) out.ack = numbers_.theirs.next();
    out.window = 65535;
    out.payload.resize(length);
    numbers_.injected(out);
    if (streaming_) streaming_->sent(now_, out);
  }

  void begin(std::optional<StreamStep::Part> sent, std::optional<StreamStep::Part> expected,
             std::uint32_t ack_every = 2) {
    streaming_.emplace(StreamStep{sent, expected, ack_every}, numbers_, Family::ipv4, numbers_.theirs.next(),
                       now_);
  }
  void arrive(const Segment& segment) {
    numbers_.arrived(segment);
    if (segment.length() > 0) {
      ASSERT_FALSE(streaming_->wrong_with(segment));
      streaming_->took(now_, segment);
    }
    streaming_->heard(now_, numbers_);
  }
  // What is due, in one word each, and sends it.
  std::string go() {
    std::string out;
    for (int i = 0; i < 100; ++i) {
      const auto due = streaming_->due(numbers_, now_);
      if (!due) break;
      const std::uint32_t seq = due->seq ? Seq{static_cast<std::uint32_t>(due->seq->offset)}.value - our_start
                                         : static_cast<std::uint32_t>(numbers_.ours.next() - Seq{our_start});
      const std::size_t length = due->length.value_or(0);
      out += (out.empty() ? "" : ", ") + std::to_string(seq) + "+" + std::to_string(length);
      if (due->flags.has(flag::psh)) out += "P";
      if (due->flags.has(flag::fin)) out += "F";
      inject(due->flags, seq, length);
    }
    return out;
  }

  Conversation numbers_;
  std::optional<Streaming> streaming_;
  Time now_{};
};

TEST_F(StreamingTest, CutsItsPartByTheMssAndPutsTheFinBehindIt) {
  begin(StreamStep::Part{2500, true}, {});
  EXPECT_EQ(go(), "1+1000, 1001+1000, 2001+500PF");
  EXPECT_FALSE(streaming_->is_over(numbers_));
  EXPECT_EQ(streaming_->progress(numbers_), "0 of 2500 octets, and no FIN, were acknowledged");
  arrive(theirs(flag::ack, 1, 2502));
  EXPECT_TRUE(streaming_->is_over(numbers_));
  EXPECT_EQ(streaming_->progress(numbers_), "2500 of 2500 octets and the FIN were acknowledged");
}

TEST_F(StreamingTest, IsNoFurtherAheadThanThirtyTwoSegments) {
  begin(StreamStep::Part{40'000}, {});
  const std::string first = go();
  EXPECT_TRUE(first.ends_with(", 31001+1000")) << first;
  arrive(theirs(flag::ack, 1, 2001));
  EXPECT_EQ(go(), "32001+1000, 33001+1000");
}

class SmallWindow : public StreamingTest {
 protected:
  SmallWindow() : StreamingTest(1500) {}
};

TEST_F(SmallWindow, IsFilledWithWholeSegmentsWhileSomethingIsOnItsWay) {
  begin(StreamStep::Part{3000, true}, {});
  EXPECT_EQ(go(), "1+1000") << "RFC 9293 3.8.6.2.1";
  arrive(theirs(flag::ack, 1, 1001, 0, 500));
  EXPECT_EQ(go(), "1001+500") << "nothing is on its way";
  arrive(theirs(flag::ack, 1, 1501, 0, 1500));
  EXPECT_EQ(go(), "1501+1000");
  arrive(theirs(flag::ack, 1, 2501, 0, 500));
  EXPECT_EQ(go(), "2501+500P") << "the FIN has no place in the window";
  arrive(theirs(flag::ack, 1, 3001, 0, 1));
  EXPECT_EQ(go(), "3001+0F");
}

TEST_F(SmallWindow, IsProbedWithAnOldNumberWhenItIsClosed) {
  begin(StreamStep::Part{2000}, {});
  EXPECT_EQ(go(), "1+1000");
  arrive(theirs(flag::ack, 1, 1001, 0, 0));
  EXPECT_EQ(go(), "");
  EXPECT_EQ(streaming_->next_look(), now_ + 1s);
  now_ += 1s;
  EXPECT_EQ(go(), "1000+0");
  EXPECT_TRUE(streaming_->take_answer());
  EXPECT_FALSE(streaming_->take_answer()) << "one for each repetition";
  EXPECT_EQ(streaming_->next_look(), now_ + 2s);
  arrive(theirs(flag::ack, 1, 1001, 0, 1500));
  EXPECT_EQ(go(), "1001+1000P");
}

TEST_F(SmallWindow, HaltsWhatIsTold) {
  StreamStep step{StreamStep::Part{3000, true}, StreamStep::Part{500}};
  step.until_zero_window = true;
  streaming_.emplace(step, numbers_, Family::ipv4, numbers_.theirs.next(), now_);
  EXPECT_EQ(go(), "1+1000");
  arrive(theirs(flag::ack, 1, 1001, 0, 500));
  EXPECT_EQ(go(), "1001+500");
  EXPECT_FALSE(streaming_->is_halted(numbers_));
  arrive(theirs(flag::ack, 1, 1001, 0, 0));
  EXPECT_FALSE(streaming_->is_halted(numbers_)) << "something is on its way";
  arrive(theirs(flag::ack, 1, 1501, 500, 0));
  EXPECT_FALSE(streaming_->is_halted(numbers_)) << "something is not acknowledged";
  EXPECT_EQ(go(), "1501+0");
  EXPECT_TRUE(streaming_->is_halted(numbers_));
  EXPECT_FALSE(streaming_->is_over(numbers_));
}

class ProbedWindow : public SmallWindow {
 protected:
  // What our end goes on with after an octet that probed a window of zero, of which the target took so many.
  std::string goes_on(std::uint32_t taken) {
    StreamStep step{StreamStep::Part{3000, true}};
    step.until_zero_window = true;
    streaming_.emplace(step, numbers_, Family::ipv4, numbers_.theirs.next(), now_);
    go();
    arrive(theirs(flag::ack, 1, 1001, 0, 0));
    EXPECT_TRUE(streaming_->is_halted(numbers_));
    inject(flag::ack, 1001, 1);
    numbers_.arrived(theirs(flag::ack, 1, 1001 + taken, 0, 5000));
    now_ += 5s;
    StreamStep rest;
    rest.rest = true;
    streaming_->resume(rest, numbers_, now_);
    return go();
  }
};

TEST_F(ProbedWindow, IsFilledFromTheOctetOn) {
  EXPECT_EQ(goes_on(0), "1001+1000, 2001+1000PF");
  arrive(theirs(flag::ack, 1, 3002));
  EXPECT_TRUE(streaming_->is_over(numbers_));
}

TEST_F(ProbedWindow, HaltsItAgainOnceItWasOpen) {
  StreamStep step{StreamStep::Part{3000, true}};
  step.until_zero_window = true;
  streaming_.emplace(step, numbers_, Family::ipv4, numbers_.theirs.next(), now_);
  go();
  arrive(theirs(flag::ack, 1, 1001, 0, 0));
  step = {};
  step.rest = step.until_zero_window = true;
  streaming_->resume(step, numbers_, now_);
  EXPECT_FALSE(streaming_->is_halted(numbers_)) << "the target has not told of its room yet";
  arrive(theirs(flag::ack, 1, 1001, 0, 200));
  EXPECT_EQ(go(), "1001+200");
  arrive(theirs(flag::ack, 1, 1201, 0, 0));
  EXPECT_TRUE(streaming_->is_halted(numbers_));
}

TEST_F(ProbedWindow, IsFilledFromBehindTheOctetOnThatWasTaken) {
  EXPECT_EQ(goes_on(1), "1002+1000, 2002+999PF");
  EXPECT_FALSE(streaming_->is_halted(numbers_)) << "it goes on to its end";
}

TEST_F(StreamingTest, SendsTheFirstThatIsNotAcknowledgedAgain) {
  begin(StreamStep::Part{1500, true}, {});
  EXPECT_EQ(go(), "1+1000, 1001+500PF");
  now_ += 500ms;
  arrive(theirs(flag::ack, 1, 1001));
  now_ += 999ms;
  EXPECT_EQ(go(), "") << "the timer began anew";
  now_ += 1ms;
  EXPECT_EQ(go(), "1001+500PF");
  now_ += 1999ms;
  EXPECT_EQ(go(), "");
  now_ += 1ms;
  EXPECT_EQ(go(), "1001+500PF");
}

TEST_F(StreamingTest, AcknowledgesEverySecondSegmentAndTheLastAtOnce) {
  begin({}, StreamStep::Part{3000, true});
  arrive(theirs(flag::ack, 1, 1, 1000));
  EXPECT_EQ(go(), "");
  arrive(theirs(flag::ack, 1001, 1, 1000));
  EXPECT_EQ(go(), "1+0");
  arrive(theirs(fin_ack, 2001, 1, 1000));
  EXPECT_FALSE(streaming_->expects_more());
  EXPECT_FALSE(streaming_->is_over(numbers_)) << "before it is acknowledged";
  EXPECT_EQ(go(), "1+0");
  EXPECT_TRUE(streaming_->is_over(numbers_));
}

TEST_F(StreamingTest, AcknowledgesALoneSegmentBeforeLong) {
  begin({}, StreamStep::Part{3000}, 3);
  arrive(theirs(flag::ack, 1, 1, 1000));
  now_ += 10ms;
  arrive(theirs(flag::ack, 1001, 1, 100));
  EXPECT_EQ(go(), "");
  EXPECT_EQ(streaming_->next_look(), now_ + 10ms);
  now_ += 10ms;
  EXPECT_EQ(go(), "1+0");
  EXPECT_EQ(streaming_->next_look(), never);
  streaming_->took_repetition();
  EXPECT_EQ(go(), "1+0") << "and what comes again at once";
}

TEST_F(StreamingTest, AcknowledgesWithWhatItSends) {
  begin(StreamStep::Part{2000}, StreamStep::Part{2000});
  arrive(theirs(flag::ack, 1, 1, 1000));
  arrive(theirs(flag::ack, 1001, 1, 1000));
  EXPECT_EQ(go(), "1+1000, 1001+1000P");
  EXPECT_FALSE(streaming_->expects_more());
  arrive(theirs(flag::ack, 2001, 2001));
  EXPECT_TRUE(streaming_->is_over(numbers_));
  EXPECT_EQ(streaming_->progress(numbers_),
            "2000 of 2000 octets came; 2000 of 2000 octets were acknowledged");
}

TEST_F(StreamingTest, KnowsWhatIsNotOfTheStream) {
  begin({}, StreamStep::Part{1000});
  EXPECT_EQ(streaming_->wrong_with(theirs(flag::ack, 1, 1, 1001))->what,
            "1 octets more than the 1000 wanted");
  EXPECT_EQ(streaming_->wrong_with(theirs(fin_ack, 1, 1, 1000))->what, "a FIN, which is not wanted");
  begin({}, StreamStep::Part{1000, true});
  EXPECT_EQ(streaming_->wrong_with(theirs(fin_ack, 1, 1, 999))->what,
            "a FIN behind 999 octets, where 1000 were wanted");
  EXPECT_FALSE(streaming_->wrong_with(theirs(fin_ack, 1, 1, 1000)));
}

}  // namespace
}  // namespace finack
