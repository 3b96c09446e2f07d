// SPDX-License-Identifier: Apache-2.0
// The options of all commands but `finack run`.
#pragma once

#include <string>
#include <vector>

#include "cli/option_table.h"
#include "cli/options.h"

namespace finack {

const CommandHelp& list_help();
const CommandHelp& check_help();
const CommandHelp& show_help();
const CommandHelp& explain_help();
const CommandHelp& coverage_help();
const CommandHelp& doctor_help();
const CommandHelp& ledger_help();
const CommandHelp& inside_uml_help();

Result<Command> parse_list(const std::vector<std::string>& arguments);
Result<Command> parse_check(const std::vector<std::string>& arguments);
Result<Command> parse_show(const std::vector<std::string>& arguments);
Result<Command> parse_explain(const std::vector<std::string>& arguments);
Result<Command> parse_coverage(const std::vector<std::string>& arguments);
Result<Command> parse_doctor(const std::vector<std::string>& arguments);
Result<Command> parse_ledger(const std::vector<std::string>& arguments);
Result<Command> parse_inside_uml(const std::vector<std::string>& arguments);

}  // namespace finack
