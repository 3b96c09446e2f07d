// SPDX-License-Identifier: Apache-2.0
// A test after which nothing may be left: no process, so no namespace that anybody sees, and no interface.
#pragma once

#include <gtest/gtest.h>

#include "end_to_end/playground.h"

namespace finack {

inline void expect_nothing_left() {
  EXPECT_EQ(leftovers(), "") << "left behind";
}

class LeavesNothing : public testing::Test {
 protected:
  void TearDown() override { expect_nothing_left(); }
};

}  // namespace finack
