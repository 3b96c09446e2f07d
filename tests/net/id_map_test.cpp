// SPDX-License-Identifier: Apache-2.0
#include "net/id_map.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

TEST(IdentityMap, KeepsEveryIdThatIsKnown) {
  EXPECT_EQ(identity_map("         0          0 4294967295\n"), "0 0 4294967295\n");
  EXPECT_EQ(identity_map("0 1000 1\n1 100000 65536\n"), "0 0 1\n1 1 65536\n") << "a container's own ids";
  EXPECT_EQ(identity_map(""), "");
}

}  // namespace
}  // namespace finack
