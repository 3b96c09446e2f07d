// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <csignal>

#include "cli/uml_run.h"

namespace finack {
namespace {

const UmlKernel kernel{"/k/linux", "6.12.4"};

TEST(UmlEnd, NamesAPanicAndShowsWhatCameBeforeIt) {
  const Error error = explain_end(
      kernel, {SIGABRT, true, false,
               "Linux version 6.12.4\r\n\r\nKernel panic - not syncing: no TCP\r\nCall Trace:\n"});
  EXPECT_EQ(error.message, "the kernel /k/linux (6.12.4) panicked during the run: no TCP");
  EXPECT_EQ(error.hint,
            "the last that it said:\n    Linux version 6.12.4\n    Kernel panic - not syncing: no TCP\n"
            "    Call Trace:");
}

TEST(UmlEnd, TellsHowItEndedAndWhen) {
  EXPECT_EQ(explain_end(kernel, {SIGKILL, true, false, ""}).message,
            "the kernel /k/linux (6.12.4) was killed by signal 9 during the run");
  const Error error = explain_end(kernel, {1 << 8, false, false, ""});
  EXPECT_EQ(error.message, "the kernel /k/linux (6.12.4) ended with status 1 before it could start finack");
  EXPECT_EQ(error.hint, "it said nothing");
}

TEST(UmlEnd, IsOursWhenItGotStuck) {
  EXPECT_EQ(explain_end(kernel, {SIGKILL, true, true, "x\n"}).message,
            "the kernel /k/linux (6.12.4) got stuck during the run: it was ended");
}

TEST(UmlEnd, IsShownInAFewSafeLines) {
  std::string console;
  for (int i = 0; i < 100; ++i) console += "line " + std::to_string(i) + "\x1b[31m\n";
  const std::string hint = explain_end(kernel, {0, false, false, console}).hint;
  EXPECT_EQ(hint.find("line 69"), std::string::npos);
  EXPECT_NE(hint.find("line 70?[31m\n"), std::string::npos);
}

}  // namespace
}  // namespace finack
