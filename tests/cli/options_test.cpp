// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include <gtest/gtest.h>

#include "cli/exit_status.h"

namespace finack {
namespace {

std::string error_of(const std::vector<std::string>& arguments) {
  const auto command = parse_command_line(arguments);
  return command ? "no error" : to_string(command.error());
}

template <class T>
T parsed(const std::vector<std::string>& arguments) {
  const auto command = parse_command_line(arguments);
  EXPECT_TRUE(command) << to_string(command.error());
  const T* wanted = command ? std::get_if<T>(&*command) : nullptr;
  EXPECT_TRUE(wanted) << "another command";
  return wanted ? *wanted : T{};
}

std::string printed(const std::vector<std::string>& arguments) {
  return parsed<PrintCommand>(arguments).text;
}

TEST(CommandLine, ReadsRun) {
  const auto run = parsed<RunCommand>({"run", "a", "--json", "r.json", "b", "--pcap=caps", "--seed", "7"});
  EXPECT_EQ(run.paths, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(run.json_file, "r.json");
  EXPECT_EQ(run.capture_folder, "caps");
  EXPECT_FALSE(run.capture_failures_only);
  EXPECT_EQ(run.seed, 7u);
  EXPECT_EQ(run.repeat, std::nullopt);
  EXPECT_EQ(run.detail, Detail::normal);
}

TEST(CommandLine, ReadsEveryOptionOfRun) {
  const auto run = parsed<RunCommand>(
      {"run",        "--target",  "model",    "--only",  "a*",       "--only",    "b",
       "--skip",     "c",         "--tag",    "t",       "--rule",   "CR-001",    "--family",
       "ipv6",       "--failed",  "--repeat", "3",       "--strict", "--verbose", "--until-fail",
       "--deadline", "90s",       "--colour", "never",   "--junit",  "j.xml",     "--pcap",
       "d",          "--pcap-on", "failure",  "--bisect"});
  EXPECT_EQ(run.target, "model");
  EXPECT_EQ(run.selection, (Selection{{"a*", "b"}, {"c"}, {"t"}, {"CR-001"}, Family::ipv6}));
  EXPECT_TRUE(run.failed && run.strict && run.until_fail && run.bisect && run.capture_failures_only);
  EXPECT_EQ(run.repeat, 3u);
  EXPECT_EQ(run.deadline, Duration(90s));
  EXPECT_EQ(run.detail, Detail::verbose);
  EXPECT_EQ(run.colour, ColourWish::off);
  EXPECT_EQ(run.junit_file, "j.xml");
  EXPECT_FALSE(run.tap);
  EXPECT_TRUE(parsed<RunCommand>({"run", "--tap"}).tap);
  EXPECT_FALSE(run.resources);
  EXPECT_TRUE(parsed<RunCommand>({"run", "--resources"}).resources);
  EXPECT_EQ(parsed<RunCommand>({"run", "--quiet"}).detail, Detail::quiet);
}

TEST(CommandLine, ReadsTheOtherCommands) {
  const auto list = parsed<ListCommand>({"list", "a", "--tag", "t"});
  EXPECT_EQ(list.paths, std::vector<std::string>{"a"});
  EXPECT_EQ(list.selection.tags, std::vector<std::string>{"t"});
  EXPECT_EQ(parsed<CheckCommand>({"check", "a", "b"}).paths.size(), 2u);
  EXPECT_EQ(parsed<ShowCommand>({"show", "a"}).what, std::vector<std::string>{"a"});
  const auto explain = parsed<ExplainCommand>({"explain", "CR-054", "a", "b"});
  EXPECT_EQ(explain.word, "CR-054");
  EXPECT_EQ(explain.paths, (std::vector<std::string>{"a", "b"}));
  parsed<DoctorCommand>({"doctor"});
  const auto coverage = parsed<CoverageCommand>({"coverage", "k", "m", "--all", "--json", "j", "--svg", "s"});
  EXPECT_EQ(coverage.result_files, (std::vector<std::string>{"k", "m"}));
  EXPECT_TRUE(coverage.all);
  EXPECT_EQ(coverage.json_file, "j");
  EXPECT_EQ(coverage.svg_file, "s");
  EXPECT_TRUE(parsed<CoverageCommand>({"coverage"}).result_files.empty());
  EXPECT_EQ(parsed<InsideUmlCommand>({"inside-uml", "/tmp/x"}).folder, "/tmp/x");
  EXPECT_EQ(parsed<LedgerCommand>({"ledger", "propose", "r.json"}).result_file, "r.json");
  EXPECT_EQ(parsed<CheckCommand>({"check", "--", "--odd"}).paths, std::vector<std::string>{"--odd"});
}

TEST(CommandLine, SaysWhatIsWrong) {
  EXPECT_EQ(error_of({}), "finack wants a command\n  hint: finack run suites/close, or finack help");
  EXPECT_EQ(error_of({"rum"}), "`rum` is no command of finack\n  hint: did you mean `run`?");
  EXPECT_EQ(error_of({"help", "explian"}),
            "`explian` is no command of finack\n  hint: did you mean `explain`?");
  EXPECT_EQ(error_of({"zzzzzzzzz"}),
            "`zzzzzzzzz` is no command of finack\n  hint: finack help lists the commands");
  EXPECT_EQ(error_of({"show"}),
            "`finack show` wants files, folders or ids\n  hint: finack show close/active-close");
  EXPECT_EQ(
      error_of({"explain"}),
      "`finack explain` wants a rule, a requirement, an edge or a state\n  hint: finack explain CR-054");
  EXPECT_EQ(error_of({"doctor", "who"}), "`finack doctor` wants nothing, got `who`");
  EXPECT_EQ(error_of({"ledger", "accept", "x"}),
            "`finack ledger` wants `propose` and a JSON report\n  hint: finack ledger propose result.json");
}

TEST(CommandLine, SaysWhatIsWrongWithAnOption) {
  EXPECT_EQ(error_of({"run", "--jsno", "x"}),
            "`finack run` has no option `--jsno`\n  hint: did you mean `--json`?");
  EXPECT_EQ(error_of({"run", "--jsno=x"}),
            "`finack run` has no option `--jsno`\n  hint: did you mean `--json`?");
  EXPECT_EQ(error_of({"run", "--xyzzyxyzzy"}),
            "`finack run` has no option `--xyzzyxyzzy`\n  hint: finack help run lists the options");
  EXPECT_EQ(error_of({"check", "--strict"}),
            "`finack check` has no option `--strict`\n  hint: finack help check lists the options");
  EXPECT_EQ(error_of({"run", "-q"}), "`finack run` has no option `-q`\n  hint: did you mean `--quiet`?");
  EXPECT_EQ(error_of({"run", "--json"}), "`--json` wants FILE\n  hint: finack help run lists the options");
  EXPECT_EQ(error_of({"run", "--json", "--strict"}), "`--json` wants FILE, got the option `--strict`");
  EXPECT_EQ(error_of({"run", "--json="}), "`--json` wants FILE\n  hint: finack help run lists the options");
  EXPECT_EQ(error_of({"run", "--json", ""}), "`--json` wants FILE, got nothing");
  EXPECT_EQ(error_of({"run", "--json", "a", "--json", "b"}), "`--json` stands twice");
  EXPECT_EQ(error_of({"run", "--strict=yes"}), "`--strict` takes no value");
  EXPECT_EQ(error_of({"run", "--pcap", "d", "--pcap-on", "failures"}),
            "`--pcap-on` wants one of always, failure; got `failures`\n  hint: did you mean `failure`?");
}

TEST(CommandLine, SaysWhatIsWrongWithAValue) {
  EXPECT_EQ(error_of({"run", "a", "--seed", "x"}), "`--seed` wants a number from 0 to 2^64-1, got `x`");
  EXPECT_EQ(error_of({"run", "a", "--seed=-1"}), "`--seed` wants a number from 0 to 2^64-1, got `-1`");
  EXPECT_EQ(error_of({"run", "--repeat", "0"}), "`--repeat` wants a number from 1 on, got `0`");
  EXPECT_EQ(
      error_of({"run", "--deadline", "soon"}),
      "`--deadline` wants a duration above 0, got `soon`\n  hint: durations are written 500ms, 90s, 10min");
  EXPECT_EQ(
      error_of({"run", "--pcap-on", "failure"}),
      "`--pcap-on` needs `--pcap DIR`\n  hint: finack run suites/close --pcap captures --pcap-on failure");
  EXPECT_EQ(error_of({"run", "--quiet", "--verbose"}), "`--quiet` and `--verbose` exclude each other");
  EXPECT_EQ(error_of({"run", "--tap", "--quiet"}),
            "`--tap` prints all there is: `--quiet` does not go with it");
  EXPECT_EQ(error_of({"run", "--tap", "--resources"}),
            "`--tap` prints all there is: `--resources` does not go with it");
}

TEST(CommandLine, PrintsTheOverview) {
  const std::string overview = printed({"--help"});
  for (const char* word : {"-h", "help"}) EXPECT_EQ(printed({word}), overview);
  EXPECT_EQ(printed({"help", "help"}), overview);
  for (const char* command : {"\n  run  ", "\n  list  ", "\n  show  ", "\n  check  ", "\n  explain  ",
                              "\n  coverage  ", "\n  doctor  "})
    EXPECT_NE(overview.find(command), std::string::npos) << command;
  EXPECT_NE(overview.find("Exit status: 0 good; 1 a scenario failed;"), std::string::npos);
  EXPECT_NE(printed({"--version"}).find("agent protocol 1"), std::string::npos);
}

TEST(CommandLine, PrintsTheHelpOfEachCommandWithAnExample) {
  for (const std::string command :
       {"run", "list", "show", "check", "explain", "coverage", "doctor", "ledger"}) {
    const std::string help = printed({"help", command});
    EXPECT_EQ(printed({command, "--help"}), help);
    EXPECT_TRUE(help.starts_with("usage: finack " + command)) << help;
    EXPECT_NE(help.find("\nFor example\n  "), std::string::npos) << help;
    for (std::size_t at = 0; at < help.size(); at = help.find('\n', at) + 1)
      EXPECT_LE(help.find('\n', at) - at, 110u) << help;
  }
  const std::string run = printed({"run", "anything", "--help"});
  EXPECT_NE(run.find("\n  --deadline DURATION  end by then (90s, 10min); what is not finished is left out\n"),
            std::string::npos)
      << run;
  for (const char* status :
       {"\n  0    ", "\n  1    ", "\n  2    ", "\n  3    ", "\n  4    ", "\n  125  ", "\n  130  "})
    EXPECT_NE(run.find(status), std::string::npos) << status;
}

TEST(ExitStatus, IsSkippedByGitBisectWhenNothingWasLearnt) {
  EXPECT_EQ(bisect_status(0), 0);
  EXPECT_EQ(bisect_status(1), 1);
  for (const int status : {2, 3, 4}) EXPECT_EQ(bisect_status(status), 125);
  EXPECT_EQ(bisect_status(130), 130) << "ends the bisection";
}

}  // namespace
}  // namespace finack
