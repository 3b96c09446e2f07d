// SPDX-License-Identifier: Apache-2.0
#include "model/sending.h"

#include "exchange.h"

namespace finack::model {
namespace {

class Sending : public Exchange {};

TEST_F(Sending, KeepsToTheMssOfThePeerAndItsOptions) {
  establish("SYN <mss 1000>");
  write(2000);
  EXPECT_EQ(came(), "ACK 1 1 1000, ACK 1001 1 1000");
  begin({});
  establish("SYN <mss 1000, ts 1 0>");
  write(1000);
  EXPECT_EQ(came(), "ACK 1 1 988");  // the rest waits (Nagle)
  begin({});
  establish("SYN <nop>");
  write(536);
  EXPECT_EQ(came(), "ACK 1 1 536");
}

TEST_F(Sending, SmallSegmentsWaitUnlessToldNotTo) {
  establish();
  write(10);
  write(10);
  EXPECT_EQ(came(), "ACK 1 1 10");
  send("ACK");
  EXPECT_EQ(came(), "ACK 11 1 10");
  begin({});
  Options hasty;
  hasty.no_delay = true;
  establish("SYN", hasty);
  write(10);
  write(10);
  EXPECT_EQ(came(), "ACK 1 1 10, ACK 11 1 10");
}

TEST_F(Sending, BeginsWithTenSegmentsAndGrows) {
  us.window = 65535;
  establish("SYN <mss 1000, wscale 7>");
  write(100'000);
  collect();
  EXPECT_EQ(arrived.size(), 10u);
  came();
  send("ACK");
  collect();
  EXPECT_EQ(arrived.size(), 11u);
}

TEST_F(Sending, ThreeDuplicatesBringTheOldestAgain) {
  establish();
  write(5840);
  came();
  send("ACK ack=una");
  send("ACK ack=una");
  EXPECT_EQ(came(), "");
  send("ACK ack=una");
  EXPECT_EQ(came(), "ACK 1 1 1460");
}

TEST_F(Sending, PushesTheLastOfAWriteAndMarksWhatIsUrgent) {
  establish();
  ASSERT_TRUE(connection->send(Bytes(20), true));
  EXPECT_EQ(last().flags, flag::urg + flag::psh + flag::ack);
  EXPECT_EQ(last().urgent, 20);
  send("ACK");
  ASSERT_TRUE(connection->send(Bytes(5), false));
  EXPECT_EQ(last().flags, flag::psh + flag::ack);
}

TEST_F(Sending, EchoesTimestamps) {
  establish("SYN <mss 1460, ts 1000 0>");
  send("ACK len=1 <nop, nop, ts 1005 0>");
  ASSERT_TRUE(timestamps_of(last().options));
  EXPECT_EQ(timestamps_of(last().options)->echo, 1005u);
}

TEST_F(Sending, ABufferThatIsFullTakesNoMore) {
  establish();
  send("ACK win=0");
  EXPECT_EQ(connection->send(Bytes(300'000), false).value(), 262'144u);
  EXPECT_EQ(connection->send(Bytes(1), false).error(), "EAGAIN");
  EXPECT_EQ(connection->unsent(), 262'144u);
}

}  // namespace
}  // namespace finack::model
