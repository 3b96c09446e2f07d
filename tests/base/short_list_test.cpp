// SPDX-License-Identifier: Apache-2.0
#include "base/short_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace finack {
namespace {

using testing::ElementsAre;
using Three = ShortList<int, 3>;

TEST(ShortList, HoldsUpToItsMost) {
  Three list;
  EXPECT_TRUE(list.empty());
  for (const int value : {7, 8, 9}) list.push_back(value);
  EXPECT_TRUE(list.full());
  EXPECT_THAT(list, ElementsAre(7, 8, 9));
}

TEST(ShortList, ErasesOneOrThoseThatFit) {
  Three list;
  for (const int value : {7, 8, 9}) list.push_back(value);
  list.erase(list.begin() + 1);
  EXPECT_THAT(list, ElementsAre(7, 9));
  list.erase_if([](int value) { return value == 7; });
  EXPECT_THAT(list, ElementsAre(9));
  list.clear();
  EXPECT_TRUE(list.empty());
}

TEST(ShortList, IsCopiedAndComparedByWhatItHolds) {
  Three list, other;
  list.push_back(1);
  other.push_back(1);
  other.push_back(2);
  EXPECT_NE(list, other);
  other = list;
  EXPECT_EQ(list, other);
  const Three copy(list);
  list.clear();
  EXPECT_THAT(copy, ElementsAre(1));
}

}  // namespace
}  // namespace finack
