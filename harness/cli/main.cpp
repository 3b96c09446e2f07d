// SPDX-License-Identifier: Apache-2.0
// The program finack.
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "cli/options.h"
#include "cli/print.h"

namespace {

struct Perform {
  int operator()(const finack::PrintCommand& command) const { return finack::print_out(command.text); }
  int operator()(const finack::RunCommand& command) const { return finack::run_command(command); }
  int operator()(const finack::ListCommand& command) const { return finack::list_command(command); }
  int operator()(const finack::CheckCommand& command) const { return finack::check_command(command); }
  int operator()(const finack::ShowCommand& command) const { return finack::show_command(command); }
  int operator()(const finack::ExplainCommand& command) const { return finack::explain_command(command); }
  int operator()(const finack::DoctorCommand& command) const { return finack::doctor_command(command); }
  int operator()(const finack::CoverageCommand& command) const { return finack::coverage_command(command); }
  int operator()(const finack::LedgerCommand& command) const { return finack::ledger_command(command); }
  int operator()(const finack::InsideUmlCommand& command) const {
    return finack::inside_uml_command(command);
  }
};

}  // namespace

int main(int argc, char** argv) {
  // Thousands of judges come and go, each of small and large pieces of memory: with them the C library would
  // sort its fast bins over and over.
  ::mallopt(M_MXFAST, 0);
  // And it would give pages back that the next ones ask for at once.
  ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
  ::mallopt(M_TOP_PAD, 4 << 20);
  // A reader that leaves early (`| head`) must not cost the other reports.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    const auto command = finack::parse_command_line(arguments);
    if (!command) {
      const bool bisect = std::ranges::find(arguments, "--bisect") != arguments.end();
      return finack::complain(command.error(),
                              bisect ? finack::bisect_status(finack::exit_usage) : finack::exit_usage);
    }
    return std::visit(Perform{}, *command);
  } catch (const std::exception& error) {
    fmt::print(stderr,
               "finack: {}\n  hint: this is a defect of finack or of this machine; please report it\n",
               error.what());
    return finack::exit_environment;
  }
}
