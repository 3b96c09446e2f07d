// SPDX-License-Identifier: Apache-2.0
// Runs in User-mode Linux. Without a kernel they are skipped, and said to be.
#include <gmock/gmock.h>

#include <csignal>
#include <cstdlib>
#include <random>
#include <thread>

#include "end_to_end/leftovers.h"
#include "end_to_end/report.h"
#include "end_to_end/uml_target.h"

namespace finack {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* two_msl = R"(scenario: TIME-WAIT lasts twice the MSL, then answers like CLOSED
covers: [CR-054, CR-055]
tags: [slow]
given: TIME-WAIT
steps:
  - quiet: 2*MSL - 1s
  - state: CLOSED
    within: 10s
  - send: ACK
  - expect: RST
)";

class UmlRun : public LeavesNothing {
 protected:
  void SetUp() override {
    const auto target = uml_target();
    if (!target) GTEST_SKIP() << "left out: " << to_string(target.error());
    target_ = *target;
  }
  std::vector<std::string> run_of(std::vector<std::string> more) const {
    more.insert(more.begin(), {"run", "--target", target_});
    return more;
  }
  Json report_of(const std::vector<std::string>& more) {
    auto arguments = run_of({"--seed", "7", "--quiet", "--json", stage_.path("report.json").string()});
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = stage_.finack(arguments, 110s);
    EXPECT_EQ(outcome.exit_status, 0) << outcome;
    return Json::parse(read_file(stage_.path("report.json")));
  }

  Stage stage_;
  std::string target_;
};

TEST_F(UmlRun, PassesAllSuitesTwiceInTheSameTimes) {
  const auto slow = stage_.write("suites/mine/slow.yaml", two_msl).string();
  const Json first = report_of({all_suites(), slow, "--skip", "close/matrix"}),
             second = report_of({all_suites(), slow, "--skip", "close/matrix"});
  EXPECT_EQ(first["environment"]["world"], "uml");
  EXPECT_EQ(first["environment"]["profile"], "linux-uml");
  EXPECT_THAT(first["environment"]["kernel"].get<std::string>(), HasSubstr("User-mode Linux"));
  EXPECT_EQ(first["summary"]["inconclusive"], 0);
  EXPECT_GT(first["summary"]["pass"], 100);
  EXPECT_GE(entry_of(first, "mine/slow/ipv4")["duration"].get<double>(), 60);
  ASSERT_EQ(first["scenarios"].size(), second["scenarios"].size());
  for (std::size_t i = 0; i < first["scenarios"].size(); ++i)
    EXPECT_EQ(first["scenarios"][i], second["scenarios"][i]);
}

TEST_F(UmlRun, RepeatsToTheOctetWithTheSameSeedAndNotWithAnother) {
  const auto capture = [&](const std::string& folder, const std::string& seed) {
    const Outcome outcome = stage_.finack(run_of({close_suite("active-close.yaml"), "--family", "ipv4",
                                                  "--seed", seed, "--pcap", stage_.path(folder).string()}),
                                          60s);
    EXPECT_EQ(outcome.exit_status, 0) << outcome;
    return read_file(stage_.path(folder) / "close/active-close/ipv4.pcapng");
  };
  const std::string first = capture("first", "7");
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(capture("second", "7"), first);
  EXPECT_NE(capture("third", "8"), first);
}

TEST_F(UmlRun, WritesReportsAndCapturesWhereTheyWereAskedFor) {
  const Outcome outcome =
      stage_.finack(run_of({close_suite("active-close.yaml"), "--repeat", "2", "--junit",
                            stage_.path("j.xml").string(), "--pcap", stage_.path("new/captures").string()}),
                    60s);
  EXPECT_EQ(outcome.exit_status, 0) << outcome;
  EXPECT_THAT(outcome.out, HasSubstr("User-mode Linux, in virtual time, profile linux-uml"));
  EXPECT_THAT(last_line(outcome.out), HasSubstr("4 pass in "));
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(read_file(stage_.path("j.xml")), HasSubstr("testsuite"));
  std::size_t captures = 0;
  for (const auto& each : std::filesystem::recursive_directory_iterator(stage_.path("new/captures")))
    captures += each.is_regular_file() ? 1 : 0;
  EXPECT_EQ(captures, 4u);
}

TEST_F(UmlRun, TellsAFailureByItsExitStatusAndRemembersIt) {
  stage_.write(
      "suites/mine/wrong.yaml",
      "scenario: Wrong\ncovers: [CR-001]\ngiven: ESTABLISHED\nsteps:\n  - target: close\n  - expect: RST\n");
  const std::string suites = stage_.path("suites").string();
  const Outcome outcome = stage_.finack(run_of({suites, "--family", "ipv4"}), 60s);
  EXPECT_EQ(outcome.exit_status, 1) << outcome;
  EXPECT_THAT(outcome.out, HasSubstr("wanted  RST"));
  const Outcome again = stage_.finack(run_of({suites, "--failed", "--tap"}), 60s);
  EXPECT_EQ(again.exit_status, 1) << again;
  EXPECT_THAT(again.out, HasSubstr("1..1\n"));
}

TEST_F(UmlRun, KeepsADeadlineInRealTime) {
  const auto slow = stage_.write("suites/mine/slow.yaml", two_msl).string();
  const Outcome outcome = stage_.finack(run_of({slow, "--until-fail", "--deadline", "3s", "--quiet"}), 60s);
  EXPECT_EQ(outcome.signal, 0) << outcome;
  EXPECT_THAT(last_line(outcome.out), HasSubstr("out of time"));
}

TEST_F(UmlRun, EndsInOrderWhenInterrupted) {
  Process process(
      stage_.start(run_of({all_suites(), "--until-fail", "--json", stage_.path("report.json").string()})));
  ASSERT_TRUE(process.says_within("pass  ", 60s)) << process.wait(0ms);
  ::kill(process.pid(), SIGINT);
  const Outcome outcome = process.wait(60s);
  EXPECT_EQ(outcome.exit_status, 130) << outcome;
  EXPECT_TRUE(Json::parse(read_file(stage_.path("report.json")))["summary"]["interrupted"]);
}

TEST_F(UmlRun, LeavesNothingWhenKilledAtAnyMoment) {
  std::mt19937 random(20240229);
  for (int i = 0; i < 8 && !HasFailure(); ++i) {
    const std::chrono::milliseconds moment(std::uniform_int_distribution(1, 1500)(random));
    SCOPED_TRACE("killed " + std::to_string(moment.count()) + " ms after the start");
    Process process(stage_.start(run_of({all_suites(), "--until-fail"})));
    std::this_thread::sleep_for(moment);
    ::kill(process.pid(), SIGKILL);
    process.wait();
    expect_nothing_left();
  }
}

}  // namespace
}  // namespace finack
