// SPDX-License-Identifier: Apache-2.0
#include "exchange.h"

namespace finack::model {
namespace {

class TimeWait : public Exchange {};

TEST_F(TimeWait, LastsTwiceTheMsl) {
  lead_to(TcpState::time_wait);
  pass(240s - 1ms);
  EXPECT_EQ(state(), TcpState::time_wait);
  pass(1ms);
  EXPECT_EQ(state(), TcpState::closed);
  EXPECT_EQ(taken(), "T-059");
  send("ACK");
  EXPECT_EQ(came(), "RST 2");
}

TEST_F(TimeWait, BeginsAnewWithARepeatedFin) {
  lead_to(TcpState::time_wait);
  pass(200s);
  send("FIN+ACK seq=next-1");
  EXPECT_EQ(came(), "ACK 2 2");
  pass(200s);
  EXPECT_EQ(state(), TcpState::time_wait);
  pass(40s);
  EXPECT_EQ(state(), TcpState::closed);
  EXPECT_EQ(taken(), "S-100 T-059");
}

TEST_F(TimeWait, EndsWithAResetOrIgnoresIt) {
  lead_to(TcpState::time_wait);
  send("RST");
  EXPECT_EQ(state(), TcpState::closed);
  EXPECT_EQ(taken(), "T-060");
  Settings settings;
  settings.ignore_reset_in_time_wait = true;
  begin(settings);
  lead_to(TcpState::time_wait);
  send("RST");
  send("RST seq=next+5");
  EXPECT_EQ(state(), TcpState::time_wait);
  EXPECT_EQ(came(), "");
  EXPECT_EQ(taken(), "S-083 S-083");
}

TEST_F(TimeWait, IsSilentToAnAckAndAnswersWhatIsOld) {
  lead_to(TcpState::time_wait);
  send("ACK");
  EXPECT_EQ(came(), "");
  send("ACK seq=1 len=1");
  EXPECT_EQ(came(), "ACK 2 2");
  send("ACK ack=next+1");
  EXPECT_EQ(came(), "ACK 2 2");
  EXPECT_EQ(taken(), "S-076 S-079");
}

TEST_F(TimeWait, GivesWayToANewerSyn) {
  lead_to(TcpState::time_wait);
  const Seq old_end = talk.theirs.next();
  talk = {};
  us.isn = us.isn + 100;
  send("SYN");
  collect();
  EXPECT_EQ(state(), TcpState::syn_received);
  EXPECT_GT(*talk.theirs.isn(), old_end);
  EXPECT_EQ(taken(), "T-062");
  send("ACK");
  EXPECT_EQ(state(), TcpState::established);
}

TEST_F(TimeWait, DoesNotGiveWayToAnOlderOne) {
  lead_to(TcpState::time_wait);
  send("SYN seq=0");
  EXPECT_EQ(came(), "ACK 2 2");
  EXPECT_EQ(state(), TcpState::time_wait);
  EXPECT_EQ(taken(), "S-086");
}

TEST_F(TimeWait, GivesWayByTimestamp) {
  lead_to(TcpState::time_wait);
  talk = {};
  us.isn = us.isn - 100'000;
  send("SYN <mss 1460, ts 9 0>");
  EXPECT_EQ(state(), TcpState::syn_received);
  EXPECT_EQ(taken(), "T-063");
}

TEST_F(TimeWait, ComesBackWhenTheSynWasAnOldDuplicate) {
  lead_to(TcpState::time_wait);
  talk = {};
  us.isn = us.isn + 100;
  send("SYN");
  collect();
  send("RST");
  EXPECT_EQ(state(), TcpState::time_wait);
  EXPECT_EQ(taken(), "T-062 T-064");
  pass(240s);
  EXPECT_EQ(state(), TcpState::closed);
  EXPECT_FALSE(listener->can_accept());
}

TEST_F(TimeWait, HoldsItsPair) {
  lead_to(TcpState::time_wait);
  listener->close();
  Options reuse;
  reuse.reuse_address = true;
  const auto other = std::make_shared<Socket>(*host, Family::ipv4);
  EXPECT_EQ(other->bind(pair.target).error(), "EADDRINUSE");
}

}  // namespace
}  // namespace finack::model
