// SPDX-License-Identifier: Apache-2.0
#include "exchange.h"

namespace finack::model {
namespace {

class Opening : public Exchange {};

TEST_F(Opening, PassiveIsFigureSix) {
  listen();
  send("SYN");
  EXPECT_EQ(came(), "SYN+ACK 0 1");
  EXPECT_EQ(state(), TcpState::syn_received);
  EXPECT_FALSE(listener->can_accept());
  send("ACK");
  EXPECT_EQ(came(), "");
  EXPECT_EQ(state(), TcpState::established);
  EXPECT_TRUE(listener->can_accept());
  EXPECT_EQ(taken(), "T-001 T-006 T-014");
}

TEST_F(Opening, ActiveIsFigureSixToo) {
  connect();
  EXPECT_EQ(connection->connected().error(), "EINPROGRESS");
  EXPECT_EQ(came(), "SYN 0");
  send("SYN+ACK");
  EXPECT_EQ(came(), "ACK 1 1");
  EXPECT_TRUE(connection->connected());
  EXPECT_EQ(taken(), "T-002 T-009");
}

TEST_F(Opening, ActiveBeginsWithTheNumberThatWasChosen) {
  Options chosen;
  chosen.iss = Seq{0xffffffff};
  connect(chosen);
  collect();
  ASSERT_EQ(arrived.size(), 1u);
  EXPECT_EQ(arrived[0].seq, Seq{0xffffffff});
}

TEST_F(Opening, BothAtOnceIsFigureEight) {
  connect();
  came();
  send("SYN");
  EXPECT_EQ(came(), "SYN+ACK 0 1");
  EXPECT_EQ(state(), TcpState::syn_received);
  send("ACK");
  EXPECT_EQ(state(), TcpState::established);
  EXPECT_EQ(taken(), "T-002 T-010 T-014");
}

// RFC 9293 3.10.7.2, third: the text waits for the handshake.
TEST_F(Opening, TextWithASynIsQueuedByAListener) {
  listen();
  send("SYN len=10");
  EXPECT_EQ(came(), "SYN+ACK 0 1");
  EXPECT_EQ(host->find(pair)->unread(), 0u);
  send("ACK");
  EXPECT_EQ(came(), "ACK 1 11");
  EXPECT_EQ(state(), TcpState::established);
  connection = *listener->accept();
  EXPECT_EQ(read(), "10");
}

TEST_F(Opening, TextThatWaitedComesBeforeThatOfTheAck) {
  listen();
  send("SYN len=10");
  came();
  send("ACK len=5");
  EXPECT_EQ(came(), "ACK 1 16");
  connection = *listener->accept();
  EXPECT_EQ(read(), "15");
}

TEST_F(Opening, AFinWithASynIsQueuedByAListener) {
  listen();
  send("SYN+FIN len=10");
  EXPECT_EQ(came(), "SYN+ACK 0 1");
  EXPECT_EQ(state(), TcpState::syn_received);
  send("ACK");
  EXPECT_EQ(came(), "ACK 1 12");
  EXPECT_EQ(state(), TcpState::close_wait);
  connection = *listener->accept();
  EXPECT_EQ(read(), "10");
  EXPECT_EQ(read(), "end");
}

TEST_F(Opening, UrgentTextWithASynCountsFromTheSyn) {
  listen();
  send("SYN+URG len=10 urg=4");
  came();
  send("ACK");
  came();
  EXPECT_EQ(host->find(pair)->urgent_at, host->find(pair)->irs + 3);
}

// 3.10.7.3, fourth, where the SYNs cross.
TEST_F(Opening, TextWithTheOtherSynIsQueued) {
  connect();
  came();
  send("SYN len=10");
  EXPECT_EQ(came(), "SYN+ACK 0 1");
  send("ACK");
  EXPECT_EQ(came(), "ACK 1 11");
  EXPECT_EQ(state(), TcpState::established);
  EXPECT_EQ(read(), "10");
}

// There it need not wait: "continue processing at the sixth step".
TEST_F(Opening, TextAndFinWithASynAckAreProcessedAtOnce) {
  connect();
  came();
  send("SYN+ACK len=10");
  EXPECT_EQ(came(), "ACK 1 11");
  EXPECT_EQ(state(), TcpState::established);
  EXPECT_EQ(read(), "10");

  begin({});
  connect();
  came();
  send("SYN+FIN+ACK len=10");
  EXPECT_EQ(came(), "ACK 1 12");
  EXPECT_EQ(state(), TcpState::close_wait);
  EXPECT_EQ(read(), "10");
  EXPECT_EQ(read(), "end");
}

TEST_F(Opening, AResetReturnsToListenOrRefuses) {
  listen();
  send("SYN");
  came();
  send("RST");
  EXPECT_EQ(came(), "");
  EXPECT_EQ(state(), TcpState::closed);
  EXPECT_EQ(taken(), "T-001 T-006 T-016");
  EXPECT_TRUE(host->find({pair.target, {pair.peer.address, 0}}));

  begin({});
  connect();
  came();
  send("RST+ACK");
  EXPECT_EQ(connection->connected().error(), "ECONNREFUSED");
  EXPECT_EQ(taken(), "T-002 T-011");
}

TEST_F(Opening, AResetThatAcknowledgesNothingIsIgnored) {
  connect();
  came();
  send("RST");
  send("RST+ACK ack=5");
  EXPECT_EQ(state(), TcpState::syn_sent);
  send("ACK ack=5");
  EXPECT_EQ(came(), "RST 5");
  EXPECT_EQ(taken(), "T-002 S-009 S-008 S-007");
}

TEST_F(Opening, AWrongAcknowledgmentInSynReceivedDrawsAReset) {
  listen();
  send("SYN");
  came();
  send("ACK ack=next+7");
  EXPECT_EQ(came(), "RST 8");
  EXPECT_EQ(state(), TcpState::syn_received);
}

TEST_F(Opening, ASynInTheWindowReturnsToListen) {
  listen();
  send("SYN");
  came();
  send("SYN seq=next+10");
  EXPECT_EQ(state(), TcpState::closed);
  EXPECT_EQ(taken(), "T-001 T-006 T-018");
}

TEST_F(Opening, NobodyAnswersAsTheTextSays) {
  send("ACK ack=77");
  EXPECT_EQ(came(), "RST #77");
  begin({});
  send("SYN len=10");
  EXPECT_EQ(came(), "RST+ACK #0 11");
  send("RST");
  EXPECT_EQ(came(), "");
  EXPECT_EQ(taken(), "S-003 S-001");
}

TEST_F(Opening, AListenerPassesOverWhatIsNoSyn) {
  listen();
  send("FIN");
  send("RST");
  EXPECT_EQ(came(), "");
  send("ACK ack=5");
  EXPECT_EQ(came(), "RST #5");
  EXPECT_EQ(taken(), "T-001 S-006 S-004 S-005");
}

TEST_F(Opening, OptionsAreAnsweredOnlyWhenOffered) {
  establish("SYN");
  EXPECT_EQ(to_string(all.front().options), "<mss 1460>");
  begin({});
  all.clear();
  establish("SYN <mss 1460, sackok, ts 5 0, wscale 3>");
  const auto stamps = timestamps_of(all.front().options);
  ASSERT_TRUE(stamps);
  EXPECT_EQ(stamps->echo, 5u);
  EXPECT_EQ(window_scale_of(all.front().options), 2);
}

TEST_F(Opening, TheQueueOfAListenerIsBounded) {
  listen();
  for (std::uint16_t port = 6000; port < 6010; ++port) send("SYN sport=" + std::to_string(port));
  collect();
  EXPECT_EQ(arrived.size(), 4u);
  EXPECT_EQ(host->connections(), 4u);
  listener->close();
  EXPECT_EQ(host->connections(), 0u);
}

TEST_F(Opening, FinWithTheAckOfItsSynLeadsToCloseWait) {
  listen();
  send("SYN");
  came();
  send("FIN+ACK");
  EXPECT_EQ(came(), "ACK 1 2");
  EXPECT_EQ(state(), TcpState::close_wait);
  EXPECT_EQ(taken(), "T-001 T-006 T-014 T-019");
}

TEST_F(Opening, InitialNumbersGrowWithTimeAndDifferByPair) {
  establish();
  const Seq first = *talk.theirs.isn();
  begin({});
  pass(1s);
  establish();
  EXPECT_EQ(*talk.theirs.isn() - first, 250'000);
  begin({});
  us.pair.peer.port = pair.peer.port = 5001;
  listen();
  send("SYN");
  collect();
  EXPECT_NE(*talk.theirs.isn(), first);
}

}  // namespace
}  // namespace finack::model
