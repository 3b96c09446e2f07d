// SPDX-License-Identifier: Apache-2.0
// Wrong usage and broken scenario files: exit status 2, one error that says where, and nothing runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "end_to_end/report.h"

namespace finack {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Broken {
  std::string name;
  std::string text;
  std::string place;    // line and column
  std::string message;  // a part of it
};

std::ostream& operator<<(std::ostream& stream, const Broken& broken) {
  return stream << broken.name;
}

const std::string head = "scenario: Broken\ncovers: [CR-001]\ngiven: ESTABLISHED\n";

const Broken broken_files[] = {
    {"UnknownStep", head + "steps:\n  - target: close\n  - expct: FIN\n", "6:5", "did you mean `expect`?"},
    {"UnknownFlag", head + "steps:\n  - expect: FIN+AKC\n", "5:", "AKC"},
    {"UnknownKey", head + "stpes: []\nsteps:\n  - target: close\n", "4:1", "did you mean `steps`?"},
    {"KeyTwice", head + "given: CLOSED\nsteps:\n  - target: close\n", "4:1", "given"},
    {"NoYaml", head + "steps: [\n", "", ""},
    {"Empty", "", "", ""},
    {"UnknownRule", "scenario: Broken\ncovers: [CR-99999]\ngiven: ESTABLISHED\nsteps:\n  - target: close\n",
     "2:", "CR-99999"},
};

class BrokenScenario : public testing::TestWithParam<Broken> {
 protected:
  Stage stage_;
};

TEST_P(BrokenScenario, IsRefusedBeforeAnythingRuns) {
  const std::string file = stage_.write("scenarios/broken.yaml", GetParam().text);
  const Outcome outcome = stage_.finack({"run", close_suite("active-close.yaml"), file, "--json",
                                         stage_.path("report.json"), "--pcap", stage_.path("captures")});
  EXPECT_EQ(outcome.exit_status, 2) << outcome;
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, StartsWith("finack: " + file + ":" + GetParam().place));
  EXPECT_THAT(outcome.err,
              testing::ContainsRegex("^finack: [^\n]*\\.yaml:[0-9]+:[0-9]+: [^\n]+\n(  [^\n]*\n)*$"));
  EXPECT_THAT(outcome.err, HasSubstr(GetParam().message));
  EXPECT_FALSE(std::filesystem::exists(stage_.path("report.json")));
  EXPECT_FALSE(std::filesystem::exists(stage_.path("captures")));
}

INSTANTIATE_TEST_SUITE_P(Files, BrokenScenario, testing::ValuesIn(broken_files),
                         [](const auto& test) { return test.param.name; });

struct Wrong {
  std::string name;
  std::vector<std::string> arguments;
  std::string message;
};

std::ostream& operator<<(std::ostream& stream, const Wrong& wrong) {
  return stream << wrong.name;
}

const Wrong wrong_usages[] = {
    {"NoCommand", {}, "wants a command"},
    {"UnknownCommand", {"rnu", close_suite()}, "did you mean `run`?"},
    {"UnknownOption", {"run", close_suite(), "--jsno", "x"}, "--jsno"},
    {"NoSuchPath", {"run", "/nowhere/at/all.yaml"}, "/nowhere/at/all.yaml"},
    {"NoNumber", {"run", close_suite(), "--seed", "soon"}, "soon"},
    {"MissingValue", {"run", close_suite(), "--json"}, "--json"},
};

class WrongUsage : public testing::TestWithParam<Wrong> {
 protected:
  Stage stage_;
};

TEST_P(WrongUsage, IsExplained) {
  const Outcome outcome = stage_.finack(GetParam().arguments);
  EXPECT_EQ(outcome.exit_status, 2) << outcome;
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, StartsWith("finack: "));
  EXPECT_THAT(outcome.err, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(CommandLines, WrongUsage, testing::ValuesIn(wrong_usages),
                         [](const auto& test) { return test.param.name; });

TEST(Usage, WithoutAPathThereMustBeSuitesHere) {
  const Stage stage;
  Start start = stage.start({"run", "--quiet"});
  start.before_exec = [&] { std::filesystem::current_path(stage.path(".")); };
  const Outcome nothing = run_program(start);
  EXPECT_EQ(nothing.exit_status, 2) << nothing;
  EXPECT_THAT(nothing.err, StartsWith("finack: `finack run` wants files or folders of scenarios"));
  stage.write("suites/mine.yaml", head + "steps:\n  - target: close\n  - expect: FIN+ACK\n");
  const Outcome mine = run_program(start);
  EXPECT_EQ(mine.exit_status, 0) << mine;
  EXPECT_THAT(mine.out, StartsWith("\n2 pass in "));
}

TEST(Usage, AFolderWithoutScenariosIsAnError) {
  const Stage stage;
  stage.write("empty/readme.txt", "nothing");
  const Outcome outcome = stage.finack({"run", stage.path("empty")});
  EXPECT_EQ(outcome.exit_status, 2) << outcome;
  EXPECT_EQ(outcome.out, "");
}

}  // namespace
}  // namespace finack
