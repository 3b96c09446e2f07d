// SPDX-License-Identifier: Apache-2.0
// The checks of RFC 9293 3.10.7.4, first to fifth, with RFC 5961 and RFC 7323.
#include "exchange.h"

namespace finack::model {
namespace {

constexpr TcpState with_checks[] = {TcpState::established, TcpState::fin_wait_1, TcpState::fin_wait_2,
                                    TcpState::close_wait,  TcpState::closing,    TcpState::last_ack};

class Checks : public Exchange {
 protected:
  // What comes for a segment in each of those states, "ACK" or nothing, and that the state stays.
  void expect_everywhere(std::string_view segment_text, std::string_view answer) {
    for (const TcpState state_wanted : with_checks) {
      begin({});
      lead_to(state_wanted);
      send(segment_text);
      EXPECT_EQ(came().substr(0, 3), answer) << to_string(state_wanted) << " " << segment_text;
      EXPECT_EQ(state(), state_wanted) << segment_text;
    }
  }
};

TEST_F(Checks, OldAndFarSegmentsDrawAnAck) {
  expect_everywhere("ACK seq=next-1 len=1", "ACK");
  expect_everywhere("ACK seq=next+200000", "ACK");
}

TEST_F(Checks, ResetsCountAtRcvNxtOnly) {
  expect_everywhere("RST seq=next+1", "ACK");
  expect_everywhere("RST seq=next+window-1", "ACK");
  expect_everywhere("RST seq=next+window", "");
  expect_everywhere("RST seq=next-1", "");
  for (const TcpState here : with_checks) {
    begin({});
    lead_to(here);
    send("RST len=20");
    EXPECT_EQ(state(), TcpState::closed) << to_string(here);
    EXPECT_EQ(came(), "");
  }
}

TEST_F(Checks, ASynDrawsAChallengeAck) {
  expect_everywhere("SYN seq=next", "ACK");
  expect_everywhere("SYN seq=next+100000", "ACK");
}

TEST_F(Checks, WithoutAckFlagNothingHappens) {
  expect_everywhere("FIN", "");
}

TEST_F(Checks, AcknowledgmentsOfTheFutureAndOfLongAgoDrawAnAck) {
  expect_everywhere("ACK ack=next+1", "ACK");
  expect_everywhere("ACK ack=una-100000", "ACK");
}

TEST_F(Checks, TheApplicationIsToldOfAReset) {
  lead_to(TcpState::established);
  send("RST");
  EXPECT_EQ(read(), "ECONNRESET");
  EXPECT_EQ(read(), "end");
  EXPECT_EQ(connection->send(Bytes(1), false).error(), "EPIPE");
}

TEST_F(Checks, AFinAgainIsAcknowledged) {
  for (const TcpState here : {TcpState::close_wait, TcpState::closing, TcpState::last_ack}) {
    begin({});
    lead_to(here);
    send("FIN+ACK seq=next-1 ack=una");
    EXPECT_EQ(came().substr(0, 3), "ACK") << to_string(here);
    EXPECT_EQ(state(), here);
  }
}

TEST_F(Checks, TextBeyondTheirFinIsIgnored) {
  lead_to(TcpState::close_wait);
  send("ACK len=10");
  EXPECT_EQ(came(), "");
  EXPECT_EQ(read(), "end");
  EXPECT_EQ(taken(), "S-093");
}

TEST_F(Checks, OldTimestampsAreDropped) {
  establish("SYN <mss 1460, ts 1000 0>");
  pass(2s);
  send("ACK len=10 <nop, nop, ts 2000 0>");
  came();
  send("ACK len=10 <nop, nop, ts 1500 0>");
  EXPECT_EQ(came(), "ACK 1 11");
  EXPECT_EQ(read(), "10");
  EXPECT_EQ(taken(), "S-087 S-029");
  send("FIN+ACK seq=11 <nop>");  // none at all, after they were agreed on
  EXPECT_EQ(came(), "");
  send("RST seq=11 <nop>");  // but a reset needs none
  EXPECT_EQ(state(), TcpState::closed);
}

TEST_F(Checks, NumbersWrapAround) {
  us.isn = Seq{0xfffffff0};
  Settings settings;
  settings.iss = Seq{0xfffffffa};
  begin(settings);
  establish();
  send("ACK len=100");
  EXPECT_EQ(came(), "ACK 1 101");
  write(100);
  EXPECT_EQ(came(), "ACK 1 101 100");
  send("ACK");
  shutdown();
  EXPECT_EQ(came(), "FIN+ACK 101 101");
  send("RST seq=next+1");
  EXPECT_EQ(came(), "ACK 102 101");
  send("FIN+ACK");
  EXPECT_EQ(came(), "ACK 102 102");
  EXPECT_EQ(state(), TcpState::time_wait);
}

TEST_F(Checks, NumbersThatWrapBreakAPlainComparison) {
  us.isn = Seq{5};
  Settings settings;
  settings.iss = Seq{0xfffffffe};
  begin(settings, "plain-comparison");
  establish();
  write(100);
  came();
  send("ACK");
  shutdown();
  send("ACK");
  EXPECT_NE(state(), TcpState::fin_wait_2);
}

// RFC 5961 7
TEST_F(Checks, ChallengesNoMoreThanTenInFiveSeconds) {
  establish();
  int answers = 0;
  for (int i = 0; i < 30; ++i) {
    send("RST seq=next+1");
    answers += !came().empty();
  }
  EXPECT_EQ(answers, 10);
  pass(5s);
  send("SYN");
  EXPECT_EQ(came(), "ACK 1 1");
}

}  // namespace
}  // namespace finack::model
