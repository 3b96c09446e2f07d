// SPDX-License-Identifier: Apache-2.0
#include "report/plain.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

const std::string replacement = "\xef\xbf\xbd";

TEST(PlainText, KeepsTextAndReplacesTheRest) {
  EXPECT_EQ(plain_text("a\tb\nc \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"),
            "a b\nc \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
  EXPECT_EQ(plain_text("\x1b[2J\x7f\r" + std::string(1, '\0')),
            replacement + "[2J" + replacement + replacement + replacement);
  EXPECT_EQ(plain_text("\xc2\x9b"
                       "1m"),
            replacement + "1m")
      << "control characters of Unicode's second block";
  EXPECT_EQ(plain_text("\xc0\x80"), replacement + replacement) << "longer than needed";
  EXPECT_EQ(plain_text("\xed\xa0\x80"), replacement + replacement + replacement) << "a surrogate";
  EXPECT_EQ(plain_text("\xf4\x90\x80\x80"), replacement + replacement + replacement + replacement)
      << "beyond Unicode";
  EXPECT_EQ(plain_text("x\xe2\x82"), "x" + replacement + replacement) << "cut off";
  EXPECT_EQ(plain_text("\xef\xbf\xbe"), replacement) << "forbidden in XML";
  EXPECT_EQ(plain_line("a\nb"), "a b");
}

}  // namespace
}  // namespace finack
