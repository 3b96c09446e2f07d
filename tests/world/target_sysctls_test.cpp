// SPDX-License-Identifier: Apache-2.0
#include "world/target_sysctls.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

TEST(TargetSysctls, BlanksDoNotMatterButNumbersDo) {
  EXPECT_TRUE(same_setting("4096\t87380\t6291456", " 4096 87380  6291456\n"));
  EXPECT_TRUE(same_setting("1", "1"));
  EXPECT_FALSE(same_setting("5", "5 6"));
  EXPECT_FALSE(same_setting("1", "1 x"));
  EXPECT_FALSE(same_setting("12", "1 2"));
}

}  // namespace
}  // namespace finack
