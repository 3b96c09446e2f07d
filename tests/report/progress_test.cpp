// SPDX-License-Identifier: Apache-2.0
#include "report/progress.h"

#include <gtest/gtest.h>

#include "report/sample.h"

namespace finack {
namespace {

TEST(ProgressLine, CountsAndGoesAway) {
  std::string out;
  const auto next = [&] { return std::exchange(out, ""); };
  const Sample failed;
  Sample passed;
  passed.event.verdict = Verdict::pass;
  ProgressLine line([&](std::string_view text) { out += text; });
  line.show();
  EXPECT_EQ(next(), "") << "nothing runs yet";
  line.take(RunStarted{{}, 3});
  line.show();
  EXPECT_EQ(next(), "\r0 of 3\x1b[K");
  line.erase();
  line.erase();
  EXPECT_EQ(next(), "\r\x1b[K") << "erased once";
  line.take(failed.event);
  line.take(passed.event);
  line.show();
  EXPECT_EQ(next(), "\r2 of 3: 1 pass, 1 fail\x1b[K");
  line.take(RunFinished{});
  EXPECT_EQ(next(), "\r\x1b[K") << "gone before the summary";
  line.show();
  EXPECT_EQ(next(), "");
}

TEST(ProgressLine, KnowsNoEndOfARunUntilSomethingFails) {
  std::string out;
  const Sample sample;
  ProgressLine line([&](std::string_view text) { out = text; });
  line.take(RunStarted{{}, 1});
  line.take(sample.event);
  line.take(sample.event);
  line.show();
  EXPECT_EQ(out, "\r2: 2 fail\x1b[K");
}

}  // namespace
}  // namespace finack
