// SPDX-License-Identifier: Apache-2.0
#include "base/address.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

TEST(Address, IsReadAndWrittenInBothFamilies) {
  for (const char* text : {"192.0.2.1", "2001:db8::1"}) {
    const auto address = Address::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_string(*address), text);
    EXPECT_EQ(Address::from_octets(address->view()), *address);
  }
  EXPECT_EQ(Address::parse("192.0.2"), std::nullopt);
  EXPECT_EQ(Address::ipv4(0xc0000201), Address::parse("192.0.2.1"));
}

TEST(Address, CountsOnInItsLastBits) {
  EXPECT_EQ(to_string(Address::parse("198.18.0.255")->plus(2)), "198.18.1.1");
  EXPECT_EQ(to_string(Address::parse("2001:db8::ffff")->plus(1)), "2001:db8::1:0");
}

TEST(Endpoint, BracketsAnIpv6Address) {
  EXPECT_EQ(to_string(Endpoint{*Address::parse("192.0.2.1"), 80}), "192.0.2.1:80");
  EXPECT_EQ(to_string(Endpoint{*Address::parse("2001:db8::1"), 80}), "[2001:db8::1]:80");
}

}  // namespace
}  // namespace finack
