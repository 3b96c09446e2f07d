// SPDX-License-Identifier: Apache-2.0
#include "packet/literal.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

TEST(Literal, AddsSignedTerms) {
  EXPECT_EQ(parse_sum("5")->integers, 5);
  EXPECT_EQ(parse_sum("-5")->integers, -5);
  EXPECT_EQ(parse_sum("0x1f+1")->integers, 32);
  EXPECT_EQ(parse_sum("7+-1--3")->integers, 9);
  EXPECT_EQ(parse_sum("window-window+window-1")->windows, 1);
  EXPECT_EQ(parse_sum("window-window+window-1")->integers, -1);
}

TEST(Literal, RefusesWhatIsNoSum) {
  for (const char* text : {"", "+", "5+", "5 ", "5+x", "5window", "0x", "x", "1---1", "++", "0x-1", "1.5"})
    EXPECT_FALSE(parse_sum(text)) << text;
}

TEST(Literal, StaysTooLarge) {
  EXPECT_GT(parse_sum("99999999999999999999999")->integers, 0xffffffff);
  EXPECT_LT(parse_sum("-18446744073709551615-18446744073709551615")->integers, -0xffffffffLL);
}

TEST(Literal, ReadsOctets) {
  EXPECT_EQ(parse_hex("00Ff"), (Bytes{0, 255}));
  EXPECT_EQ(parse_hex(""), Bytes{});
  for (const char* text : {"0", "0g", "-1", "+1", "0x"}) EXPECT_FALSE(parse_hex(text)) << text;
  EXPECT_EQ(to_hex(Bytes{0, 255}), "00ff");
}

}  // namespace
}  // namespace finack
