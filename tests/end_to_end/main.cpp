// SPDX-License-Identifier: Apache-2.0
// Runs the tests inside a playground (playground.h). Needs no root; needs user namespaces.
#include <gtest/gtest.h>

#include <cstdio>
#include <exception>

#include "end_to_end/playground.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  try {
    finack::enter_playground();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return RUN_ALL_TESTS();
}
