// SPDX-License-Identifier: Apache-2.0
#include "world/holdings.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

constexpr const char* sockstat =
    "sockets: used 13\nTCP: inuse 5 orphan 2 tw 3 alloc 9 mem 203\nUDP: inuse 1 mem 0\nRAW: inuse 0\n"
    "FRAG: inuse 0 memory 0\n";
constexpr const char* sockstat6 = "TCP6: inuse 4\nUDP6: inuse 1\nRAW6: inuse 0\n";

TEST(Holdings, OfANamespace) {
  EXPECT_EQ(counts_of_namespace(sockstat, sockstat6),
            (Counts{{"sockets", 13}, {"tcp", 5}, {"tcp6", 4}, {"time-wait", 3}}));
  EXPECT_EQ(counts_of_namespace(sockstat, ""), (Counts{{"sockets", 13}, {"tcp", 5}, {"time-wait", 3}}));
}

TEST(Holdings, OfAKernel) {
  EXPECT_EQ(counts_of_kernel(sockstat), (Counts{{"orphans", 2}, {"tcp-sockets", 9}, {"tcp-memory", 203}}));
}

TEST(Holdings, OfTheCachesOfConnections) {
  EXPECT_EQ(counts_of_slabs("slabinfo - version: 2.1\n"
                            "# name            <active_objs> <num_objs> <objsize>\n"
                            "tw_sock_TCPv6         3     15    264   15    1 : tunables 0 0 0\n"
                            "TCP                   2     13   2368   13    8 : tunables 0 0 0\n"
                            "TCPx                  8     13   2368   13    8 : tunables 0 0 0\n"),
            (Counts{{"slab tw_sock_TCPv6", 3}, {"slab TCP", 2}}));
}

TEST(Holdings, WhatCannotBeReadIsLeftOut) {
  EXPECT_EQ(counts_of_namespace("", ""), Counts{});
  EXPECT_EQ(counts_of_kernel("TCP: inuse 5 orphan x\nTCP:"), Counts{});
  EXPECT_EQ(counts_of_slabs("TCP\n\nTCPv6 many\n"), Counts{});
}

}  // namespace
}  // namespace finack
