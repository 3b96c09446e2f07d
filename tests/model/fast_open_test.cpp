// SPDX-License-Identifier: Apache-2.0
#include "model/fast_open.h"

#include "exchange.h"

namespace finack::model {
namespace {

class FastOpenOfTheModel : public Exchange {
 protected:
  static Settings server() {
    Settings out;
    out.fast_open.server = true;
    return out;
  }
  static Options asks() {
    Options out;
    out.fast_open_connect = true;
    return out;
  }
  // The octets of the option on what came last; nothing: it has none.
  std::optional<Bytes> cookie() {
    const Segment& segment = last();
    const auto at = std::ranges::find(segment.options, fast_open_kind, &Option::kind);
    return at == segment.options.end() ? std::nullopt : std::optional(at->data);
  }
  // A connection that was granted a cookie, and is gone again.
  void be_granted(std::string_view syn_ack) {
    connect(asks());
    came();
    send(syn_ack);
    came();
    connection->options().linger = Duration{};
    close();
    came();
    talk = {};
  }
  const Bytes granted = {1, 2, 3, 4, 5, 6, 7, 8};
};

TEST_F(FastOpenOfTheModel, AServerGrantsACookieToWhoAsks) {
  begin(server());
  listen();
  send("SYN len=10 <mss 1460, kind 34>");
  EXPECT_EQ(came(), "SYN+ACK 0 1");
  EXPECT_EQ(cookie(), cookie_for(pair.peer.address, host->settings()));
  EXPECT_FALSE(listener->can_accept());
  send("ACK");
  EXPECT_EQ(came(), "") << "the octets were dropped, and come again";
}

TEST_F(FastOpenOfTheModel, AServerTakesOctetsWithACookieOfItsOwn) {
  begin(server());
  listen();
  send("SYN <mss 1460, kind 34>");
  came();
  send("RST");
  send("SYN seq=next+1000 len=10 <mss 1460, kind 34 theirs>");
  EXPECT_EQ(came(), "SYN+ACK 0 11");
  EXPECT_EQ(cookie(), std::nullopt);
  EXPECT_EQ(state(), TcpState::syn_received);
  connection = *listener->accept();
  EXPECT_EQ(read(), "10");
  write(5);
  EXPECT_EQ(came(), "ACK 1 11 5") << "before the handshake is over";
  shutdown();
  EXPECT_EQ(came(), "FIN+ACK 6 11");
  EXPECT_EQ(state(), TcpState::fin_wait_1);
  send("ACK");
  EXPECT_EQ(state(), TcpState::fin_wait_2);
}

TEST_F(FastOpenOfTheModel, AServerTakesNothingWithAWrongCookieAndGrantsAnother) {
  begin(server());
  listen();
  send("SYN len=10 <mss 1460, kind 34 0102030405060708>");
  EXPECT_EQ(came(), "SYN+ACK 0 1");
  EXPECT_EQ(cookie(), cookie_for(pair.peer.address, host->settings()));
  send("ACK seq=1 len=10");
  EXPECT_EQ(came(), "ACK 1 11");
}

TEST_F(FastOpenOfTheModel, ACookieIsOfOneAddressAndOneServer) {
  Settings other;
  other.secret = 7;
  const Bytes one = cookie_for(pair.peer.address, {});
  EXPECT_NE(cookie_for(pair.target.address, {}), one);
  EXPECT_NE(cookie_for(pair.peer.address, other), one);
}

TEST_F(FastOpenOfTheModel, AServerMayAskForNoCookie) {
  Settings open = server();
  open.fast_open.server_asks_none = true;
  begin(open);
  listen();
  send("SYN+FIN len=10");
  EXPECT_EQ(came(), "SYN+ACK 0 11") << "the FIN waits";
  connection = *listener->accept();
  EXPECT_EQ(read(), "10");
  send("ACK");
  EXPECT_EQ(came(), "ACK 1 12");
  EXPECT_EQ(read(), "end");
  EXPECT_EQ(state(), TcpState::close_wait);
}

TEST_F(FastOpenOfTheModel, UrgentOctetsWaitForTheHandshake) {
  Settings open = server();
  open.fast_open.server_asks_none = true;
  begin(open);
  listen();
  send("SYN+URG len=10 urg=4");
  EXPECT_EQ(came(), "SYN+ACK 0 1");
}

TEST_F(FastOpenOfTheModel, AServerThatIsNotSetToGrantsNothing) {
  listen();
  send("SYN len=10 <mss 1460, kind 34>");
  EXPECT_EQ(came(), "SYN+ACK 0 1");
  EXPECT_EQ(cookie(), std::nullopt);
  send("ACK");
  EXPECT_EQ(came(), "ACK 1 11") << "queued, as RFC 9293 3.10.7.2 has it";
}

TEST_F(FastOpenOfTheModel, WhatWaitsForTheWindowWaitsForTheHandshakeToBeClosed) {
  Settings open = server();
  open.fast_open.server_asks_none = true;
  begin(open);
  listen();
  send("SYN len=10 win=100");
  connection = *listener->accept();
  write(150);
  shutdown();
  EXPECT_EQ(came(), "SYN+ACK 0 11, ACK 1 11 99") << "the SYN has a place in the window, too";
  EXPECT_EQ(state(), TcpState::syn_received);
  send("ACK");
  EXPECT_EQ(came(), "FIN+ACK 100 11 51");
}

TEST_F(FastOpenOfTheModel, AResetBeforeTheHandshakeIsToldToWhoHasTheConnection) {
  Settings open = server();
  open.fast_open.server_asks_none = true;
  for (const std::string_view what : {"RST", "SYN seq=next+10"}) {
    begin(open);
    listen();
    send("SYN len=10");
    connection = *listener->accept();
    EXPECT_EQ(read(), "10");
    send(what);
    EXPECT_EQ(read(), "ECONNRESET") << what;
    EXPECT_EQ(state(), TcpState::closed);
  }
}

TEST_F(FastOpenOfTheModel, AClientAsksForACookieWhereItHasNone) {
  connect(asks());
  EXPECT_EQ(came(), "SYN 0");
  EXPECT_EQ(cookie(), Bytes{});
  pass(1s);
  EXPECT_EQ(came(), "SYN 0");
  EXPECT_EQ(cookie(), std::nullopt) << "not again: it may be the option that was lost";
}

TEST_F(FastOpenOfTheModel, AClientSendsOctetsWithTheCookieItWasGranted) {
  be_granted("SYN+ACK <mss 1460, kind 34 0102030405060708>");
  connect(asks());
  EXPECT_TRUE(connection->connected());
  EXPECT_EQ(connection->connect(pair.peer).error(), "EISCONN");
  EXPECT_EQ(came(), "") << "it waits for octets";
  write(10);
  EXPECT_EQ(came(), "SYN 0 10");
  EXPECT_EQ(cookie(), granted);
  pass(1s);
  EXPECT_EQ(came(), "SYN 0");
  EXPECT_EQ(cookie(), std::nullopt);
  send("SYN+ACK");
  EXPECT_EQ(came(), "ACK 11 1");
  close();
  EXPECT_EQ(came(), "FIN+ACK 11 1");
}

TEST_F(FastOpenOfTheModel, OctetsThatWereNotTakenWithTheSynComeAtOnce) {
  be_granted("SYN+ACK <mss 1460, kind 34 0102030405060708>");
  connect(asks());
  write(10);
  came();
  send("SYN+ACK ack=1 <mss 1460, kind 34 0a0b0c0d>");
  EXPECT_EQ(came(), "ACK 1 1 10");
  connection->options().linger = Duration{};
  close();
  talk = {};
  connect(asks());
  write(1);
  came();
  EXPECT_EQ(cookie(), (Bytes{10, 11, 12, 13})) << "the later cookie counts";
}

TEST_F(FastOpenOfTheModel, NoMoreGoesWithTheSynThanTheServerTookBefore) {
  be_granted("SYN+ACK <mss 100, kind 34 0102030405060708>");
  connect(asks());
  write(200);
  EXPECT_EQ(came(), "SYN 0 68") << "32 octets of options";
  send("SYN+ACK <mss 100>");
  EXPECT_EQ(came(), "ACK 69 1 100");
}

TEST_F(FastOpenOfTheModel, ACookieOfAnotherLengthIsNone) {
  for (const std::string_view bad :
       {"0102", "010203", "0102030405", "0102030405060708090a0b0c0d0e0f101112"}) {
    be_granted("SYN+ACK <kind 34 " + std::string(bad) + ">");
    connect(asks());
    EXPECT_EQ(came(), "SYN 0") << bad;
    EXPECT_EQ(cookie(), Bytes{}) << bad;
    connection->close();
    talk = {};
  }
}

TEST_F(FastOpenOfTheModel, AClientMayShowNoCookie) {
  Settings open;
  open.fast_open.client_shows_none = true;
  begin(open);
  connect(asks());
  write(10);
  EXPECT_EQ(came(), "SYN 0 10");
  EXPECT_EQ(cookie(), std::nullopt);
}

TEST_F(FastOpenOfTheModel, WhoDoesNotAskForItHasNone) {
  be_granted("SYN+ACK <mss 1460, kind 34 0102030405060708>");
  connect();
  EXPECT_EQ(came(), "SYN 0");
  EXPECT_EQ(cookie(), std::nullopt);
}

}  // namespace
}  // namespace finack::model
