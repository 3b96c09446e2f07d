// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/options_other.h"
#include "cli/options_run.h"
#include "cli/version.h"

namespace finack {

namespace {

Result<Command> parse_run_command(const std::vector<std::string>& arguments) {
  return parse_run(arguments).map([](const RunCommand& command) { return Command(command); });
}

struct CommandRow {
  std::string_view name;
  std::string_view about;  // for the overview; empty: not shown there
  const CommandHelp& (*help)();
  Result<Command> (*parse)(const std::vector<std::string>&);
};
constexpr CommandRow rows[] = {
    {"run", "play scenarios and report on them", run_help, parse_run_command},
    {"list", "the ids of the scenarios", list_help, parse_list},
    {"show", "a scenario as a ladder, before it runs", show_help, parse_show},
    {"check", "find what is wrong with scenario files, and run none", check_help, parse_check},
    {"explain", "what a rule, a requirement, an edge or a state is, and where it is tested", explain_help,
     parse_explain},
    {"coverage", "how much of the catalogue of RFC rules runs have shown", coverage_help, parse_coverage},
    {"doctor", "what this machine can do, and how to enable the rest", doctor_help, parse_doctor},
    {"ledger", "entries for the deviations that a run found", ledger_help, parse_ledger},
    {"inside-uml", "", inside_uml_help, parse_inside_uml},
};

std::string overview() {
  std::string out =
      "finack checks that a TCP implementation opens, carries and closes connections as the RFCs say.\n\n"
      "usage: finack COMMAND [ARGUMENTS] [OPTIONS]\n\n";
  for (const CommandRow& row : rows) {
    if (!row.about.empty()) out += fmt::format("  {:<9} {}\n", row.name, row.about);
  }
  return out +
         "  help      what a command takes: finack help run\n"
         "  version   the versions of all that has one\n"
         "\nFor example\n"
         "  finack doctor\n"
         "  finack run suites/close\n"
         "\nExit status: 0 good; 1 a scenario failed; 2 wrong usage or a broken file; 3 this machine does "
         "not\n"
         "let finack work; 4 inconclusive. finack help run tells more.\n";
}

tl::unexpected<Error> no_command(const std::string& word) {
  std::vector<std::string_view> names = {"help", "version"};
  for (const CommandRow& row : rows) names.push_back(row.name);
  const auto near = nearest_word(word, names);
  return fail(fmt::format("`{}` is no command of finack", printable(word)),
              near ? fmt::format("did you mean `{}`?", *near) : "finack help lists the commands");
}

bool asks_for_help(const std::vector<std::string>& arguments) {
  const auto end = std::ranges::find(arguments, "--");
  return std::any_of(arguments.begin(), end,
                     [](const std::string& each) { return each == "--help" || each == "-h"; });
}

}  // namespace

Result<Command> parse_command_line(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return fail("finack wants a command", "finack run suites/close, or finack help");
  std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  std::string word = arguments.front();
  if (word == "version" || word == "--version") return PrintCommand{version_text()};
  if (word == "--help" || word == "-h") word = "help";
  const bool help = word == "help" || asks_for_help(rest);
  if (word == "help") {
    std::erase_if(rest, [](const std::string& each) { return each.starts_with("-"); });
    if (rest.empty() || rest.front() == "help") return PrintCommand{overview()};
    word = rest.front();
  }
  const auto row = std::ranges::find(rows, word, &CommandRow::name);
  if (row == std::end(rows)) return no_command(word);
  if (help) return PrintCommand{help_text(row->help())};
  return row->parse(rest);
}

}  // namespace finack
