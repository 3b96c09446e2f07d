// SPDX-License-Identifier: Apache-2.0
// What RFCs permit or recommend as well, and the model does when it is set to.
#include "exchange.h"

namespace finack::model {
namespace {

class Readings : public Exchange {
 protected:
  void begin_with(bool Settings::*what) {
    Settings settings;
    settings.*what = true;
    begin(settings);
  }
};

constexpr TcpState synchronized_states[] = {TcpState::established, TcpState::fin_wait_1, TcpState::fin_wait_2,
                                            TcpState::close_wait,  TcpState::closing,    TcpState::last_ack,
                                            TcpState::time_wait};

TEST_F(Readings, ASynInTheWindowResets) {
  for (const TcpState here : synchronized_states) {
    begin_with(&Settings::reset_for_syn);
    lead_to(here);
    send("SYN seq=next-1");
    EXPECT_EQ(came().substr(0, 3), "ACK") << to_string(here);
    EXPECT_EQ(state(), here);
    send("SYN seq=next");
    EXPECT_EQ(came().substr(0, 3), "RST") << to_string(here);
    EXPECT_EQ(state(), TcpState::closed);
  }
}

TEST_F(Readings, WhoResetsLingers) {
  for (const TcpState here : synchronized_states) {
    begin_with(&Settings::linger_after_reset);
    lead_to(here);
    connection->options().linger = Duration{};
    close();
    const bool reset = here < TcpState::closing;
    EXPECT_EQ(came().substr(0, 3), reset ? "RST" : "") << to_string(here);
    EXPECT_EQ(state(), reset ? TcpState::time_wait : TcpState::closed) << to_string(here);
    pass(4min);
    EXPECT_EQ(state(), TcpState::closed);
  }
}

TEST_F(Readings, TimeWaitIsSilentToAnOldSyn) {
  begin_with(&Settings::drop_old_syn);
  lead_to(TcpState::time_wait);
  send("SYN seq=next-1");
  EXPECT_EQ(came(), "");
  EXPECT_EQ(state(), TcpState::time_wait);
  send("SYN seq=next+1000");
  EXPECT_EQ(state(), TcpState::syn_received) << "that one is new";
}

TEST_F(Readings, AnyHardErrorCounts) {
  begin_with(&Settings::any_icmp);
  lead_to(TcpState::fin_wait_2);
  icmp("host-unreachable");
  EXPECT_EQ(state(), TcpState::fin_wait_2);
  icmp("port-unreachable");
  EXPECT_EQ(state(), TcpState::closed);
}

TEST_F(Readings, UnreadDataResetsInTimeWaitToo) {
  for (const bool set : {false, true}) {
    begin({});
    if (set) begin_with(&Settings::reset_in_time_wait);
    lead_to(TcpState::fin_wait_2);
    send("FIN+ACK len=10");
    came();
    close();
    EXPECT_EQ(came(), set ? "RST 2" : "");
    EXPECT_EQ(state(), set ? TcpState::closed : TcpState::time_wait);
  }
}

}  // namespace
}  // namespace finack::model
