// SPDX-License-Identifier: Apache-2.0
#include "world/address_plan.h"

#include <gtest/gtest.h>

#include <set>

namespace finack {
namespace {

TEST(AddressPlan, GivesEverySeatAPeerOfItsOwn) {
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    std::set<Address> peers;
    for (std::uint32_t seat = 0; seat < 140'000; ++seat) {
      const auto pair = pair_for_seat(family, seat);
      ASSERT_TRUE(peers.insert(pair.peer.address).second) << seat;
      ASSERT_GE(pair.target.port, 1024);
      ASSERT_EQ(pair.target.address, address_plan(family).target);
    }
  }
}

TEST(AddressPlan, GoesOnInTheNextBlockAndComesRoundInTheEnd) {
  const auto peer = [](std::uint32_t seat) {
    return to_string(pair_for_seat(Family::ipv4, seat).peer.address);
  };
  constexpr std::uint32_t first = (1u << 17) - 2, more = (1u << 24) - 2;
  EXPECT_EQ(peer(0), "198.18.0.1");
  EXPECT_EQ(peer(first - 1), "198.19.255.254");
  EXPECT_EQ(peer(first), "10.0.0.1");
  EXPECT_EQ(peer(first + more - 1), "10.255.255.254");
  EXPECT_EQ(peer(first + more), "198.18.0.1");
}

TEST(AddressPlan, KeepsTheGatewayOutOfTheTargetsWay) {
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    const AddressPlan plan = address_plan(family);
    EXPECT_EQ(plan.target.plus(1), plan.gateway);
  }
}

}  // namespace
}  // namespace finack
