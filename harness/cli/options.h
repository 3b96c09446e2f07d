// SPDX-License-Identifier: Apache-2.0
// The command line of finack: one command and what it was asked to do.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "cli/check_command.h"
#include "cli/coverage_command.h"
#include "cli/doctor_command.h"
#include "cli/explain_command.h"
#include "cli/inside_uml.h"
#include "cli/ledger_command.h"
#include "cli/list_command.h"
#include "cli/run_command.h"
#include "cli/show_command.h"

namespace finack {

// --help, --version: print this and leave.
struct PrintCommand {
  std::string text;
};

using Command = std::variant<PrintCommand, ListCommand, CheckCommand, ShowCommand, ExplainCommand, RunCommand,
                             DoctorCommand, LedgerCommand, CoverageCommand, InsideUmlCommand>;

// `arguments` without the program's name.
Result<Command> parse_command_line(const std::vector<std::string>& arguments);

}  // namespace finack
