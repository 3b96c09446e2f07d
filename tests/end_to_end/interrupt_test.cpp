// SPDX-License-Identifier: Apache-2.0
// An interrupted run tells what has finished, and leaves nothing behind.
#include <gmock/gmock.h>

#include <csignal>
#include <thread>

#include "end_to_end/leftovers.h"
#include "end_to_end/report.h"

namespace finack {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* quick = R"(scenario: Quick
covers: [CR-001]
given: ESTABLISHED
steps:
  - target: close
  - expect: FIN+ACK
)";
constexpr const char* slow = R"(scenario: Slow
covers: [CR-001]
given: ESTABLISHED
steps:
  - quiet: 30s
)";
constexpr const char* wrong = R"(scenario: Wrong
covers: [CR-001]
given: ESTABLISHED
steps:
  - target: close
  - expect: RST
)";

class Interrupt : public LeavesNothing {
 protected:
  Interrupt() {
    stage_.write("suites/mine/quick.yaml", quick);
    stage_.write("suites/mine/slow.yaml", slow);
  }
  // Starts a run, waits until it has said so, interrupts it.
  void run_until(const std::vector<std::string>& said, int signal, bool whole_group = false) {
    Start start = stage_.start({"run", stage_.path("suites"), "--json", stage_.path("report.json"), "--pcap",
                                stage_.path("captures")});
    start.own_group = whole_group;
    Process process(start);
    for (const std::string& text : said) ASSERT_TRUE(process.says_within(text, 20s)) << process.wait(0ms);
    ::kill(whole_group ? -process.pid() : process.pid(), signal);
    outcome_ = process.wait(3s);
    ASSERT_FALSE(outcome_.timed_out) << outcome_;
    report_ = Json::parse(read_file(stage_.path("report.json")));
  }
  void expect_report_of(std::size_t passed, std::size_t failed) const {
    const std::size_t total = passed + failed + 2;
    EXPECT_EQ(outcome_.err, "");
    EXPECT_THAT(last_line(outcome_.out),
                HasSubstr("; interrupted, 2 of " + std::to_string(total) + " not finished in "));
    const Json& summary = report_.at("summary");
    EXPECT_EQ(summary.at("interrupted"), true);
    EXPECT_EQ(summary.at("total"), total);
    EXPECT_EQ(summary.at("pass"), passed);
    EXPECT_EQ(summary.at("fail"), failed);
    EXPECT_EQ(report_.at("scenarios").size(), passed + failed);
    EXPECT_EQ(entry_of(report_, "mine/quick/ipv4").at("verdict"), "pass");
    EXPECT_TRUE(std::filesystem::exists(stage_.path("captures/mine/quick/ipv4.pcapng")));
  }

  const std::vector<std::string> both_passed_ = {"pass         mine/quick/ipv4",
                                                 "pass         mine/quick/ipv6"};
  Stage stage_;
  Outcome outcome_;
  Json report_;
};

TEST_F(Interrupt, TellsWhatHasFinished) {
  ASSERT_NO_FATAL_FAILURE(run_until(both_passed_, SIGINT));
  EXPECT_EQ(outcome_.exit_status, 130) << outcome_;
  EXPECT_THAT(last_line(outcome_.out), StartsWith("2 pass; interrupted"));
  expect_report_of(2, 0);
}

TEST_F(Interrupt, AsATerminalSendsIt) {
  ASSERT_NO_FATAL_FAILURE(run_until(both_passed_, SIGINT, true));
  EXPECT_EQ(outcome_.exit_status, 130) << outcome_;
  expect_report_of(2, 0);
}

TEST_F(Interrupt, AsAServiceManagerSendsIt) {
  ASSERT_NO_FATAL_FAILURE(run_until(both_passed_, SIGTERM));
  EXPECT_EQ(outcome_.exit_status, 130) << outcome_;
  expect_report_of(2, 0);
}

TEST_F(Interrupt, AFailureSeenBeforeCounts) {
  stage_.write("suites/mine/wrong.yaml", wrong);
  std::vector<std::string> said = both_passed_;
  said.insert(said.end(), {"fail         mine/wrong/ipv4", "fail         mine/wrong/ipv6"});
  ASSERT_NO_FATAL_FAILURE(run_until(said, SIGINT));
  EXPECT_EQ(outcome_.exit_status, 1) << outcome_;
  expect_report_of(2, 2);
}

TEST_F(Interrupt, BeforeAnythingHasFinished) {
  stage_.write("suites/mine/quick.yaml", slow);
  ASSERT_NO_FATAL_FAILURE(run_until({"4 instances on"}, SIGINT));
  EXPECT_EQ(outcome_.exit_status, 130) << outcome_;
  EXPECT_THAT(last_line(outcome_.out), StartsWith("nothing ran; interrupted, 4 of 4 not finished"));
  EXPECT_EQ(report_.at("summary").at("interrupted"), true);
}

// Before the run has begun there is nothing to report.
TEST_F(Interrupt, DuringTheSetUpEndsItAtOnce) {
  for (int moment = 0; moment < 60 && !HasFailure(); moment += 4) {
    SCOPED_TRACE("interrupted " + std::to_string(moment) + " ms after the start");
    Process process(stage_.start({"run", stage_.path("suites")}));
    std::this_thread::sleep_for(std::chrono::milliseconds(moment));
    ::kill(process.pid(), SIGINT);
    const Outcome outcome = process.wait(3s);
    EXPECT_TRUE(outcome.exit_status == 130 || outcome.signal == SIGINT) << outcome;
    expect_nothing_left();
  }
}

// Connections that are open when the run is broken off must be given up, or they hold the namespaces.
TEST_F(Interrupt, TheKernelKeepsNothing) {
  EXPECT_EQ(in_own_playground([&] {
              Process process(stage_.start({"run", stage_.path("suites")}));
              process.says_within(both_passed_.back(), 20s);
              ::kill(process.pid(), SIGINT);
              process.wait(3s);
              return namespaces_left();
            }),
            "");
}

TEST_F(Interrupt, IsSeenInAFlood) {
  stage_.replace_agent(
      "echo '0 hello protocol=1 capabilities=half-close,linger0,inet,inet6,option-reuseaddr'\nexec yes '0 "
      "note x=1' 2>/dev/null\n");
  Process process(stage_.start({"run", stage_.path("suites")}));
  ASSERT_TRUE(process.says_within("4 instances on", 20s));
  ::kill(process.pid(), SIGINT);
  const Outcome outcome = process.wait(20s);
  EXPECT_FALSE(outcome.timed_out);
  EXPECT_EQ(outcome.exit_status, 130) << outcome;
}

}  // namespace
}  // namespace finack
