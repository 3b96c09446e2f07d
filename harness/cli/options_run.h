// SPDX-License-Identifier: Apache-2.0
// The options of `finack run`, and those of them that other commands share.
#pragma once

#include <string>
#include <vector>

#include "cli/option_table.h"
#include "cli/run_command.h"

namespace finack {

// Which scenarios: --only, --skip, --tag, --rule, --family.
inline constexpr OptionRow only_row = {"only", "GLOB", "instances whose id fits; * is anything, / included",
                                       true};
inline constexpr OptionRow skip_row = {"skip", "GLOB", "not those whose id fits", true};
inline constexpr OptionRow tag_row = {"tag", "TAG", "scenarios with that tag", true};
inline constexpr OptionRow rule_row = {"rule", "ID", "scenarios that cover it: CR-054, MUST-13, T-059", true};
inline constexpr OptionRow family_row = {"family", "FAMILY", "only ipv4 or only ipv6", false, "ipv4 ipv6"};
inline constexpr OptionRow profile_row = {"profile", "NAME|FILE",
                                          "what is known of the target: linux, linux-uml, model, or a file"};
Selection selection_of(const Arguments& arguments);

const CommandHelp& run_help();
Result<RunCommand> parse_run(const std::vector<std::string>& arguments);

}  // namespace finack
