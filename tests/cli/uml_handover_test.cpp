// SPDX-License-Identifier: Apache-2.0
#include "cli/uml_handover.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

TEST(UmlHandover, ArrivesAsItWasSent) {
  UmlHandover handover;
  handover.arguments = {"suites/close", "--only", "a=b\nc", "", "--quiet"};
  handover.current_folder = "/my folder";
  handover.writable = {"/captures", "/more"};
  handover.environment = {{"HOME", "/root"}, {"PATH", "a=b"}, {"EMPTY", ""}};
  handover.seed = 18446744073709551615u;
  handover.terminal = {true, false, true, false};
  const auto read = parse_handover(to_text(handover));
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(*read, handover);
  EXPECT_EQ(*parse_handover(to_text(UmlHandover{})), UmlHandover{});
}

TEST(UmlHandover, IsRefusedWhenItIsCutOffOrStrange) {
  const std::string text = to_text(UmlHandover{{"a"}});
  EXPECT_FALSE(parse_handover(text.substr(0, text.size() - 1)));
  using namespace std::string_literals;
  for (const std::string& odd : {"argument"s, "other=1\0"s, "seed=x\0"s, "environment=HOME\0"s})
    EXPECT_FALSE(parse_handover(odd)) << odd;
  EXPECT_EQ(parse_handover("other=1\0"s).error().message, "cannot read what was handed over: `other=1`");
}

}  // namespace
}  // namespace finack
