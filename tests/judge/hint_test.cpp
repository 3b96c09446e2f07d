// SPDX-License-Identifier: Apache-2.0
#include "judge/hint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judge/exchange.h"

namespace finack {
namespace {

using testing::HasSubstr;

TEST(Hint, TellsOfAFinThatWasLostOnTheWay) {
  Exchange talk("- expect: FIN+ACK\n");
  EXPECT_EQ(talk.finish(TcpState::fin_wait_1), Verdict::fail);
  EXPECT_EQ(talk.finding().wanted, "FIN+ACK seq=1 ack=1");
  EXPECT_EQ(talk.finding().got, "nothing within 500 ms");
  EXPECT_THAT(talk.finding().hint, HasSubstr("it has sent its FIN, but none came here"));
}

TEST(Hint, TellsOfAnAckThatWasLostOnTheWay) {
  Exchange talk("- send: FIN+ACK\n- expect: ACK\n");
  talk.want();
  talk.inject(talk.ours(fin_ack, 1, 1));
  EXPECT_EQ(talk.finish(TcpState::close_wait), Verdict::fail);
  EXPECT_EQ(talk.finding().wanted, "ACK seq=1 ack=2");
  EXPECT_THAT(talk.finding().hint, HasSubstr("it has taken our FIN, but no ACK came here"));
}

TEST(Hint, LooksForNoLostAckWhereOneCameThatShouldNot) {
  Exchange talk(
      "- send: SYN\n- expect: SYN+ACK\n- send: ACK\n"
      "- send: ACK len=100\n- expect: ACK win=0\n- target: shutdown\n- expect: FIN+ACK\n"
      "- send: FIN+ACK ack=next-1\n- expect: ACK ack=next-1\n",
      Opening::none);
  const auto arrive = [&](Segment segment, std::uint16_t window) {
    segment.window = window;
    talk.arrive(segment);
    talk.want();
  };
  const auto inject = [&](const Segment& segment) {
    talk.inject(segment);
    talk.want();
  };
  talk.want();
  inject(talk.ours(flag::syn, 0, 0));
  arrive(talk.theirs(syn_ack, 0, 1), 100);
  inject(talk.ours(flag::ack, 1, 1));
  inject(talk.ours(flag::ack, 1, 1, 100));
  arrive(talk.theirs(flag::ack, 1, 101), 0);
  talk.call(2);
  talk.returned(2);
  arrive(talk.theirs(fin_ack, 1, 101), 0);
  inject(talk.ours(fin_ack, 101, 1));
  arrive(talk.theirs(flag::ack, 2, 102), 0);
  EXPECT_EQ(talk.finish(TcpState::closing), Verdict::fail);
  EXPECT_EQ(talk.finding().rule, "INV-STATE-MACHINE");
  EXPECT_EQ(talk.finding().hint, "the target is in CLOSING");
}

TEST(Hint, TellsOfAResetThatWasLostOnTheWay) {
  Exchange talk("- expect: RST\n");
  EXPECT_EQ(talk.finish(std::nullopt), Verdict::fail);
  EXPECT_THAT(talk.finding().hint, HasSubstr("so a RST was due"));
}

}  // namespace
}  // namespace finack
