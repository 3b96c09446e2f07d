// SPDX-License-Identifier: Apache-2.0
#include "judge/segments.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

TEST(HeaderOf, IsAllButThePayload) {
  Segment segment;
  segment.source = {Address::ipv4(0xc0000201), 80};
  segment.destination = {Address::ipv4(0xc0000202), 81};
  segment.seq = Seq{1};
  segment.ack = Seq{2};
  segment.flags = flag::fin + flag::ack;
  segment.reserved = 3;
  segment.window = 4;
  segment.urgent = 5;
  segment.options = {mss_option(6)};
  segment.payload = {7, 8};
  segment.bad_checksum = segment.malformed_options = segment.other_connection = segment.received = true;
  segment.ip.ttl = 9;
  segment.defects.checksum = std::uint16_t{10};
  segment.ip_defects.protocol = std::uint8_t{11};
  Segment wanted = segment;
  wanted.payload.clear();
  EXPECT_EQ(header_of(segment), wanted);
}

TEST(IsBareAck, WhateverPshSays) {
  Segment segment;
  segment.flags = flag::ack;
  EXPECT_TRUE(is_bare_ack(segment));
  segment.flags = flag::psh + flag::ack;
  EXPECT_TRUE(is_bare_ack(segment));
  segment.payload = {1};
  EXPECT_FALSE(is_bare_ack(segment));
  segment.payload.clear();
  segment.flags = flag::fin + flag::ack;
  EXPECT_FALSE(is_bare_ack(segment));
}

}  // namespace
}  // namespace finack
