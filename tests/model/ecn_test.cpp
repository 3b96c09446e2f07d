// SPDX-License-Identifier: Apache-2.0
// Explicit congestion notification (RFC 3168 6.1).
#include "exchange.h"

namespace finack::model {
namespace {

class Ecn : public Exchange {
 protected:
  void begin_with(unsigned ecn) {
    Settings settings;
    settings.ecn = ecn;
    begin(settings);
  }
  void establish_with_ecn() {
    begin_with(2);
    establish("SYN+ECE+CWR");
  }
  std::uint8_t last_tos() {
    collect();
    return arrived.back().ip.tos;
  }
};

TEST_F(Ecn, IsAgreedOnByBoth) {
  begin_with(2);
  listen();
  send("SYN+ECE+CWR");
  EXPECT_EQ(came(), "SYN+ACK+ECE 0 1");
  begin_with(2);
  listen();
  send("SYN");
  EXPECT_EQ(came(), "SYN+ACK 0 1");
  begin_with(0);
  listen();
  send("SYN+ECE+CWR");
  EXPECT_EQ(came(), "SYN+ACK 0 1");
  begin_with(1);
  connect();
  EXPECT_EQ(came(), "SYN+ECE+CWR 0");
  begin_with(2);
  connect();
  EXPECT_EQ(came(), "SYN 0") << "it agrees, and does not ask";
}

TEST_F(Ecn, TheAnswerToItsSynDecides) {
  for (const auto& [answer, echo] :
       {std::pair{"SYN+ACK+ECE", "ACK+ECE 1 11"}, {"SYN+ACK", "ACK 1 11"}, {"SYN+ACK+ECE+CWR", "ACK 1 11"}}) {
    begin_with(1);
    connect();
    came();
    send(answer);
    came();
    send("ACK len=10 tos=3");
    EXPECT_EQ(came(), echo) << answer;
  }
}

TEST_F(Ecn, EchoesMarksUntilTheWindowIsReduced) {
  establish_with_ecn();
  send("ACK len=10 tos=2");
  EXPECT_EQ(came(), "ACK 1 11");
  send("ACK tos=3");
  send("ACK len=10 tos=2");
  EXPECT_EQ(came(), "ACK 1 21") << "marks count on octets alone";
  send("ACK len=10 tos=3");
  send("ACK len=10 tos=2");
  EXPECT_EQ(came(), "ACK+ECE 1 31, ACK+ECE 1 41");
  send("ACK+CWR len=10 tos=3");
  EXPECT_EQ(came(), "ACK+ECE 1 51") << "reduced, and marked once more";
  send("FIN+ACK+CWR len=10 tos=2");
  EXPECT_EQ(came(), "ACK 1 62");
}

TEST_F(Ecn, SaysOnNewOctetsThatItReducedItsWindow) {
  establish_with_ecn();
  write(10);
  EXPECT_EQ(last_tos(), 2);
  EXPECT_EQ(came(), "ACK 1 1 10");
  send("ACK+ECE");
  write(10);
  EXPECT_EQ(came(), "ACK+CWR 11 1 10");
  send("ACK+ECE ack=una");  // of the window that was reduced already
  send("ACK");
  write(10);
  EXPECT_EQ(came(), "ACK 21 1 10");
}

TEST_F(Ecn, WhatIsSentAgainIsNotCapable) {
  establish_with_ecn();
  write(10);
  close();
  came();
  send("ACK+ECE ack=una");
  pass(1s);
  EXPECT_EQ(last_tos(), 0);
  EXPECT_EQ(came(), "FIN+ACK 1 1 10");
}

}  // namespace
}  // namespace finack::model
