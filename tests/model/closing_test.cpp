// SPDX-License-Identifier: Apache-2.0
#include "exchange.h"

namespace finack::model {
namespace {

class Closing : public Exchange {};

TEST_F(Closing, ActivelyTakesFourSegments) {
  establish();
  shutdown();
  EXPECT_EQ(came(), "FIN+ACK 1 1");
  EXPECT_EQ(state(), TcpState::fin_wait_1);
  send("ACK");
  EXPECT_EQ(state(), TcpState::fin_wait_2);
  send("FIN+ACK");
  EXPECT_EQ(came(), "ACK 2 2");
  EXPECT_EQ(state(), TcpState::time_wait);
  EXPECT_EQ(taken(), "T-022 T-029 T-037");
}

TEST_F(Closing, ThreeSegmentsSuffice) {
  establish();
  shutdown();
  came();
  send("FIN+ACK");
  EXPECT_EQ(came(), "ACK 2 2");
  EXPECT_EQ(state(), TcpState::time_wait);
  EXPECT_EQ(taken(), "T-022 T-031");
}

TEST_F(Closing, BothAtOnce) {
  establish();
  shutdown();
  came();
  send("FIN+ACK ack=next-1");
  EXPECT_EQ(came(), "ACK 2 2");
  EXPECT_EQ(state(), TcpState::closing);
  send("ACK ack=next-1");
  EXPECT_EQ(state(), TcpState::closing);
  send("ACK");
  EXPECT_EQ(state(), TcpState::time_wait);
  EXPECT_EQ(taken(), "T-022 S-121 T-030 S-122 T-049");
}

TEST_F(Closing, Passively) {
  establish();
  send("FIN+ACK");
  EXPECT_EQ(came(), "ACK 1 2");
  EXPECT_EQ(state(), TcpState::close_wait);
  EXPECT_EQ(read(), "end");
  close();
  EXPECT_EQ(came(), "FIN+ACK 1 2");
  EXPECT_EQ(state(), TcpState::last_ack);
  send("ACK");
  EXPECT_EQ(state(), TcpState::closed);
  EXPECT_EQ(host->connections(), 0u);
  EXPECT_EQ(taken(), "T-023 T-043 T-054");
}

TEST_F(Closing, DataStillComesAfterOurFin) {
  lead_to(TcpState::fin_wait_2);
  send("ACK len=1000");
  EXPECT_EQ(came(), "ACK 2 1001");
  EXPECT_EQ(read(), "1000");
  EXPECT_EQ(taken(), "S-091");
}

TEST_F(Closing, DataStillGoesAfterTheirs) {
  lead_to(TcpState::close_wait);
  write(100);
  EXPECT_EQ(came(), "ACK 1 2 100");
  send("ACK");
  shutdown();
  EXPECT_EQ(came(), "FIN+ACK 101 2");
}

TEST_F(Closing, NothingFollowsTheFin) {
  lead_to(TcpState::fin_wait_1);
  EXPECT_EQ(connection->send(Bytes(1), false).error(), "EPIPE");
  EXPECT_TRUE(connection->shutdown(Socket::How::send));
  EXPECT_EQ(came(), "");
  EXPECT_EQ(taken(), "S-111 S-116");
}

TEST_F(Closing, TheFinWaitsForWhatWasQueuedBeforeIt) {
  us.window = 1000;
  establish();
  write(2500);
  shutdown();
  EXPECT_EQ(came(), "ACK 1 1 1000");
  EXPECT_EQ(state(), TcpState::fin_wait_1);
  send("ACK");
  EXPECT_EQ(came(), "ACK 1001 1 1000");
  send("ACK");
  EXPECT_EQ(came(), "FIN+ACK 2001 1 500");
  send("ACK");
  EXPECT_EQ(state(), TcpState::fin_wait_2);
}

TEST_F(Closing, WithUnreadDataSendsAReset) {
  establish();
  send("ACK len=10");
  came();
  close();
  EXPECT_EQ(came(), "RST 1");
  EXPECT_EQ(state(), TcpState::closed);
  EXPECT_EQ(taken(), "S-087 T-028");
}

TEST_F(Closing, DataThatComesWhenNobodyReadsDrawsAReset) {
  establish();
  close();
  came();
  send("ACK len=10");
  EXPECT_EQ(came(), "RST 2");
  EXPECT_EQ(taken(), "T-022 T-029 T-042");
}

TEST_F(Closing, AbortResetsWhereTheTextSaysSo) {
  for (const TcpState from :
       {TcpState::established, TcpState::fin_wait_1, TcpState::fin_wait_2, TcpState::close_wait,
        TcpState::closing, TcpState::last_ack, TcpState::time_wait}) {
    begin({});
    lead_to(from);
    connection->options().linger = Duration{};
    close();
    const bool reset = from < TcpState::closing;
    EXPECT_EQ(came().substr(0, 3), reset ? "RST" : "") << to_string(from);
    EXPECT_EQ(state(), TcpState::closed) << to_string(from);
  }
}

TEST_F(Closing, TheListenerTakesItsQueueWithIt) {
  listen();
  send("SYN");
  came();
  send("ACK");
  listener->close();
  EXPECT_EQ(came(), "RST 1");
  EXPECT_EQ(host->connections(), 0u);
  EXPECT_EQ(host->listeners(), 0u);
}

TEST_F(Closing, AnOrphanDoesNotWaitInFinWait2ForEver) {
  establish();
  close();
  came();
  send("ACK");
  pass(59s);
  EXPECT_EQ(state(), TcpState::fin_wait_2);
  pass(2s);
  EXPECT_EQ(state(), TcpState::closed);
  EXPECT_EQ(taken(), "T-022 T-029 T-041");
  begin({});
  lead_to(TcpState::fin_wait_2);  // its application is there
  pass(std::chrono::hours(24));
  EXPECT_EQ(state(), TcpState::fin_wait_2);
}

TEST_F(Closing, UrgentDataHasItsPlaceInTheStream) {
  Options apart;
  apart.urgent_inline = false;
  establish("SYN", apart);
  EXPECT_EQ(connection->receive_urgent().error(), "EINVAL");
  send("URG+ACK urg=3 len=0");
  EXPECT_EQ(connection->receive_urgent().error(), "EAGAIN");
  send("URG+ACK urg=3 len=5");
  const auto octet = connection->receive_urgent();
  ASSERT_TRUE(octet && *octet);
  EXPECT_EQ(**octet, pattern_octet(us.stream_seed, 2));
  EXPECT_EQ(read(), "4");
}

}  // namespace
}  // namespace finack::model
