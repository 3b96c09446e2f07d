// SPDX-License-Identifier: Apache-2.0
// Whenever finack is killed, nothing is left of it.
#include <csignal>
#include <random>
#include <thread>

#include "end_to_end/leftovers.h"
#include "end_to_end/stage.h"

namespace finack {
namespace {

class Kill : public LeavesNothing {
 protected:
  // Kills it so long after its start. Whether it still ran then.
  bool kill_after(std::chrono::microseconds moment) {
    Process process(stage_.start(run_without_matrix(close_suite(), {"--json", stage_.path("report.json")})));
    std::this_thread::sleep_for(moment);
    ::kill(process.pid(), SIGKILL);
    const Outcome outcome = process.wait();
    EXPECT_TRUE(outcome.signal == SIGKILL || outcome.exit_status == 0) << outcome;
    return outcome.signal == SIGKILL;
  }

  Stage stage_;
};

// The set-up is over within a tenth of a second, and most of what could be left is made there.
TEST_F(Kill, AtAnyMomentLeavesNothing) {
  std::mt19937 random(20240229);
  int in_the_middle = 0;
  for (int i = 0; i < 30 && !HasFailure(); ++i) {
    const int from = i < 18 ? 1'000 : 100'000, to = i < 18 ? 100'000 : 700'000;
    const std::chrono::microseconds moment(std::uniform_int_distribution(from, to)(random));
    SCOPED_TRACE("killed " + std::to_string(moment.count()) + " us after the start");
    in_the_middle += kill_after(moment);
    expect_nothing_left();
  }
  EXPECT_GE(in_the_middle, 20) << "too few kills came before the end";
}

// The agent holds the target's namespace as well: when it is stopped, it cannot go by itself.
TEST_F(Kill, TakesAStoppedAgentAlong) {
  stage_.replace_agent("kill -STOP $$\nexec \"$AGENT\"\n");
  EXPECT_TRUE(kill_after(std::chrono::milliseconds(300)));
}

// Whose connections are all given up when it ends: not even the kernel keeps anything.
TEST_F(Kill, NothingAtAllIsLeftOfAnOrdinaryRun) {
  EXPECT_EQ(in_own_playground([&] {
              const Outcome outcome = stage_.finack(run_without_matrix(close_suite()));
              return outcome.exit_status == 0 ? namespaces_left() : "it did not run";
            }),
            "");
}

}  // namespace
}  // namespace finack
