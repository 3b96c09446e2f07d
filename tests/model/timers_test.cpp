// SPDX-License-Identifier: Apache-2.0
#include "model/timers.h"

#include "exchange.h"

namespace finack::model {
namespace {

class Timers : public Exchange {};

TEST_F(Timers, ASynIsRepeatedEverMoreSlowlyAndGivenUp) {
  connect();
  EXPECT_EQ(came(), "SYN 0");
  for (const Duration interval : {1s, 2s, 4s, 8s}) {
    pass(interval - 1ms);
    EXPECT_EQ(came(), "");
    pass(1ms);
    EXPECT_EQ(came(), "SYN 0");
  }
  pass(180s);
  EXPECT_EQ(state(), TcpState::closed);
  EXPECT_EQ(connection->connected().error(), "ETIMEDOUT");
  EXPECT_TRUE(taken().ends_with("S-011 T-013"));
}

TEST_F(Timers, ASynAckToo) {
  listen();
  send("SYN");
  came();
  pass(1s);
  EXPECT_EQ(came(), "SYN+ACK 0 1");
}

TEST_F(Timers, AFinIsRepeatedWithItsNumber) {
  for (const TcpState here : {TcpState::fin_wait_1, TcpState::closing, TcpState::last_ack}) {
    begin({});
    lead_to(here);
    pass(1s);
    EXPECT_EQ(came().substr(0, 9), "FIN+ACK 1") << to_string(here);
    pass(2s);
    EXPECT_EQ(came().substr(0, 9), "FIN+ACK 1") << to_string(here);
    pass(300s);
    EXPECT_EQ(state(), TcpState::closed) << to_string(here);
  }
}

TEST_F(Timers, TheOldestSegmentIsRepeatedFirst) {
  establish();
  write(3000);
  EXPECT_EQ(came(), "ACK 1 1 1460, ACK 1461 1 1460");
  pass(1s);
  EXPECT_EQ(came(), "ACK 1 1 1460");
  send("ACK");
  EXPECT_EQ(came(), "ACK 2921 1 80");
}

TEST_F(Timers, TheUserTimeoutEndsTheConnection) {
  Options patience;
  patience.user_timeout = 700ms;
  establish("SYN", patience);
  write(10);
  came();
  pass(699ms);
  EXPECT_EQ(state(), TcpState::established);
  pass(1ms);
  EXPECT_EQ(state(), TcpState::closed);
  EXPECT_EQ(came(), "");
  EXPECT_EQ(read(), "ETIMEDOUT");
  EXPECT_EQ(taken(), "S-109 T-026");
}

TEST_F(Timers, KeepAliveAsksAndGivesUp) {
  Options alive;
  alive.keep_alive = true;
  alive.keep_alive_idle = 10s;
  alive.keep_alive_interval = 1s;
  alive.keep_alive_count = 2;
  establish("SYN", alive);
  pass(10s);
  EXPECT_EQ(came(), "ACK 0 1");
  send("ACK");
  pass(9999ms);
  EXPECT_EQ(came(), "");
  pass(1ms);
  EXPECT_EQ(came(), "ACK 0 1");
  pass(1s);
  EXPECT_EQ(came(), "ACK 0 1");
  pass(1s);
  EXPECT_EQ(came(), "RST 1");
  EXPECT_EQ(read(), "ETIMEDOUT");
}

TEST_F(Timers, KeepAliveIsOffUnlessAskedFor) {
  establish();
  pass(std::chrono::hours(1000));
  EXPECT_EQ(came(), "");
  EXPECT_EQ(host->next_timer(), never);
}

TEST_F(Timers, AClosedWindowIsProbedForAsLongAsItsOwnerAnswers) {
  establish();
  send("ACK win=0");
  write(10);
  EXPECT_EQ(came(), "");
  int probes = 0;
  for (int i = 0; i < 100; ++i) {
    pass(20s);
    if (came().empty()) continue;
    ++probes;
    send("ACK win=0");
    EXPECT_EQ(state(), TcpState::established) << i;
  }
  EXPECT_GT(probes, 10);
  send("ACK win=1000");
  EXPECT_EQ(came(), "ACK 1 1 10");
  send("ACK win=0");
  write(10);
  pass(1000s);
  EXPECT_EQ(state(), TcpState::closed);  // no answer any more
}

TEST_F(Timers, TheirTurnComesInTheirOrder) {
  lead_to(TcpState::time_wait);
  EXPECT_EQ(host->next_timer() - host->now(), 240s);
  pass(std::chrono::hours(1));
  EXPECT_EQ(host->connections(), 0u);
  EXPECT_EQ(host->next_timer(), never);
}

TEST_F(Timers, KeepAliveProbesAConnectionThatWasOpenedActively) {
  Options options;
  options.keep_alive = true;
  options.keep_alive_idle = 10s;
  connect(options);
  came();
  send("SYN+ACK");
  came();
  pass(11s);
  EXPECT_EQ(came(), "ACK 0 1");
}

TEST_F(Timers, WhatLiesBeyondAWindowThatShrankIsWaitedFor) {
  establish();
  write(1000);
  came();
  for (int i = 0; i < 20; ++i) {
    send("ACK ack=next-900 win=0");
    pass(20s);
  }
  EXPECT_EQ(state(), TcpState::established);  // SHLD-17
}

}  // namespace
}  // namespace finack::model
