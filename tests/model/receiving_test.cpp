// SPDX-License-Identifier: Apache-2.0
#include "model/receiving.h"

#include "exchange.h"

namespace finack::model {
namespace {

class Receiving : public Exchange {};

TEST_F(Receiving, PutsSegmentsInOrder) {
  establish();
  send("ACK seq=101 len=100");
  EXPECT_EQ(came(), "ACK 1 1");
  send("ACK seq=301 len=100");
  send("ACK seq=51 len=100");  // overlaps
  came();
  EXPECT_EQ(read(), "EAGAIN");
  send("ACK seq=1 len=50");
  EXPECT_EQ(came(), "ACK 1 201");
  send("ACK seq=201 len=150");
  EXPECT_EQ(came(), "ACK 1 401");
  const auto octets = connection->receive(1000);
  ASSERT_TRUE(octets);
  ASSERT_EQ(octets->size(), 400u);
  EXPECT_EQ(pattern_mismatch(us.stream_seed, 0, octets->data(), 400), 400u);
}

TEST_F(Receiving, AFinBeyondAHoleDoesNotAct) {
  establish();
  send("FIN+ACK seq=101 len=10");
  EXPECT_EQ(came(), "ACK 1 1");
  EXPECT_EQ(state(), TcpState::established);
  EXPECT_EQ(taken(), "S-088");
  send("ACK seq=1 len=100");
  EXPECT_EQ(came(), "ACK 1 112");
  EXPECT_EQ(state(), TcpState::close_wait);
  EXPECT_EQ(read(), "110");
  EXPECT_EQ(read(), "end");
}

TEST_F(Receiving, ReportsWhatItHasBeyondAHole) {
  establish("SYN <mss 1460, sackok>");
  send("ACK seq=101 len=100");
  send("ACK seq=301 len=100");
  const auto& options = last().options;
  ASSERT_EQ(options.size(), 3u);
  ByteReader blocks(options[2].data);
  EXPECT_EQ(Seq{blocks.u32()} - us.isn, 301);
  EXPECT_EQ(Seq{blocks.u32()} - us.isn, 401);
  EXPECT_EQ(Seq{blocks.u32()} - us.isn, 101);
  EXPECT_EQ(Seq{blocks.u32()} - us.isn, 201);
}

TEST_F(Receiving, TheWindowClosesAndOpensAgain) {
  Options small;
  small.receive_buffer = 2000;
  establish("SYN", small);
  send("ACK len=1400");
  EXPECT_EQ(last().window, 600);
  send("ACK len=1400");  // what is beyond the edge is left out
  EXPECT_EQ(last().window, 0);
  came();
  send("ACK len=1");
  EXPECT_EQ(came(), "ACK 1 2001");
  EXPECT_EQ(read(100), "100");
  EXPECT_EQ(came(), "");  // not worth a word (RFC 9293 3.8.6.2.2)
  EXPECT_EQ(read(1500), "1500");
  EXPECT_EQ(came(), "ACK 1 2001");
  EXPECT_EQ(last().window, 1600);
}

TEST_F(Receiving, AnAckCountsAtAClosedWindow) {
  Options small;
  small.receive_buffer = 100;
  establish("SYN", small);
  send("ACK len=100");
  write(10);
  came();
  send("ACK len=1");
  EXPECT_EQ(connection->unsent(), 0u);
}

TEST_F(Receiving, HoldsABoundedNumberOfPieces) {
  establish();
  for (int i = 1; i < 500; ++i) send("ACK len=1 seq=" + std::to_string(1 + 2 * i));
  EXPECT_LE(host->find(pair)->held.size(), 64u);
}

TEST_F(Receiving, ScalesItsWindow) {
  establish("SYN <mss 1460, wscale 7>");
  send("ACK len=1");
  EXPECT_EQ(last().window, (131'071 + 3) / 4);
}

}  // namespace
}  // namespace finack::model
