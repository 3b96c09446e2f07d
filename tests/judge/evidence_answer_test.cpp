// SPDX-License-Identifier: Apache-2.0
// Rules whose edges cannot be told from others by what follows: shown by what was answered, and nearly shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tale.h"

namespace finack::answers {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using enum TcpState;

constexpr Flags ack = flag::ack, fin = flag::fin + flag::ack, rst = flag::rst, syn = flag::syn;

TEST(Evidence, AnswerToAnAckOfLongAgo) {
  const auto told = [](std::uint32_t behind, std::uint32_t answer) {
    Tale out;
    out.ours(fin, 1, 1u - behind);
    return out.theirs(ack, 1, answer).read().shown("CR-040");
  };
  EXPECT_THAT(told(70'000, 1), ElementsAre(established));
  EXPECT_THAT(told(60'000, 1), IsEmpty()) << "within the largest window";
  EXPECT_THAT(told(70'000, 2), IsEmpty()) << "the FIN was taken";
  Tale silent;
  EXPECT_THAT(silent.ours(fin, 1, 1u - 70'000).after(1s).read().shown("CR-040"), IsEmpty());
  Tale late;
  late.ours(fin, 1, 1u - 70'000).after(1s).ours(ack, 1, 1).theirs(ack, 1, 1).read();
  EXPECT_THAT(late.shown("CR-040"), IsEmpty()) << "the answer to something else";
}

TEST(Evidence, LargestWindowCounts) {
  const auto told = [](std::uint16_t window) {
    Tale out;
    out.in(close_wait).ours(ack, 1, 1).our_window(window).ours(ack, 1, 1).ours(ack, 1, 1u - 1000);
    return out.theirs(ack, 1, 1).read().shown("CR-092");
  };
  EXPECT_THAT(told(100), IsEmpty()) << "once it was larger";
  Tale small;
  small.in(close_wait).our_window(100).ours(ack, 1, 1u - 70'000).theirs(ack, 1, 1).read();
  EXPECT_THAT(small.shown("CR-092"), ElementsAre(close_wait));
}

TEST(Evidence, AnswerToAResetInTheWindow) {
  const auto told = [](std::uint32_t seq) {
    return Tale().in(time_wait).ours(rst, seq, 0).theirs(ack, 1, 1).read().shown("CR-076");
  };
  EXPECT_THAT(told(2), ElementsAre(time_wait));
  EXPECT_THAT(told(65'535), ElementsAre(time_wait));
  EXPECT_THAT(told(1), IsEmpty()) << "at RCV.NXT";
  EXPECT_THAT(told(65'536), IsEmpty()) << "beyond the window";
  EXPECT_THAT(Tale().ours(rst, 2, 0).theirs(rst, 1, 1).read().shown("CR-076"), IsEmpty());
}

TEST(Evidence, AnswerToASyn) {
  const auto told = [](std::uint32_t seq, std::string_view rule) {
    return Tale().ours(syn, seq, 0).theirs(ack, 1, 1).ours(rst, 1, 0).in(closed).read().shown(rule);
  };
  EXPECT_THAT(told(1000, "CR-086"), ElementsAre(established));
  EXPECT_THAT(told(70'000, "CR-086"), ElementsAre(established));
  EXPECT_THAT(told(70'000, "CR-088"), IsEmpty()) << "CR-088 is about closing states";
  const auto rebooted = [](std::uint32_t seq, std::uint32_t reset) {
    Tale out;
    out.in(close_wait).ours(syn, seq, 0).theirs(ack, 1, 1).ours(rst, reset, 0).in(closed);
    return out.read().shown("CR-088");
  };
  EXPECT_THAT(rebooted(70'000, 1), ElementsAre(close_wait));
  EXPECT_THAT(rebooted(0, 1), ElementsAre(close_wait));
  EXPECT_THAT(rebooted(1000, 1), IsEmpty()) << "in the window";
  EXPECT_THAT(rebooted(70'000, 2), IsEmpty()) << "not that reset ended it";
}

}  // namespace
}  // namespace finack::answers
