// SPDX-License-Identifier: Apache-2.0
#include "base/seq.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

TEST(Seq, IsComparedAroundTheCircle) {
  const Seq last{0xffffffff};
  EXPECT_LT(last, last + 1);
  EXPECT_EQ((last + 1).value, 0u);
  EXPECT_EQ((last + 5) - last, 5);
  EXPECT_EQ(last - (last + 5), -5);
  EXPECT_GT(last + 1, last);
  EXPECT_EQ(later(last, last + 1), last + 1);
}

TEST(Seq, HalfACircleApartNeitherIsBefore) {
  const Seq a{0}, b{0x80000000};
  EXPECT_FALSE(a < b);
  EXPECT_FALSE(b < a);
}

}  // namespace
}  // namespace finack
