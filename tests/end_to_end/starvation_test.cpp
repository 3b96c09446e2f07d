// SPDX-License-Identifier: Apache-2.0
// A machine with no time to spare makes verdicts inconclusive at worst, never wrong.
#include <gtest/gtest.h>

#include <memory>
#include <thread>

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
  // Whether all passed. What is inconclusive may be so once in a while, but a scenario must not stay so.
  bool all_pass() {
    const Outcome outcome = stage_.finack({"run", close_suite(), "--json", stage_.path("report.json")});
    const Json summary = Json::parse(read_file(stage_.path("report.json"))).at("summary");
    EXPECT_EQ(summary.at("fail"), 0) << outcome;
    EXPECT_EQ(summary.at("error"), 0) << outcome;
    EXPECT_TRUE(outcome.exit_status == 0 || outcome.exit_status == 4) << outcome;
    return summary.at("pass") == summary.at("total");
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
  repeat(5);
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
