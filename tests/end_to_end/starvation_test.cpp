// SPDX-License-Identifier: Apache-2.0
// A machine with no time to spare makes verdicts inconclusive at worst, never wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <thread>

#include "base/time.h"
#include "end_to_end/report.h"

namespace finack {
namespace {

// Keeps every processor busy.
class Load {
 public:
  Load() {
    for (unsigned i = 0; i < std::thread::hardware_concurrency(); ++i)
      loops_.push_back(std::make_unique<Process>(Start{{"sh", "-c", "while :; do :; done"}}));
  }

 private:
  std::vector<std::unique_ptr<Process>> loops_;
};

class Repeated : public testing::Test {
 protected:
  // Whether nothing was inconclusive. That may be so once in a while, but a scenario must not stay so.
  bool all_pass() {
    const Outcome outcome =
        stage_.finack(run_without_matrix(close_suite(), {"--json", stage_.path("report.json")}));
    const Json summary = Json::parse(read_file(stage_.path("report.json"))).at("summary");
    EXPECT_EQ(summary.at("fail"), 0) << outcome;
    EXPECT_EQ(summary.at("error"), 0) << outcome;
    EXPECT_TRUE(outcome.exit_status == 0 || outcome.exit_status == 4) << outcome;
    return summary.at("inconclusive") == 0;
  }
  void repeat(int times) {
    int inconclusive = 0;
    for (int i = 0; i < times && !HasFailure(); ++i) {
      if (all_pass()) continue;
      ++inconclusive;
      EXPECT_TRUE(all_pass() || all_pass()) << "inconclusive three times in a row";
    }
    RecordProperty("inconclusive", inconclusive);
    if (inconclusive > 0) std::printf("%d of %d runs were inconclusive once\n", inconclusive, times);
  }

  Stage stage_;
};

using Starvation = Repeated;
using Full = Repeated;  // takes minutes: see CMakeLists.txt

TEST_F(Starvation, NeverFails) {
  const Load load;
  repeat(2);
}

// The target's FIN is swallowed, which is a failure; but who was stopped while he should have looked cannot
// say so, and looks again.
TEST(Late, IsNoReasonToBlameTheTarget) {
  const Stage stage;
  stage.put_between(
      "table inet fault {\n  chain out {\n    type filter hook output priority 0\n    tcp flags & fin == fin "
      "drop\n  }\n}\n");
  Process process(stage.start({"run", close_suite("active-close.yaml")}));
  ASSERT_TRUE(process.says_within("2 instances on", 20s));
  std::this_thread::sleep_for(300ms);
  ::kill(process.pid(), SIGSTOP);
  std::this_thread::sleep_for(1500ms);
  ::kill(process.pid(), SIGCONT);
  const Outcome outcome = process.wait(20s);
  EXPECT_EQ(outcome.exit_status, 1) << outcome;
  EXPECT_THAT(outcome.out, testing::HasSubstr("; 2 inconclusive among others, and played again alone in "));
}

TEST_F(Full, FiftyRunsOnAnIdleMachineNeverFail) {
  repeat(50);
}

TEST_F(Full, FiftyRunsOnABusyMachineNeverFail) {
  const Load load;
  repeat(50);
}

}  // namespace
}  // namespace finack
