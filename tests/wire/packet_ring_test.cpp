// SPDX-License-Identifier: Apache-2.0
#include "wire/packet_ring.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace finack {
namespace {

static_assert(std::is_nothrow_move_constructible_v<PacketRing> && !std::is_copy_constructible_v<PacketRing>);

// Frames through a ring need a link: tests/net/live_test.cpp.
TEST(PacketRing, RefusesSizesThatTheKernelWouldNotTake) {
  for (const RingSize size : {RingSize{0, 2048},
                              {4096, 0},
                              {4095, 2048},
                              {4096, 2000},
                              {64, 128},
                              {2, 256},
                              {1u << 31, 1u << 31}}) {
    const auto ring = PacketRing::open(1, size);
    ASSERT_FALSE(ring);
    EXPECT_NE(ring.error().message.find("a packet ring cannot have"), std::string::npos)
        << ring.error().message;
  }
}

}  // namespace
}  // namespace finack
