// SPDX-License-Identifier: Apache-2.0
#include "report/plain.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

const std::string bad = "\xef\xbf\xbd";

TEST(PlainText, KeepsTextAndReplacesTheRest) {
  EXPECT_EQ(plain_text("a\tb\nc \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"),
            "a b\nc \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
  EXPECT_EQ(plain_text("\x1b[2J\x7f\r" + std::string(1, '\0')), bad + "[2J" + bad + bad + bad);
  EXPECT_EQ(plain_text("\xc2\x9b"
                       "1m"),
            bad + "1m")
      << "control characters of Unicode's second block";
  EXPECT_EQ(plain_text("\xc0\x80"), bad + bad) << "longer than needed";
  EXPECT_EQ(plain_text("\xed\xa0\x80"), bad + bad + bad) << "a surrogate";
  EXPECT_EQ(plain_text("\xf4\x90\x80\x80"), bad + bad + bad + bad) << "beyond Unicode";
  EXPECT_EQ(plain_text("x\xe2\x82"), "x" + bad + bad) << "cut off";
  EXPECT_EQ(plain_text("\xef\xbf\xbe"), bad) << "forbidden in XML";
  EXPECT_EQ(plain_line("a\nb"), "a b");
}

}  // namespace
}  // namespace finack
