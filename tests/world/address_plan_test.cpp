// SPDX-License-Identifier: Apache-2.0
#include "world/address_plan.h"

#include <gtest/gtest.h>

#include <set>

namespace finack {
namespace {

TEST(AddressPlan, GivesEverySeatAPeerOfItsOwn) {
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    std::set<Address> peers;
    for (std::uint32_t seat = 0; seat < 70000; ++seat) {
      const auto pair = pair_for_seat(family, seat);
      ASSERT_TRUE(pair);
      ASSERT_TRUE(peers.insert(pair->peer.address).second) << seat;
      ASSERT_GE(pair->target.port, 1024);
      ASSERT_EQ(pair->target.address, address_plan(family).target);
    }
  }
}

TEST(AddressPlan, StaysInsideItsBlock) {
  const auto last = pair_for_seat(Family::ipv4, (1u << 17) - 3);
  ASSERT_TRUE(last);
  EXPECT_EQ(to_string(last->peer.address), "198.19.255.254");
  EXPECT_FALSE(pair_for_seat(Family::ipv4, (1u << 17) - 2));
}

TEST(AddressPlan, KeepsTheGatewayOutOfTheTargetsWay) {
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    const AddressPlan plan = address_plan(family);
    EXPECT_EQ(plan.target.plus(1), plan.gateway);
  }
}

}  // namespace
}  // namespace finack
