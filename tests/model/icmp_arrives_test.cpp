// SPDX-License-Identifier: Apache-2.0
#include "model/icmp_arrives.h"

#include "exchange.h"

namespace finack::model {
namespace {

class IcmpArrives : public Exchange {};

TEST_F(IcmpArrives, SoftErrorsAreAdvice) {
  for (const TcpState here : {TcpState::fin_wait_1, TcpState::closing, TcpState::last_ack}) {
    for (const std::string_view error : {"net-unreachable", "host-unreachable", "time-exceeded"}) {
      begin({});
      lead_to(here);
      icmp(std::string(error) + " seq=una");
      EXPECT_EQ(state(), here) << error;
      EXPECT_EQ(edges.size(), 1u) << error;
    }
  }
}

TEST_F(IcmpArrives, HardErrorsEndTheConnectionThatTheyAreAbout) {
  lead_to(TcpState::established);
  write(10);
  collect();
  icmp("port-unreachable");
  EXPECT_EQ(state(), TcpState::closed);
  EXPECT_EQ(read(), "ECONNREFUSED");
  EXPECT_EQ(taken(), "S-109 T-027");
}

TEST_F(IcmpArrives, WhatQuotesNothingOnItsWayIsIgnored) {
  for (const std::string_view error :
       {"port-unreachable seq=next+100000", "port-unreachable seq=una-1", "port-unreachable bad-checksum",
        "type=3 code=2 quote=21", "port-unreachable"}) {
    begin({});
    lead_to(TcpState::established);
    icmp(error);
    EXPECT_EQ(state(), TcpState::established) << error;
    EXPECT_TRUE(edges.empty()) << error;
  }
}

TEST_F(IcmpArrives, ANarrowPathMakesSmallerSegments) {
  establish();
  write(1460);
  EXPECT_EQ(came(), "ACK 1 1 1460");
  icmp("too-big mtu=1000");
  EXPECT_EQ(came(), "ACK 1 1 960");
  icmp("too-big mtu=1400");  // wider than known
  EXPECT_EQ(came(), "");
}

}  // namespace
}  // namespace finack::model
