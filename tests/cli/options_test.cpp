// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

std::string error_of(const std::vector<std::string>& arguments) {
  const auto command = parse_command_line(arguments);
  return command ? "no error" : to_string(command.error());
}

TEST(CommandLine, ReadsRun) {
  const auto command =
      parse_command_line({"run", "a", "--json", "r.json", "b", "--pcap=caps", "--seed", "7"});
  ASSERT_TRUE(command) << to_string(command.error());
  const auto& run = std::get<RunCommand>(*command);
  EXPECT_EQ(run.paths, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(run.json_file, "r.json");
  EXPECT_EQ(run.capture_folder, "caps");
  EXPECT_EQ(run.seed, 7u);
}

TEST(CommandLine, SaysWhatIsWrong) {
  EXPECT_EQ(error_of({}), "finack wants a command\n  hint: finack run suites/close, or finack --help");
  EXPECT_EQ(error_of({"rum"}), "`rum` is no command of finack\n  hint: did you mean `run`?");
  EXPECT_EQ(error_of({"run"}),
            "`finack run` wants files or folders of scenarios\n  hint: finack run suites/close");
  EXPECT_EQ(error_of({"run", "a", "--jason", "x"}),
            "unrecognised option '--jason'\n  hint: finack --help lists the options");
  EXPECT_EQ(error_of({"run", "a", "--seed", "x"}), "`--seed` wants a number from 0 to 2^64-1, got `x`");
  EXPECT_EQ(error_of({"run", "a", "--seed=-1"}), "`--seed` wants a number from 0 to 2^64-1, got `-1`");
}

TEST(CommandLine, PrintsHelpAndVersions) {
  for (const char* word : {"--help", "-h", "help"}) {
    const auto command = parse_command_line({word});
    ASSERT_TRUE(command);
    EXPECT_NE(std::get<PrintCommand>(*command).text.find("usage: finack run PATH..."), std::string::npos);
  }
  const auto command = parse_command_line({"--version"});
  ASSERT_TRUE(command);
  EXPECT_NE(std::get<PrintCommand>(*command).text.find("agent protocol 1"), std::string::npos);
}

}  // namespace
}  // namespace finack
