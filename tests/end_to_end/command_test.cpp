// SPDX-License-Identifier: Apache-2.0
// The commands as a user calls them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "end_to_end/stage.h"

namespace finack {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The target's FIN never leaves, over IPv4.
constexpr std::string_view no_fin = R"(table ip between {
  chain out {
    type filter hook output priority 0;
    tcp flags & fin == fin drop
  }
}
)";

TEST(Command, RunTakesUpWhatFailed) {
  const Stage stage;
  stage.put_between(no_fin);
  const std::vector<std::string> again = run_without_matrix(close_suite(), {"--failed", "--quiet"});
  EXPECT_EQ(stage.finack(again).exit_status, 2) << "there was no run yet";
  const Outcome first = stage.finack(run_without_matrix(close_suite(), {"--rule", "CR-017", "--quiet"}));
  EXPECT_EQ(first.exit_status, 1) << first;
  const Outcome second = stage.finack(again);
  EXPECT_EQ(second.exit_status, 1) << second;
  EXPECT_THAT(second.out, HasSubstr("fail         close/active-close/ipv4 "));
  EXPECT_THAT(second.out, Not(HasSubstr("/ipv6 "))) << "those passed";
  EXPECT_THAT(second.out, Not(HasSubstr(" pass")));
}

TEST(Command, RunUntilFailEndsAtTheFirstFailure) {
  const Stage stage;
  stage.put_between(no_fin);
  const Outcome outcome =
      stage.finack({"run", close_suite("active-close.yaml"), "--until-fail", "--family", "ipv4", "--bisect",
                    "--pcap", stage.path("captures"), "--pcap-on", "failure", "--tap"});
  EXPECT_EQ(outcome.exit_status, 1) << outcome;
  EXPECT_THAT(outcome.out, StartsWith("TAP version 14\n# Linux"));
  EXPECT_THAT(outcome.out, HasSubstr("not ok 1 - close/active-close/ipv4 ("));
  EXPECT_TRUE(std::filesystem::exists(stage.path("captures/close/active-close/ipv4.pcapng")));
}

TEST(Command, RunEndsAtItsDeadline) {
  const Stage stage;
  const std::vector<std::string> short_run = {"run", close_suite(), "--deadline",
                                              "1ms", "--json",      stage.path("result.json")};
  const Outcome outcome = stage.finack(short_run);
  EXPECT_EQ(outcome.exit_status, 4) << outcome;
  const std::string total = outcome.out.substr(0, outcome.out.find(' '));
  EXPECT_THAT(outcome.out,
              HasSubstr("nothing ran; out of time, " + total + " of " + total + " not finished in "));
  EXPECT_THAT(read_file(stage.path("result.json")), HasSubstr("\"out_of_time\": true"));
}

TEST(Command, RunWritesNoEscapeSequencesIntoAFile) {
  const Outcome outcome = Stage().finack({"run", close_suite("active-close.yaml"), "--verbose"});
  EXPECT_EQ(outcome.exit_status, 0) << outcome;
  EXPECT_EQ(outcome.out.find_first_of("\r\x1b"), std::string::npos) << outcome;
  EXPECT_EQ(outcome.err, "") << "nor a line that counts";
}

TEST(Command, CheckNamesEveryBrokenFile) {
  const Stage stage;
  stage.write("suites/a.yaml", "scenario: x\n");
  stage.write("suites/b.yaml", "[");
  const Outcome outcome = stage.finack({"check", stage.path("suites")});
  EXPECT_EQ(outcome.exit_status, 2) << outcome;
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("suites/a.yaml:1:1: "));
  EXPECT_THAT(outcome.err, HasSubstr("suites/b.yaml:1:"));
  EXPECT_THAT(outcome.err, EndsWith("finack: 2 errors\n"));
  EXPECT_EQ(stage.finack({"check", close_suite()}).exit_status, 0);
}

TEST(Command, ShowAndExplainFindTheirWords) {
  const Stage stage;
  const Outcome show = stage.finack({"show", close_suite("active-close.yaml")});
  EXPECT_EQ(show.exit_status, 0) << show;
  EXPECT_THAT(show.out, StartsWith("close/active-close/ipv4\nclose/active-close/ipv6\n"));
  const Outcome explain = stage.finack({"explain", "CR-001", close_suite()});
  EXPECT_EQ(explain.exit_status, 0) << explain;
  EXPECT_THAT(explain.out, HasSubstr("\n  close/active-close: Active close takes four segments\n"));
}

TEST(Command, CoverageLooksBackAtRuns) {
  const Stage stage;
  const Outcome nothing = stage.finack({"coverage"});
  EXPECT_EQ(nothing.exit_status, 2) << "there was no run yet";
  EXPECT_THAT(nothing.err, HasSubstr("none is remembered"));
  const Outcome run = stage.finack({"run", close_suite("active-close.yaml"),
                                    close_suite("fin-with-data.yaml"), "--json", stage.path("result.json")});
  ASSERT_EQ(run.exit_status, 0) << run;
  const Outcome last = stage.finack({"coverage"});
  EXPECT_EQ(last.exit_status, 0) << last;
  EXPECT_THAT(last.out, HasSubstr("\nrules                         127        4        0 "))
      << "three by their edges, CR-032 by what was seen";
  EXPECT_THAT(last.out, HasSubstr(" more; --all lists them\n"));
  const Outcome both =
      stage.finack({"coverage", stage.path("result.json"), stage.path("result.json"), "--all", "--json",
                    stage.path("coverage.json"), "--svg", stage.path("coverage.svg")});
  EXPECT_EQ(both.exit_status, 0) << both;
  EXPECT_THAT(both.out, StartsWith("8 instances in 2 reports\n"));
  EXPECT_THAT(both.out, HasSubstr("\nrules covered\n  CR-001    "));
  EXPECT_THAT(both.out, Not(HasSubstr("--all lists them")));
  EXPECT_THAT(read_file(stage.path("coverage.json")), HasSubstr("\"rules\": {\n    \"total\": 127"));
  EXPECT_THAT(read_file(stage.path("coverage.svg")), EndsWith("</svg>\n"));
}

TEST(Command, CoverageRefusesWhatIsNoReport) {
  const Stage stage;
  const Outcome outcome = stage.finack({"coverage", close_suite("active-close.yaml")});
  EXPECT_EQ(outcome.exit_status, 2) << outcome;
  EXPECT_THAT(outcome.err, HasSubstr("is no JSON report of this finack\n"));
  EXPECT_EQ(stage.finack({"coverage", stage.path("nowhere.json")}).exit_status, 2);
}

TEST(Command, DoctorFindsThisMachineGoodAndAnAgentMissing) {
  const Stage stage;
  const Outcome good = stage.finack({"doctor"});
  EXPECT_EQ(good.exit_status, 0) << good;
  EXPECT_THAT(good.out, HasSubstr("ok       AF_PACKET "));
  std::filesystem::remove(stage.path("finack-agent"));
  const Outcome bad = stage.finack({"doctor"});
  EXPECT_EQ(bad.exit_status, 3) << bad;
  EXPECT_THAT(bad.out, HasSubstr("missing  agent "));
  EXPECT_THAT(bad.out,
              EndsWith("\nfinack cannot run scenarios here yet, but against its model: --target model\n"));
}

}  // namespace
}  // namespace finack
