// SPDX-License-Identifier: Apache-2.0
// The program finack.
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "cli/options.h"
#include "cli/run_command.h"

int main(int argc, char** argv) {
  // A reader that leaves early (`| head`) must not cost the other reports.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const auto command =
        finack::parse_command_line(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
    if (!command) {
      fmt::print(stderr, "finack: {}\n", finack::to_string(command.error()));
      return finack::exit_usage;
    }
    if (const auto* print = std::get_if<finack::PrintCommand>(&*command)) {
      fmt::print("{}", print->text);
      return 0;
    }
    return finack::run_command(std::get<finack::RunCommand>(*command));
  } catch (const std::exception& error) {
    fmt::print(stderr,
               "finack: {}\n  hint: this is a defect of finack or of this machine; please report it\n",
               error.what());
    return finack::exit_environment;
  }
}
