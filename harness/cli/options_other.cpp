// SPDX-License-Identifier: Apache-2.0
#include "cli/options_other.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cli/options_run.h"

namespace finack {

namespace {

constexpr OptionRow list_rows[] = {only_row, skip_row, tag_row, rule_row, family_row, profile_row};
constexpr OptionRow profile_rows[] = {profile_row};

constexpr CommandHelp list = {
    "list", "[PATH...]",
    "Prints the id and the title of each instance in these files and folders, ./suites when none is named.\n"
    "GLOB may also be the beginning of an id up to a /.",
    list_rows,
    "  finack list --rule MUST-13\n"
    "  finack list suites/close --only '*/ipv6'\n"};

constexpr CommandHelp check = {"check", "[PATH...]",
                               "Reads all scenarios in these files and folders, ./suites when none is named, "
                               "and runs none. Every broken\n"
                               "file is told with its place, and the exit status is 2.",
                               profile_rows,
                               "  finack check\n"
                               "  finack check suites/close/active-close.yaml\n"};

constexpr CommandHelp show = {
    "show", "PATH|ID...",
    "Prints scenarios as a ladder before they run: our side left, the target right, what the target's\n"
    "application does and its states in brackets, and the way to `given` written out.",
    profile_rows,
    "  finack show suites/close/active-close.yaml\n"
    "  finack show close/active-close\n"
    "  finack show '*reset*'\n"};

constexpr CommandHelp explain_it = {
    "explain",
    "WORD [PATH...]",
    "Tells what a rule (CR-054), a requirement (MUST-13), an edge of the state machine (T-059), a state\n"
    "(TIME-WAIT) or an invariant (INV-FIN) is, and which scenarios in these files and folders test it, "
    "those\n"
    "of suites when none is named.",
    {},
    "  finack explain CR-054\n"
    "  finack explain time-wait\n"};

constexpr OptionRow coverage_rows[] = {
    {"all", "", "list everything, what is covered as well"},
    {"json", "FILE", "write it as one JSON object"},
    {"svg", "FILE", "draw the state diagram of RFC 9293, each edge in the colour of how far it has come"},
};

constexpr CommandHelp coverage = {
    "coverage", "[RESULT.json...]",
    "Tells how much of the catalogue of RFC rules, states and requirements runs have shown, from their JSON\n"
    "reports or that of the last run. A rule is covered where a scenario that claims it passed and the "
    "judge\n"
    "saw the rule's situation and the target's reaction; an edge where the target took it for sure.",
    coverage_rows,
    "  finack run suites/close; finack coverage\n"
    "  finack coverage kernel.json model.json --svg coverage.svg\n"};

constexpr CommandHelp doctor = {"doctor",
                                "",
                                "Looks at what this machine can do, and says how to enable the rest. The "
                                "exit status is 0 when scenarios\n"
                                "can be run, else 3.",
                                {},
                                "  finack doctor\n"};

constexpr CommandHelp ledger = {"ledger",
                                "propose RESULT.json",
                                "Prints entries for the deviations that a run found, from its JSON report, "
                                "and accepts nothing by itself.",
                                {},
                                "  finack run --json result.json; finack ledger propose result.json\n"};

constexpr CommandHelp inside_uml = {
    "inside-uml",
    "FOLDER",
    "What finack does as process 1 of a User-mode Linux kernel. It is not for "
    "people: finack run --target uml\nboots one.",
    {},
    "  finack run --target uml\n"};

// How a command without options is begun: no word may look like one.
Result<std::vector<std::string>> words_of(const CommandHelp& command,
                                          const std::vector<std::string>& arguments) {
  return parse_arguments(command, arguments).map([](const Arguments& parsed) { return parsed.words(); });
}

tl::unexpected<Error> wants(const CommandHelp& command, std::string_view what, std::string example) {
  return fail(fmt::format("`finack {}` wants {}", command.name, what), std::move(example));
}

}  // namespace

const CommandHelp& list_help() {
  return list;
}
const CommandHelp& check_help() {
  return check;
}
const CommandHelp& show_help() {
  return show;
}
const CommandHelp& explain_help() {
  return explain_it;
}
const CommandHelp& coverage_help() {
  return coverage;
}
const CommandHelp& doctor_help() {
  return doctor;
}
const CommandHelp& ledger_help() {
  return ledger;
}
const CommandHelp& inside_uml_help() {
  return inside_uml;
}

Result<Command> parse_list(const std::vector<std::string>& arguments) {
  const auto parsed = parse_arguments(list, arguments);
  if (!parsed) return pass_on(parsed.error());
  return ListCommand{parsed->words(), selection_of(*parsed), parsed->value("profile")};
}

Result<Command> parse_check(const std::vector<std::string>& arguments) {
  const auto parsed = parse_arguments(check, arguments);
  if (!parsed) return pass_on(parsed.error());
  return CheckCommand{parsed->words(), parsed->value("profile")};
}

Result<Command> parse_show(const std::vector<std::string>& arguments) {
  const auto parsed = parse_arguments(show, arguments);
  if (!parsed) return pass_on(parsed.error());
  if (parsed->words().empty()) return wants(show, "files, folders or ids", "finack show close/active-close");
  return ShowCommand{parsed->words(), parsed->value("profile")};
}

Result<Command> parse_explain(const std::vector<std::string>& arguments) {
  auto words = words_of(explain_it, arguments);
  if (!words) return pass_on(words.error());
  if (words->empty())
    return wants(explain_it, "a rule, a requirement, an edge or a state", "finack explain CR-054");
  return ExplainCommand{words->front(), {words->begin() + 1, words->end()}};
}

Result<Command> parse_coverage(const std::vector<std::string>& arguments) {
  const auto parsed = parse_arguments(coverage, arguments);
  if (!parsed) return pass_on(parsed.error());
  return CoverageCommand{parsed->words(), parsed->has("all"), parsed->value("json"), parsed->value("svg")};
}

Result<Command> parse_doctor(const std::vector<std::string>& arguments) {
  const auto words = words_of(doctor, arguments);
  if (!words) return pass_on(words.error());
  if (!words->empty())
    return fail(fmt::format("`finack doctor` wants nothing, got `{}`", printable(words->front())));
  return DoctorCommand{};
}

Result<Command> parse_ledger(const std::vector<std::string>& arguments) {
  const auto words = words_of(ledger, arguments);
  if (!words) return pass_on(words.error());
  if (words->size() != 2 || words->front() != "propose")
    return wants(ledger, "`propose` and a JSON report", "finack ledger propose result.json");
  return LedgerCommand{words->back()};
}

Result<Command> parse_inside_uml(const std::vector<std::string>& arguments) {
  const auto words = words_of(inside_uml, arguments);
  if (!words) return pass_on(words.error());
  if (words->size() != 1) return wants(inside_uml, "a folder", "finack run --target uml");
  return InsideUmlCommand{words->front()};
}

}  // namespace finack
